package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"
)

// reportFormat is the version of the report's form.
const reportFormat = 1

// A report is what a server answered, with the values left out. All of its texts
// are from closed lists, but for the names of fields, which shownName lets pass.
type report struct {
	Format      int         `json:"pmpsmart_doctor"`
	Date        string      `json:"date"`
	Version     string      `json:"version"`     // of the library
	MaxRecords  int         `json:"max_records"` // that were read of a list
	Interrupted bool        `json:"interrupted,omitempty"`
	Endpoints   []*endpoint `json:"endpoints"`
	Changes     []change    `json:"changes,omitempty"` // with -diff
}

// An endpoint is what one endpoint answered.
type endpoint struct {
	Path         string         `json:"path"`
	Method       string         `json:"method"`  // of the library
	Outcome      string         `json:"outcome"` // ok, or what went wrong
	Why          string         `json:"why,omitempty"`
	Requests     int            `json:"requests"`
	Answers      []*answerCount `json:"answers"`
	Records      int            `json:"records"`
	Counted      int            `json:"counted"`        // records in Fields
	More         bool           `json:"more,omitempty"` // there were more than max_records
	Milliseconds int64          `json:"milliseconds"`   // from requests to the ends of their answers
	Drift        []driftCount   `json:"drift,omitempty"`
	Refused      []string       `json:"refused_fields,omitempty"` // those that a validator named
	Fields       []*field       `json:"fields"`

	took    time.Duration
	problem string // the error's text, for the person who asks and not for the file
	census  *census
	want    *wanted // nil for none
}

// An answerCount is a way of answering and how often it was met.
type answerCount struct {
	HTTP  int    `json:"http"` // 0 where no answer came
	Media string `json:"content_type,omitempty"`
	Noise string `json:"noise,omitempty"` // before the JSON
	Shape string `json:"shape"`
	Count int    `json:"count"`
}

// A driftCount is a pmpsmart.Drift with the kind in place of the value.
type driftCount struct {
	Path  string `json:"path"`
	Want  string `json:"want"`
	Got   string `json:"got"`
	Count int    `json:"count"`
}

// answered counts the endpoints that gave a good answer.
func (r *report) answered() (n int) {
	for _, e := range r.Endpoints {
		if e.Outcome == ok {
			n++
		}
	}
	return n
}

func (r *report) failed() bool {
	for _, e := range r.Endpoints {
		if e.Outcome != ok && e.Outcome != notAsked {
			return true
		}
	}
	return false
}

// answered takes note of an answer. Fields are counted in good answers alone.
func (e *endpoint) answered(a answer) {
	e.Requests++
	e.took += a.took
	seen := &answerCount{HTTP: a.status, Media: shownMedia(a.media), Shape: "no answer", Count: 1}
	if a.status != 0 {
		r := read(a.body)
		want := e.want
		if a.status < 200 || a.status > 299 {
			want = nil
		}
		shape, records := find(r, a.cut, want)
		seen.Shape, seen.Noise = shape, r.noise
		e.census.records(records)
	}
	for _, known := range e.Answers {
		if known.agrees(seen) {
			if known.isCut() {
				known.Shape = seen.Shape
			}
			known.Count++
			return
		}
	}
	e.Answers = append(e.Answers, seen)
}

// shownMedia lets the types pass that servers send.
func shownMedia(media string) string {
	switch media {
	case "", "application/json", "text/html", "text/plain":
		return media
	}
	return "other"
}

func libraryVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

func today() string { return time.Now().Format(time.DateOnly) }

// readReport reads a saved report; no file gives no report.
func readReport(file string) (*report, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := new(report)
	if err := json.Unmarshal(text, r); err != nil || r.Format == 0 || !r.whole() {
		return nil, fmt.Errorf("%s is no report of the doctor", file)
	}
	if r.Format != reportFormat {
		return nil, fmt.Errorf("%s is a report of form %d; this doctor reads form %d", file, r.Format, reportFormat)
	}
	return r, nil
}

// whole reports whether nothing in the report is null that must not be.
func (r *report) whole() bool {
	for _, e := range r.Endpoints {
		if e == nil || slices.Contains(e.Answers, nil) || slices.Contains(e.Fields, nil) {
			return false
		}
	}
	return true
}

func (r *report) write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// partPattern names a report that is being written.
const partPattern = ".pmpsmart-doctor-*"

// linkTarget returns where a link leads to, or the name itself.
func linkTarget(file string) string {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		return target
	}
	return file
}

// save writes the report beside its place and puts it there when it is whole. A
// link goes on leading to it.
func (r *report) save(file string) error {
	var text bytes.Buffer
	if err := r.write(&text); err != nil {
		return err
	}
	file = linkTarget(file)
	part, err := os.CreateTemp(filepath.Dir(file), partPattern)
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // nothing is there once it is renamed
	if _, err := part.Write(text.Bytes()); err != nil {
		part.Close()
		return err
	}
	if err := part.Close(); err != nil {
		return err
	}
	return os.Rename(part.Name(), file)
}
