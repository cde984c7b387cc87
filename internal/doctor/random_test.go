package doctor

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// TestLikenessOfRandomReports has the doctor examine sandboxes that are like servers
// of random reports: it says the same.
func TestLikenessOfRandomReports(t *testing.T) {
	t.Parallel()
	seeds := uint64(12)
	if testserver.Long(t) {
		seeds = 100
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := &random{Rand: rand.New(rand.NewPCG(seed, 14))}
			file := filepath.Join(t.TempDir(), "random.json")
			var text bytes.Buffer
			require.NoError(t, r.report().Write(&text))
			require.NoError(t, os.WriteFile(file, text.Bytes(), 0o600))
			checkLikeness(t, file)
		})
	}
}

// random makes reports that a doctor could have written.
type random struct {
	*rand.Rand
	n int // names
}

func oneOf[T any](r *random, all ...T) T { return all[r.IntN(len(all))] }

func (r *random) report() *report.Report {
	all := &report.Report{Format: report.Format, Date: "2026-02-02", Version: "v0.2.0", MaxRecords: 2000}
	for _, p := range probes {
		e := &report.Endpoint{Path: p.path, Method: p.method, Outcome: report.OK, Requests: 1, Records: 12, Counted: 12}
		shape := oneOf(r, lists...)
		switch {
		case p.path == "auth/login":
			e.Records, e.Counted = 1, 1
			shape = oneOf(r, logins...)
		case p.path == "order/detail":
			e.Records, e.Counted = 10, 10
			shape = oneOf(r, ones...)
		}
		e.Answers = []*report.Answer{{HTTP: oneOf(r, 200, 200, 201), Media: oneOf(r, "application/json", "application/json", "text/html", "text/plain", "", "other"),
			Noise: oneOf(r, "", "", "html", "text", "byte-order mark"), Shape: shape, Count: 1}}
		if strings.HasSuffix(shape, report.IsTwo) {
			e.Answers[0].Noise = "" // the library reads no short answer that has noise on both sides
		}
		e.Fields = r.record(e, p)
		all.Endpoints = append(all.Endpoints, e)
	}
	return all
}

var lists = []string{
	"[record]", "{status:string,message:string,data:[record]}", "{status:bool,pesan:string,data:[record]}", "{success:bool,code:integer,data:[record]}",
	"{code:integer-in-string,message:array,data:[record],errors:null}", "{error:bool,message:string,data:{hasil:[record]}}",
	"{paginator,data:[record]}", "{data:[record],paginator,status:string,message:string}", "{status:string,message:string,data:{paginator,data:[record]}}",
	"{status:string,message:string,data:{simple-paginator,data:[record]}}", "{status:string,message:string,data:{data:[record],cursor-paginator}}",
	"{data:[record],simple-paginator,status:integer}", "{status:string,message:string,data:{*:record}}", "{status:string,message:string,data:[record,null]}",
	"{status:string,message:null,data:[record],info:object}", "{status_code:integer,data:{daftar:{rows:[record]}}}", "{data:[record]}, " + report.IsTwo,
}

var ones = []string{
	"record", "{status:string,message:string,data:record}", "{status:bool,data:[record]}", "{data:record,status:string}",
	"{success:bool,message:string,data:{order:record}}", "{status:string,order:record}", "{rc:digits-in-string,rd:string,payload:record}", "{sukses:bool,pesan:string,order:record}", "{status:string,message:string,data:{*:record}}",
}

var logins = []string{
	"{status:string,message:string,data:{token:string,user:record}}", "{status:bool,message:string,token:string,user:record}",
	"{user:record,token:string}", "{expires_in:integer,user:record}", "{rc:digits-in-string,rd:string,payload:record}", "{data:{user:record,token:string},status:string}",
}

// siblings are fields that stand beside a single record.
var siblings = []struct{ name, kind string }{
	{"token", "string"}, {"expires_in", "integer"}, {"rc", "digits-in-string"}, {"rd", "string"}, {"sukses", "bool"},
}

// record makes the fields of an endpoint's records. The library finds the records by
// those of its model.
func (r *random) record(e *report.Endpoint, p probe) []*report.Field {
	f := &fieldMaker{random: r, single: e.Counted == 1}
	for _, s := range siblings {
		if strings.Contains(e.Answers[0].Shape, s.name+":"+s.kind) { // it counts among the record's
			f.add(s.name, e.Counted, s.kind)
		}
	}
	for _, name := range p.want.fields {
		switch {
		case name == "id":
			f.add(name, e.Counted, oneOf(r, "integer", "integer-in-string"))
		case name == "json_data":
			f.add(name, e.Counted, oneOf(r, "json-in-string", "object"))
		case name == "date_order":
			f.add(name, e.Counted, f.kinds(2, "date", "iso-time", "null", "zero-time")...)
		case isTime(name):
			f.add(name, e.Counted, f.kinds(2, "iso-time", "sql-time", "carbon-time", "unix-time", "null", "zero-time", "iso-time-no-zone", "date")...)
		case strings.HasSuffix(name, "_id"):
			f.add(name, e.Counted, f.kinds(2, "integer", "integer-in-string", "null", "number", "string")...)
		default:
			f.add(name, e.Counted, f.kinds(2, "string", "null", "integer-in-string", "empty-string")...)
		}
	}
	f.members("", e.Counted, 0, 1+r.IntN(6))
	for _, field := range f.all {
		field.Named = slices.Contains(p.names, field.Name)
	}
	return f.all
}

func isTime(name string) bool { return strings.HasSuffix(name, "_at") }

// A fieldMaker makes fields, those inside a field after it.
type fieldMaker struct {
	*random
	all    []*report.Field
	single bool // there is one record, and so one kind of a field
}

// kinds returns up to most different kinds.
func (f *fieldMaker) kinds(most int, of ...string) []string {
	of = slices.Clone(of)
	f.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
	if f.single {
		most = 1
	}
	return of[:min(1+f.IntN(most), len(of))]
}

// add adds a field that was met count times.
func (f *fieldMaker) add(name string, count int, kinds ...string) *report.Field {
	field := &report.Field{Name: name, Count: count, Kinds: make(map[string]int)}
	for i, kind := range kinds {
		field.Kinds[kind] = 1
		if i == 0 {
			field.Kinds[kind] = max(1, count-len(kinds)+1)
		}
	}
	f.all = append(f.all, field)
	return field
}

// name returns a name that no other field has, of any endpoint: what is keyed by data
// at one is so at all.
func (f *fieldMaker) name(onlyWords bool) string {
	f.n++
	if onlyWords {
		return fmt.Sprintf("%s_%d_%d", oneOf(f.random, "kode_produk", "qty", "harga_total", "Catatan", "namaToko", "tgl"), 10+f.n/90, 10+f.n%90)
	}
	return fmt.Sprintf("%s_%c%d", oneOf(f.random, "zeta", "npwp", "x", "budi", "qtyBaru", "is_ok"), 'a'+f.n/90, 10+f.n%90)
}

var scalars = []string{"null", "bool", "integer", "number", "string", "empty-string", "empty-array", "empty-object", "integer-in-string", "number-in-string",
	"digits-in-string", "bool-in-string", "json-in-string", "iso-time", "iso-time-no-zone", "sql-time", "date", "zero-time", "carbon-time"}

// elements are scalars that are counted as elements of arrays.
var elements = slices.DeleteFunc(slices.Clone(scalars), func(kind string) bool { return kind == "empty-object" || kind == "carbon-time" })

// members adds n fields to the objects at a path, of which there were count.
func (f *fieldMaker) members(path string, count, depth, n int) {
	onlyWords := f.IntN(2) == 0
	if path != "" {
		f.add(join(path, f.name(onlyWords)), count, "integer") // and so it is no object of objects alone
	}
	for range n {
		name := join(path, f.name(onlyWords))
		has := count
		if path == "" && !f.single && f.IntN(3) == 0 {
			has = max(3, count-2) // some lack it
		}
		switch what := f.IntN(8); {
		case depth < 3 && what == 0:
			f.add(name, has, "array")
			f.members(join(name, report.Key), 2*has, depth+2, 1+f.IntN(3))
		case depth < 3 && what == 1:
			f.add(name, has, "array")
			f.add(join(name, report.Key), 2*has, f.kinds(3, elements...)...)
		case depth < 2 && what == 5:
			f.add(name, has, "array")
			inner := join(name, report.Key)
			f.add(inner, 2*has, "array")
			if f.IntN(2) == 0 {
				f.members(join(inner, report.Key), 4*has, depth+3, 1+f.IntN(3))
			} else {
				f.add(join(inner, report.Key), 4*has, f.kinds(3, elements...)...)
			}
		case depth < 3 && what == 2:
			f.add(name, has, "object")
			f.members(name, has, depth+1, 1+f.IntN(3))
		case depth < 3 && what == 3:
			f.add(name, has, "object")
			f.add(join(name, report.Key), 3*has, f.kinds(2, scalars...)...)
		case depth < 3 && what == 4:
			field := f.add(name, has, f.kinds(1, "object", "object")...)
			if !f.single {
				field.Kinds["null"] = 1
			}
			f.members(name, field.Kinds["object"], depth+1, 1+f.IntN(3))
		default:
			f.add(name, has, f.kinds(3, scalars...)...)
		}
	}
}
