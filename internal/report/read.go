package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// The bounds of a report. Those of the doctor are lower.
const (
	maxBytes     = 16 << 20
	maxEndpoints = 64
	maxList      = 2000 // of any other kind
	maxText      = 300
	maxCount     = 1 << 40
	maxDepth     = 16
)

// Read reads a report of this version or an older one. Its error is one line that
// has the report as its subject: "is no report of the doctor".
func Read(text []byte) (*Report, error) {
	var head struct {
		Format *int64 `json:"pmpsmart_doctor"`
	}
	if len(text) > maxBytes {
		return nil, fmt.Errorf("is no report of the doctor: it has more than %d MiB", maxBytes>>20)
	}
	if err := json.Unmarshal(text, &head); err != nil || head.Format == nil || *head.Format < 1 {
		return nil, errors.New("is no report of the doctor")
	}
	if *head.Format > Format {
		return nil, fmt.Errorf("is a report of form %d; this program reads forms up to %d", *head.Format, Format)
	}
	r := new(Report)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, errors.New("is no report of the doctor: a member has another type than reports have")
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("is no report of the doctor: %w", err)
	}
	for _, e := range r.Endpoints {
		e.complete()
	}
	return r, nil
}

// ReadFile reads the report in a file, and returns its text as well.
func ReadFile(name string) (r *Report, text []byte, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	if text, err = io.ReadAll(io.LimitReader(file, maxBytes+1)); err != nil {
		return nil, nil, err
	}
	if r, err = Read(text); err != nil {
		return nil, nil, fmt.Errorf("%s %w", name, err)
	}
	return r, text, nil
}

// complete makes empty what is null in reports of version 1.
func (e *Endpoint) complete() {
	if e.Fields == nil {
		e.Fields = []*Field{}
	}
	if e.Answers == nil {
		e.Answers = []*Answer{}
	}
}

// check returns what no doctor would have written.
func (r *Report) check() error {
	switch {
	case len(r.Endpoints) > maxEndpoints:
		return fmt.Errorf("it has %d endpoints", len(r.Endpoints))
	case len(r.Changes) > maxList || len(r.Documents) > maxEndpoints:
		return errors.New("it has more changes or documents than reports have")
	case !areTexts(r.Date, r.Version) || !isCount(int64(r.MaxRecords)):
		return errors.New("its date, version or max_records can't be right")
	}
	known := make(map[string]bool)
	for i, e := range r.Endpoints {
		if e == nil || known[e.Path] {
			return fmt.Errorf("endpoint %d is null or there twice", i+1)
		}
		known[e.Path] = true
		if err := e.check(); err != nil {
			return fmt.Errorf("endpoint %d: %w", i+1, err)
		}
	}
	for i, d := range r.Documents {
		if !d.isRight() {
			return fmt.Errorf("document %d can't be right", i+1)
		}
	}
	for i, c := range r.Changes {
		if !areTexts(c.Path, c.What, c.Name) || len(c.Was)+len(c.Is) > maxBytes>>4 {
			return fmt.Errorf("change %d can't be right", i+1)
		}
	}
	return nil
}

func (e *Endpoint) check() error {
	switch {
	case !areTexts(e.Path, e.Method, e.Outcome, e.Why) || !areTexts(e.Refused...):
		return errors.New("a text is too long or has control characters")
	case len(e.Answers) > maxList || len(e.Fields) > maxList || len(e.Drift) > maxList || len(e.Refused) > maxList:
		return errors.New("it has more answers, fields or drift than reports have")
	case !isCount(int64(e.Requests)) || !isCount(int64(e.Records)) || !isCount(int64(e.Counted)) || !isCount(e.Milliseconds):
		return errors.New("a count can't be right")
	}
	for i, a := range e.Answers {
		if !a.isRight() {
			return fmt.Errorf("answer %d can't be right", i+1)
		}
	}
	for i, d := range e.Drift {
		if !areTexts(d.Path, d.Want, d.Got) || !isCount(int64(d.Count)) {
			return fmt.Errorf("drift %d can't be right", i+1)
		}
	}
	known := make(map[string]bool)
	for i, f := range e.Fields {
		if f == nil || known[f.Name] || !f.isRight() {
			return fmt.Errorf("field %d can't be right, or is there twice", i+1)
		}
		known[f.Name] = true
	}
	return nil
}

func (a *Answer) isRight() bool {
	if a == nil || a.HTTP != 0 && (a.HTTP < 100 || a.HTTP > 999) || !areTexts(a.Media, a.Noise) || !isCount(int64(a.Count)) {
		return false
	}
	if a.Outline != "" {
		if _, err := ParseShape(a.Outline); err != nil {
			return false
		}
	}
	_, err := ParseShape(a.Shape)
	return err == nil
}

// isRight reports whether the name of a field looks like one, and its kinds are known.
func (f *Field) isRight() bool {
	if !isCount(int64(f.Count)) || len(f.Kinds) == 0 {
		return false
	}
	names := strings.Split(f.Name, ".")
	if len(names) > maxDepth || slices.ContainsFunc(names, func(name string) bool { return name != Key && ShownName(name) == Key }) {
		return false
	}
	for kind, n := range f.Kinds {
		if !IsKind(kind) || n < 1 || !isCount(int64(n)) {
			return false
		}
	}
	return true
}

func (d *Document) isRight() bool {
	if d == nil || !areTexts(d.Path, d.Form) || !areTexts(d.Endpoints...) || len(d.Endpoints) > maxList || len(d.Fields) > maxList {
		return false
	}
	return !slices.ContainsFunc(d.Fields, func(f *NamedField) bool { return f == nil || !areTexts(f.Path, f.In, f.Name) })
}

func isCount(n int64) bool { return n >= 0 && n <= maxCount }

// areTexts reports whether texts are short and printable.
func areTexts(texts ...string) bool {
	return !slices.ContainsFunc(texts, func(text string) bool {
		return len(text) > maxText || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
	})
}
