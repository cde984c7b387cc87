package envelope

import (
	"errors"
	"fmt"
	"time"
)

// Options say how an answer is read.
type Options struct {
	ContentType string         // as the server named it
	Location    *time.Location // of times that name no zone
	Strict      bool           // drift is an error
	Mask        Mask           // nil where no secret is to be hidden
	MaxBytes    int64          // bound of the answer, or of each record
	PerRecord   bool           // MaxBytes bounds each record; 64 KiB more may stand between two

	refused bool // the HTTP status says that the call failed
}

// An Answer is what the envelope said, as far as it was read.
type Answer struct {
	Status  string              // the status as the server wrote it
	Message string              // a readable line, "" where there is none
	Fields  map[string][]string // a validator's errors by field
	Failed  bool                // the server says that the call failed
	Code    int                 // the 4xx or 5xx number in the envelope, 0 where there is none
	Page    Page                // the place in a list
	Count   int                 // elements of a list, null among them; 1 for a record
	First   []byte              // a list's first record, where the page does not say which it is
	Drifts  []Drift             // what was met that nobody expects
	Head    []byte              // how the body starts
	Broken  error               // what ended the body before its end, nil where nothing did

	unknownStatus []byte
	mask          Mask
}

// A Drift is a place at which answers differ from what is expected.
type Drift struct {
	Path, Want string
	Got        []byte // the first value met, as JSON
	Count      int
}

// A Problem is the error of an answer that can't be read as what it should be.
type Problem struct {
	Text string // what is wrong
	Got  string // what the body holds there, or ""
	Err  error  // what the JSON decoder said, or nil

	Drift bool // it is drift, and strict mode makes it a problem
}

// Error says what is wrong, what came and what the decoder said.
func (p *Problem) Error() string {
	text := p.Text
	if p.Got != "" {
		text += ", got " + p.Got
	}
	if p.Err != nil {
		text += ": " + p.Err.Error()
	}
	return text
}

// Unwrap gives what the decoder said.
func (p *Problem) Unwrap() error { return p.Err }

// ErrEmpty is the error of a body that holds nothing.
var ErrEmpty = errors.New("the body is empty")

// ErrTooLarge is the error of an answer, or a record, beyond its bound.
var ErrTooLarge = errors.New("larger than the bound")

// ErrStopped is what a List gives whose consumer wants no more.
var ErrStopped = errors.New("stopped by its consumer")

// notJSON is the problem of a body that holds no JSON at all.
func notJSON(body []byte, m Mask) *Problem {
	title, html := Title(body)
	switch {
	case len(body) == 0:
		return &Problem{Text: "want JSON", Err: ErrEmpty}
	case html && title != "":
		return &Problem{Text: fmt.Sprintf("want JSON, and it is an HTML page titled %q", line(m, title))}
	case html:
		return &Problem{Text: "want JSON, and it is an HTML page"}
	}
	return &Problem{Text: "want JSON", Got: fmt.Sprintf("%q", clip(m, string(body), 80))}
}
