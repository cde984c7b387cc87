// Package report is the file that pmpsmart-doctor saves: what a server answered,
// with the values left out. The doctor writes it; the generator of Go types and
// the sandbox read it.
package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Format is the version of the reports that are written. Version 1 had null for
// no fields, told them in the order in which they were first met, and had no
// outlines and no documents.
const Format = 2

// A Report is what a server answered. All of its texts are from closed lists, but
// for names of fields and endpoints, which look like such.
type Report struct {
	Format      int         `json:"pmpsmart_doctor"`
	Date        string      `json:"date"`
	Version     string      `json:"version"`     // of the library
	MaxRecords  int         `json:"max_records"` // that were read of a list
	Interrupted bool        `json:"interrupted,omitempty"`
	Endpoints   []*Endpoint `json:"endpoints"`
	Documents   []*Document `json:"documents,omitempty"` // with -docs
	Changes     []Change    `json:"changes,omitempty"`   // with -diff
}

// The outcomes that are no failure.
const (
	OK       = "ok"
	NotAsked = "not asked"
)

// An Endpoint is what one endpoint answered.
type Endpoint struct {
	Path         string    `json:"path"`
	Method       string    `json:"method"`  // of the library
	Outcome      string    `json:"outcome"` // ok, or what went wrong
	Why          string    `json:"why,omitempty"`
	Requests     int       `json:"requests"`
	Answers      []*Answer `json:"answers"`
	Records      int       `json:"records"`
	Counted      int       `json:"counted"`        // records in Fields
	More         bool      `json:"more,omitempty"` // there were more than max_records
	Milliseconds int64     `json:"milliseconds"`   // from requests to the ends of their answers
	Drift        []Drift   `json:"drift,omitempty"`
	Refused      []string  `json:"refused_fields,omitempty"` // those that a validator named
	Fields       []*Field  `json:"fields"`                   // in the order in which the server sends them
}

// An Answer is a way of answering and how often it was met.
type Answer struct {
	HTTP    int    `json:"http"` // 0 where no answer came
	Media   string `json:"content_type,omitempty"`
	Noise   string `json:"noise,omitempty"` // before the JSON
	Shape   string `json:"shape"`
	Outline string `json:"outline,omitempty"` // the shape with all that stands around the records, where that is more
	Count   int    `json:"count"`
}

// A Drift is a pmpsmart.Drift with the kind in place of the value.
type Drift struct {
	Path  string `json:"path"`
	Want  string `json:"want"`
	Got   string `json:"got"`
	Count int    `json:"count"`
}

// A Field is one that the server sent, or one inside it: items.*.qty.
type Field struct {
	Name  string         `json:"name"`
	Named bool           `json:"named"` // by the library's struct
	Count int            `json:"count"` // how often it was met
	Kinds map[string]int `json:"kinds"` // and as what
}

// A Document is a description of the API that the host publishes.
type Document struct {
	Path      string        `json:"path"`           // on the host
	HTTP      int           `json:"http"`           // 0 where no answer came
	Form      string        `json:"form"`           // OpenAPI, Postman, or what came in its place
	Endpoints []string      `json:"endpoints"`      // that the client does not have: "POST stock"
	Fields    []*NamedField `json:"fields"`         // of its endpoints that it does not name
	More      bool          `json:"more,omitempty"` // there were more than fit
}

// A NamedField is a field that a Document names.
type NamedField struct {
	Path string `json:"path"` // the endpoint's
	In   string `json:"in"`   // request or response
	Name string `json:"name"`
}

// Answered counts the endpoints that gave a good answer.
func (r *Report) Answered() (n int) {
	for _, e := range r.Endpoints {
		if e.Outcome == OK {
			n++
		}
	}
	return n
}

// Failed reports whether an endpoint gave no good answer.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Endpoints, func(e *Endpoint) bool { return e.Outcome != OK && e.Outcome != NotAsked })
}

// Of returns what the endpoint of a path answered, nil if it is not in the report.
func (r *Report) Of(path string) *Endpoint {
	for _, e := range r.Endpoints {
		if e.Path == path {
			return e
		}
	}
	return nil
}

// Write writes the report as indented JSON.
func (r *Report) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// Text says how an answer came: its JSON, or what came in its place.
func (a *Answer) Text() string {
	text := a.Shape
	if a.Noise != "" {
		text = a.Noise + " before " + text
	}
	if a.Media != "application/json" && a.HTTP != 0 {
		text += " as " + cmp.Or(a.Media, "no type")
	}
	return text
}

// Text says what drifted.
func (d Drift) Text() string { return fmt.Sprintf("%s: want %s, got %s", d.Path, d.Want, d.Got) }

// KindNames returns a field's kinds in the order of the alphabet.
func (f *Field) KindNames() string {
	return strings.Join(slices.Sorted(maps.Keys(f.Kinds)), ", ")
}

// Frequent returns a field's kinds, the most frequent first.
func (f *Field) Frequent() []string {
	return slices.SortedFunc(maps.Keys(f.Kinds), func(a, b string) int {
		return cmp.Or(f.Kinds[b]-f.Kinds[a], cmp.Compare(a, b))
	})
}

// Counts returns a field's kinds with their counts, the most frequent first.
func (f *Field) Counts() string {
	names := f.Frequent()
	if len(names) == 1 {
		return names[0]
	}
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, f.Kinds[name])
	}
	return strings.Join(names, ", ")
}
