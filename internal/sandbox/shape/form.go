// Package shape turns what the sandbox has found into a response, in the form that
// the chosen styles give it: envelopes, paginators, records, errors, and what a
// broken server puts around or in place of JSON.
package shape

// A Form is how responses look: for each aspect of them the way that was chosen.
// The aspects and their ways are described at pmpsmarttest.Style. [Default]
// returns the form of the style plain.
type Form struct {
	status, failure, message, errors string
	list, elements, empty            string
	one, write, missing              string
	login, logout                    string
	fields, names                    string
	numbers, times, dates            string
	data, bytes, noise, typ, body    string
}

// An aspect is one field of a Form.
type aspect struct {
	name string
	at   func(*Form) *string
	ways []string // the first is the default
	// open ways are any JSON or, in place of a JSON string, a bare word
	open bool
}

// aspects are all that a style can change, in the order of their description.
var aspects = []aspect{
	{"status", func(f *Form) *string { return &f.status }, []string{`"success"`, `"succes"`, `"sukses"`, `"ok"`, `"berhasil"`, `true`, `1`, `200`, `"200"`, `none`, `success:true`, `code:200`, `status_code:"00"`, `error:false`, `ok:true`, `isError:false`, `errno:0`, `"Selesai"`, `{"kode":1}`, `["success"]`}, true},
	{"failure", func(f *Form) *string { return &f.failure }, []string{`none`, `"error"`, `"failed"`, `"gagal"`, `false`, `"false"`, `0`, `"0"`, `number`, `digits`, `mixed`, `success:false`, `error:true`, `sukses:false`, `isError:true`, `errno:1`, `nested`}, true},
	{"message", func(f *Form) *string { return &f.message }, []string{"text", "list", "null", "none", "fields"}, false},
	{"errors", func(f *Form) *string { return &f.errors }, []string{"laravel", "laravel9", "strings", "list", "envelope", "old", "text", "html", "debug"}, false},
	{"list", func(f *Form) *string { return &f.list }, []string{"array", "paginated", "simple", "cursor", "resources", "resources-simple", "resources-cursor", "toplevel", "beside", "keyed", "reversed", "wrapped", "named", "only-data", "bare", "single", "nulls", "scalars",
		"meta-page", "halaman", "more", "links", "header", "offset", "datatables", "by-day", "chunks", "among"}, false},
	{"elements", func(f *Form) *string { return &f.elements }, []string{"records", "named", "attributes", "properties"}, false},
	{"empty", func(f *Form) *string { return &f.empty }, []string{`[]`, `null`, `{}`, `""`, `false`, `204`, `none`}, true},
	{"one", func(f *Form) *string { return &f.one }, []string{"object", "resource", "toplevel", "named", "zero", "bare", "array"}, false},
	{"write", func(f *Form) *string { return &f.write }, []string{`record`, `true`, `1`, `null`, `[]`, `{}`, `""`, `none`}, true},
	{"missing", func(f *Form) *string { return &f.missing }, []string{`404`, `204`, `[]`, `{}`, `null`, `""`, `true`, `1`, `none`}, true},
	{"login", func(f *Form) *string { return &f.login }, []string{"api_token", "access_token", "token", "nested", "resource", "toplevel", "beside", "bare", "text", "null", "none"}, false},
	{"logout", func(f *Form) *string { return &f.logout }, []string{"null", "array", "true", "message", "204", "nothing"}, false},
	{"fields", func(f *Form) *string { return &f.fields }, []string{"all", "null", "empty", "odd", "twice"}, false},
	{"names", func(f *Form) *string { return &f.names }, []string{"snake", "camel", "kebab", "upper"}, false},
	{"numbers", func(f *Form) *string { return &f.numbers }, []string{"number", "text", "float"}, false},
	{"times", func(f *Form) *string { return &f.times }, []string{"micro", "rfc3339", "offset", "sql", "doc", "day", "unix", "unix-text", "carbon", "parts", "mixed", "zero", "minus"}, false},
	{"dates", func(f *Form) *string { return &f.dates }, []string{"day", "instant", "sql", "zero"}, false},
	{"json_data", func(f *Form) *string { return &f.data }, []string{"text", "json", "broken"}, false},
	{"bytes", func(f *Form) *string { return &f.bytes }, []string{"ascii", "utf8", "latin1"}, false},
	{"noise", func(f *Form) *string { return &f.noise }, []string{"none", "bom", "html", "text", "blank", "bom-after", "script"}, false},
	{"type", func(f *Form) *string { return &f.typ }, []string{"json", "html", "text", "none"}, false},
	{"body", func(f *Form) *string { return &f.body }, []string{"json", "html", "empty", "cut", "two", "nan", "deep"}, false},
}

// Default returns the form of the style plain.
func Default() Form {
	var f Form
	for _, a := range aspects {
		*a.at(&f) = a.ways[0]
	}
	return f
}
