package envelope

import (
	"errors"
	"fmt"
)

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

// Unwrap returns what the decoder said.
func (p *Problem) Unwrap() error { return p.Err }

// isMismatch reports whether err is a Problem of what the JSON holds, rather than
// one of the JSON itself.
func isMismatch(err error) bool {
	var problem *Problem
	return errors.As(err, &problem) && problem.Err == nil
}

// ErrEmpty is the error of a body that holds nothing.
var ErrEmpty = errors.New("the body is empty")

// ErrTooLarge is the error of an answer, or a record, beyond its bound.
var ErrTooLarge = errors.New("larger than the bound")

// ErrTooMany is the error of a list whose records would take too much memory. It is an
// ErrTooLarge too.
var ErrTooMany = fmt.Errorf("%w: too many records", ErrTooLarge)

// ErrStopped is the error of a List whose consumer wants no more.
var ErrStopped = errors.New("stopped by its consumer")
