package pmpsmarttest

import (
	"encoding/json"
	"strconv"
	"time"
)

// A form is how answers look: for each aspect of them the way that was chosen.
// The aspects and their ways are described at [Style].
type form struct {
	status, failure, message, errors string
	list, empty                      string
	one, write, missing              string
	login, logout                    string
	fields, numbers, times, dates    string
	data, bytes, noise, typ, body    string
}

// An aspect is one field of a form.
type aspect struct {
	name string
	at   func(*form) *string
	ways []string // the first is the default
	// open ways are any JSON or, in place of a JSON string, a bare word
	open bool
}

// aspects are all that a style can change, in the order in which Style tells of
// them.
var aspects = []aspect{
	{"status", func(f *form) *string { return &f.status }, []string{`"success"`, `"succes"`, `"sukses"`, `"ok"`, `"berhasil"`, `true`, `1`, `200`, `"200"`, `none`, `success:true`, `code:200`, `status_code:"00"`, `error:false`, `"Selesai"`, `{"kode":1}`, `["success"]`}, true},
	{"failure", func(f *form) *string { return &f.failure }, []string{`none`, `"error"`, `"failed"`, `"gagal"`, `false`, `"false"`, `0`, `"0"`, `number`, `digits`, `mixed`, `success:false`, `error:true`}, true},
	{"message", func(f *form) *string { return &f.message }, []string{"text", "list", "null", "none", "fields"}, false},
	{"errors", func(f *form) *string { return &f.errors }, []string{"laravel", "laravel9", "strings", "envelope", "old", "text", "html", "debug"}, false},
	{"list", func(f *form) *string { return &f.list }, []string{"array", "paginated", "simple", "cursor", "resources", "resources-simple", "resources-cursor", "toplevel", "beside", "keyed", "reversed", "wrapped", "named", "only-data", "bare", "single", "nulls", "scalars"}, false},
	{"empty", func(f *form) *string { return &f.empty }, []string{`[]`, `null`, `{}`, `""`, `false`, `none`}, true},
	{"one", func(f *form) *string { return &f.one }, []string{"object", "resource", "toplevel", "named", "zero", "bare", "array"}, false},
	{"write", func(f *form) *string { return &f.write }, []string{`record`, `true`, `1`, `null`, `[]`, `{}`, `""`, `none`}, true},
	{"missing", func(f *form) *string { return &f.missing }, []string{`404`, `[]`, `{}`, `null`, `""`, `true`, `1`, `none`}, true},
	{"login", func(f *form) *string { return &f.login }, []string{"api_token", "access_token", "token", "nested", "resource", "toplevel", "beside", "bare", "text", "null", "none"}, false},
	{"logout", func(f *form) *string { return &f.logout }, []string{"null", "array", "true", "message", "204", "nothing"}, false},
	{"fields", func(f *form) *string { return &f.fields }, []string{"all", "null", "empty", "odd", "twice"}, false},
	{"numbers", func(f *form) *string { return &f.numbers }, []string{"number", "text", "float"}, false},
	{"times", func(f *form) *string { return &f.times }, []string{"micro", "rfc3339", "offset", "sql", "doc", "day", "unix", "unix-text", "carbon", "mixed", "zero", "minus"}, false},
	{"dates", func(f *form) *string { return &f.dates }, []string{"day", "instant", "sql", "zero"}, false},
	{"json_data", func(f *form) *string { return &f.data }, []string{"text", "json", "broken"}, false},
	{"bytes", func(f *form) *string { return &f.bytes }, []string{"ascii", "utf8", "latin1"}, false},
	{"noise", func(f *form) *string { return &f.noise }, []string{"none", "bom", "html", "text", "blank"}, false},
	{"type", func(f *form) *string { return &f.typ }, []string{"json", "html", "text", "none"}, false},
	{"body", func(f *form) *string { return &f.body }, []string{"json", "html", "empty", "cut", "two", "nan", "deep"}, false},
}

// defaultForm is the style plain.
func defaultForm() form {
	var f form
	for _, a := range aspects {
		*a.at(&f) = a.ways[0]
	}
	return f
}

// fieldValues gives the values under which a record shows one of its fields:
// one, as a rule.
func (f *form) fieldValues(r record, m member) []any {
	switch f.fields {
	case "null", "empty":
		if m.name != "id" {
			return []any{nil}
		}
	case "odd":
		// Every third record has an id that can't be one.
		id, _ := r.fields[0].value.(int64)
		if id%3 == 0 && (m.name == "user_id" || m.name == "created_at") {
			return []any{"abc"}
		}
	case "twice":
		if m.name == "status" {
			return []any{"open", m.value}
		}
	}
	return []any{m.value}
}

var wib = time.FixedZone("WIB", 7*3600)

// time gives an instant as the form writes it for records of that kind.
func (f *form) time(kind kind, t time.Time) any {
	way := f.times
	if way == "mixed" {
		way = mixedTimes[kind]
	}
	local := t.In(wib)
	switch way {
	case "rfc3339":
		return t.UTC().Format(time.RFC3339)
	case "offset":
		return local.Format(time.RFC3339)
	case "sql":
		return local.Format(time.DateTime)
	case "doc":
		return local.Format("2006-01-02T15:04:05")
	case "day":
		return local.Format(time.DateOnly)
	case "unix":
		return t.Unix()
	case "unix-text":
		return strconv.FormatInt(t.Unix(), 10)
	case "carbon":
		return object{{"date", local.Format("2006-01-02 15:04:05.000000")}, {"timezone_type", 3}, {"timezone", "Asia/Jakarta"}}
	case "zero":
		return "0000-00-00 00:00:00"
	case "minus":
		return "-0001-11-30T00:00:00.000000Z"
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// mixedTimes is an application in which each model was written by another hand.
var mixedTimes = map[kind]string{
	jsonOrderKind: "carbon", outletKind: "doc", userKind: "offset", visitKind: "unix", orderKind: "sql", accountKind: "sql",
}

// day gives a civil day as the form writes it.
func (f *form) day(day civil) any {
	switch midnight, err := time.ParseInLocation(time.DateOnly, string(day), wib); {
	case err != nil:
		return string(day)
	case f.dates == "instant":
		return midnight.UTC().Format("2006-01-02T15:04:05.000000Z")
	case f.dates == "sql":
		return midnight.Format(time.DateTime)
	case f.dates == "zero":
		return "0000-00-00"
	}
	return string(day)
}

// document gives a JSON text as the form writes it.
func (f *form) document(text document) any {
	switch {
	case f.data == "json" && json.Valid([]byte(text)):
		return raw(text)
	case f.data == "broken" && len(text) > 1:
		return string(text[:len(text)-1])
	}
	return string(text)
}
