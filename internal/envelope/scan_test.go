package envelope

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readInTwoPasses reads a list without the scanner: each record is read whole by the
// decoder and then split.
func readInTwoPasses(body io.Reader, o Options) result {
	whole := readWhole(body, o, false)
	whole.Answer = said(&whole.Answer)
	return whole
}

// readWhole reads a list with or without the scanner, and returns all that came of it.
func readWhole(body io.Reader, o Options, scans bool) result {
	r := newReader(body, o, orders.records.knows)
	defer r.release()
	return readBy(r, scans)
}

func readBy(r *reader, scans bool) result {
	g := orders.Gather()
	defer g.Free()
	if !scans {
		r.misses = maxMisses
	}
	g.reader = r
	a, err := readRecords(r, orders, g.next, g.keep)
	return result{g.Join(), *a, textOf(err)}
}

// TestReaderIsUsedAgain: what a reader read before changes nothing in what it reads.
func TestReaderIsUsedAgain(t *testing.T) {
	t.Parallel()
	used := readers.New().(*reader)
	refused := asJSON
	refused.HTTPStatus = http.StatusUnprocessableEntity
	for range 2 {
		for _, body := range slices.AppendSeq([]string{"", "null", `{"Data":[]}`, "<h1>x", `{"data":[{"id":1`}, maps.Values(answers(t))) {
			for _, o := range []Options{asJSON, refused} {
				fresh := readers.New().(*reader)
				fresh.reset(strings.NewReader(body), o, orders.records.knows)
				used.reset(strings.NewReader(body), o, orders.records.knows)
				assert.Equal(t, readBy(fresh, true), readBy(used, true), "%s", body)
				used.clear()
			}
		}
	}
}

// readInParts is readWhole of a body that comes in parts, of which it depends how much of
// its head was read.
func readInParts(body io.Reader, o Options, scans bool) result {
	whole := readWhole(body, o, scans)
	whole.Answer.Head = nil
	return whole
}

// members are parts of records: as they should be, as they should not, and odd in every way
// that the scanner knows.
var members = []string{
	`"id":7`, `"id":"7"`, `"id":7.0`, `"id":-7`, `"id":07`, `"id":1234567890123456789012`, `"id":123456789012345678`, `"id":9999999999999999999`, `"id":{"$oid":"5f"}`, `"id":null`, `"ID":8`, `"i\u0064":9`,
	`"kode_order":"PMP-1"`, `"kode_order":"a\/b"`, "\"kode_order\":\"Caf\u00e9\"", "\"kode_order\":\"Caf\xe9\"", `"kode_order":5`, `"kode_order":true`, `"kode_order":null`, `"kodeOrder":"B"`, `"KODE-ORDER":"C"`, `"kode_order":"\ud83d"`,
	"\"kode_order\":\"tab\t\"", "\"kode_order\":\"nul\x00\"", `"kode_order":"` + strings.Repeat("long ", 40) + `"`, `"kode_order":[]`,
	`"status":"open"`, `"status":"unknown"`, `"status":1`, `"status":""`, `"status":{"a":1}`,
	`"date_order":"2026-02-02"`, `"date_order":"2026-02-30"`, `"date_order":"0000-00-00"`, `"date_order":""`, `"date_order":"2026-02-02T20:00:00.000000Z"`,
	`"user_id":2`, `"user_id":"abc"`, `"outlet_id": 3`, `"outlet_id" : 3 `,
	`"created_at":"2026-02-02T01:15:30.000000Z"`, `"created_at":"2026-02-02 08:15:30"`, `"created_at":"2026-02-02T01:15:30Z"`, `"created_at":"2026-02-02T08:15:30+07:00"`,
	`"created_at":"2026-13-02 08:15:30"`, `"created_at":"2026-02-02 08:15:60"`, `"created_at":1769994930`, `"created_at":true`, `"created_at":"0000-00-00 00:00:00"`,
	`"updated_at":{"date":"2026-02-02 08:15:30.000000","timezone_type":3,"timezone":"Asia/Jakarta"}`, `"updated_at":null`,
	`"total":1000.5`, `"total":"x"`, `"catatan":"a\"b"`, "\"catatan\":\"Caf\xe9\"", `"items":[{"id":1,"qty":2},{"id":2}]`, `"meta":{}`, `"x":[1,2,{"y":null}]`, `"n":-0.1e+5`, "\"\xe9\":1",
	`"attributes":{"kode_order":"in attributes","total":1}`, `"properties":{"a":1}`, `"type":"orders"`, `"attributes":"red"`,
	`"order":{"id":1,"kode_order":"wrapped"}`, `"data":[{"id":1,"kode_order":"in a group"}]`,
	`"total":1000.`, `"a":tru`, `"a" 1`, `a:1`, `"a":`, `,`,
}

// A writer writes lists by choices that a fuzzer makes.
type listWriter struct{ choices []byte }

func (w *listWriter) choose(n int) int {
	if len(w.choices) == 0 {
		return 0
	}
	c := int(w.choices[0])
	w.choices = w.choices[1:]
	return c % n
}

var (
	heads  = []string{`{"status":"success","data":[`, `[`, `{"data":{"current_page":1,"data":[`, `{"data":{"orders":[`, "Warning: x\n{\"data\":[", `{"data":[[`, `{"data":{"2026-02-01":[`}
	tails  = []string{`]}`, `]`, `],"last_page":3}}`, `]}}`, `],"message":"m"}`, `]]}`, `],"2026-02-02":[{"id":9}]}}`, `]}<br />`, ``, `]}{}`, `,]}`}
	blanks = []string{"", " ", "\n\t", "\r\n    "}
)

func (w *listWriter) list() []byte {
	shape, n := w.choose(len(heads)), 1+w.choose(6)
	b := []byte(heads[shape])
	var last []string
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, blanks[w.choose(len(blanks))]...)
		switch w.choose(12) {
		case 10:
			b = append(b, "null"...)
		case 11:
			b = append(b, `"text"`...)
		default:
			if len(last) == 0 || w.choose(2) == 0 {
				last = nil
				for range w.choose(8) {
					last = append(last, members[w.choose(len(members))])
				}
			}
			blank := blanks[w.choose(len(blanks))]
			b = append(b, "{"+blank+strings.Join(last, blank+",")+blank+"}"...)
		}
	}
	return append(b, tails[w.choose(len(tails))]...)
}

// FuzzScan holds the scanner against the reading in two passes: every record with its
// extra members, every drift, what the answer says and the text of every error are the
// same, however the bytes come.
func FuzzScan(f *testing.F) {
	seed(f)
	for i := range members {
		// Three records: one of three members, the same again, and one of a single member.
		at := byte(i)
		f.Add([]byte{0, 2, 0, 0, 3, at, at + 1, at + 7, 0, 0, 0, 1, 0, 0, 0, 0, 1, at, 0, 0}, uint16(0))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		choices := make([]byte, 40)
		for i := range choices {
			choices[i] = byte(random.Uint32())
		}
		f.Add(choices, uint16(random.Uint32()))
	}
	f.Fuzz(func(t *testing.T, input []byte, number uint16) {
		if len(input) > maxFuzzed {
			return
		}
		written := &listWriter{input}
		for _, body := range [][]byte{written.list(), input} {
			o := asJSON
			o.Strict, o.PerRecord = number&1 != 0, number&2 != 0
			if number&4 != 0 {
				o.MaxBytes = int64(number>>3)%512 + 1
			}
			if number&8 != 0 {
				o.Header = http.Header{"Content-Length": {strconv.Itoa(len(body))}}
			}
			split := &chunks{bytes.NewReader(body), rand.New(rand.NewPCG(uint64(number), 1))}
			want := readWhole(bytes.NewReader(body), o, false)
			assert.Equal(t, want, readWhole(bytes.NewReader(body), o, true), "%s", body)
			want.Answer.Head = nil
			assert.Equal(t, want, readInParts(split, o, true), "in parts: %s", body)
		}
	})
}

// TestScanAtEveryCut reads records that are cut by the end of the buffer at each of their
// bytes, and bodies that end there.
func TestScanAtEveryCut(t *testing.T) {
	t.Parallel()
	record := `{"id":1,"kode_order":"a\u00e9\\","status":"open","date_order":"2026-02-02","user_id":"x","total":-1.5e3,"items":[{"a":null},[]],"created_at":"2026-02-02T01:15:30.000000Z"}`
	for pad := range len(record) + 2 {
		filler := `{"id":2,"x":"` + strings.Repeat("x", bufferSize-len(record)-200+pad) + `"}`
		body := `{"data":[` + filler + `,` + record + `,` + record + `]}`
		want := readWhole(strings.NewReader(body), asJSON, false)
		require.Empty(t, want.Err)
		assert.Equal(t, want, readWhole(strings.NewReader(body), asJSON, true), "moved by %d", pad)
	}
	body := `{"data":[` + record + `,` + record + `]}`
	for cut := range len(body) {
		want := readWhole(strings.NewReader(body[:cut]), asJSON, false)
		assert.Equal(t, want, readWhole(strings.NewReader(body[:cut]), asJSON, true), body[:cut])
		for _, o := range []Options{bounded(cut+1, false), bounded(cut+1, true)} {
			want := readInTwoPasses(strings.NewReader(body), o)
			assert.Equal(t, want, readList(iotest.HalfReader(strings.NewReader(body)), o), "at most %d bytes", cut+1)
		}
		inTwo := io.MultiReader(strings.NewReader(body[:cut]), strings.NewReader(body[cut:]))
		assert.Equal(t, readInTwoPasses(strings.NewReader(body), asJSON), readList(inTwo, asJSON), "in two parts, the first of %d", cut)
	}
}

// TestScanIsUsed: plain lists are not read by the decoder, however their records differ.
func TestScanIsUsed(t *testing.T) {
	t.Parallel()
	for name, record := range map[string]string{
		"plain": `{"id":%d,"kode_order":"A"}`, "drift": `{"id":"x%d","kode_order":[]}`, "printed": "{\n  \"id\" : %d ,\n  \"kode_order\": \"A\"\n}",
		"unknown fields": `{"a":[{"b":%d}],"id":1,"c":"d"}`, "escapes": `{"id":%d,"kode_order":"a\/b"}`, "other names": `{"ID":%d,"kodeOrder":"A"}`,
		"attributes": `{"id":%d,"type":"orders","attributes":{"kode_order":"A"}}`, "escaped names": `{"\u0069d":%d,"kode_order":"A"}`,
	} {
		var records []string
		for i := range 1000 {
			records = append(records, fmt.Sprintf(record, i))
		}
		body := `{"data":[` + strings.Join(records, ",\n") + `]}`
		read := 0
		r := newReader(strings.NewReader(body), asJSON, orders.records.knows)
		_, err := readRecords(r, orders, func() *order { return new(order) }, func() bool {
			if r.scanning {
				read++
			}
			return true
		})
		require.NoError(t, err, name)
		assert.Greater(t, read, 995, name)
		assert.Equal(t, readInTwoPasses(strings.NewReader(body), asJSON), readList(strings.NewReader(body), asJSON), name)
	}
}

// TestScanGivesUp: where no record is plain, the scanner is not tried for each.
func TestScanGivesUp(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 70) + strings.Repeat("]", 70)
	body := `[` + strings.Repeat(`{"id":1,"x":`+deep+`},`, 100) + `{"id":2}]`
	r := newReader(strings.NewReader(body), asJSON, orders.records.knows)
	n := 0
	_, err := readRecords(r, orders, func() *order { return new(order) }, func() bool { n++; return true })
	require.NoError(t, err)
	assert.Equal(t, 101, n)
	assert.Equal(t, maxMisses, r.misses)
}

// TestErrorIsNotWaitedFor: what is no JSON is an error as soon as it comes, though no more
// bytes do.
func TestErrorIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"data":[{"id":1},{"id":NaN`, `{"data":[{"id":1} {`, `{"data":[{"id":1}]]`, `{"data":[{"id":1},{"id":2 3`} {
		hangs := io.MultiReader(strings.NewReader(body), iotest.ErrReader(assert.AnError))
		got := readList(hangs, asJSON)
		assert.Contains(t, got.Err, "not the JSON that it starts as", body)
		assert.Equal(t, ids(1), got.Records, body)
	}
}
