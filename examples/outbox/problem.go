package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go"
)

// A problem is an error response as RFC 9457 has it, application/problem+json.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Field  string `json:"field,omitempty"` // of the input, that is at fault
}

// Error returns the detail, for the log.
func (p *problem) Error() string { return p.Detail }

// problemf returns the error response of a status, with a detail for people.
func problemf(status int, detail string) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// badRequest returns the problem of input that is wrong.
func badRequest(field, what string) *problem {
	p := problemf(http.StatusBadRequest, field+" "+what)
	p.Field = field
	return p
}

// fields maps the library's names to those of this service.
var fields = map[string]string{"Code": "code", "Data": "data", "Status": "status"}

// A bodyError is of a request whose body did not arrive whole.
type bodyError struct{ error }

func (e bodyError) Error() string { return "the body: " + e.error.Error() }
func (e bodyError) Unwrap() error { return e.error }

// problemOf returns the problem of an error. What is not the caller's doing is in the
// log alone.
func problemOf(err error) *problem {
	var own *problem
	var input *pmpsmart.InputError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &input):
		field, ok := fields[input.Field]
		if !ok {
			field = input.Field
		}
		p := badRequest(field, input.Problem)
		p.Status, p.Title = http.StatusUnprocessableEntity, http.StatusText(http.StatusUnprocessableEntity)
		return p
	case errors.As(err, &large):
		return problemf(http.StatusRequestEntityTooLarge, "the body is longer than "+strconv.FormatInt(large.Limit, 10)+" bytes")
	case errors.As(err, new(bodyError)):
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return problemf(http.StatusRequestTimeout, "the body did not arrive in time")
		}
		return badRequest("the body", "did not arrive whole")
	case errors.Is(err, errNoOrder):
		return problemf(http.StatusNotFound, errNoOrder.Error())
	}
	return problemf(http.StatusServiceUnavailable, "the database did not do it; ask again: an order that is there already is not added twice")
}

// writeProblem responds with the problem of an error.
func writeProblem(w http.ResponseWriter, p *problem) {
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.Header().Set("Content-Type", "application/problem+json")
	writeBody(w, p.Status, p)
}

// writeJSON responds with a value.
func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	writeBody(w, status, value)
}

func writeBody(w http.ResponseWriter, status int, value any) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // it is no HTML, and an order's data stays as it was written
	if err := e.Encode(value); err != nil {
		status = http.StatusInternalServerError
		text.Reset()
		text.WriteString(`{"title":"Internal Server Error","status":500}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // a caller that left is nobody's error
}
