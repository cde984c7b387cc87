package pmpsmart

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// The checks of input that can't be right. Each gives nil where nothing is
// wrong, and an InputError that lacks its operation otherwise.

// positive checks an id.
func positive(field string, id int64) *InputError {
	if id < 1 {
		return &InputError{Field: field, Problem: fmt.Sprintf("is %d; an id is at least 1", id)}
	}
	return nil
}

// notNegative checks an id that may be left out.
func notNegative(field string, id int64) *InputError {
	if id < 0 {
		return &InputError{Field: field, Problem: fmt.Sprintf("is %d; an id is at least 1, and 0 does not filter", id)}
	}
	return nil
}

// text checks a text that goes as it is: JSON can't hold other bytes.
func text(field, value string) *InputError {
	if !utf8.ValidString(value) {
		return &InputError{Field: field, Problem: fmt.Sprintf("is not UTF-8: %.40q", value)}
	}
	return nil
}

// needed checks a code or status. Laravel trims its input, so that a code with
// white space at an end would never be found again.
func needed(field, value string) *InputError {
	if value == "" {
		return &InputError{Field: field, Problem: "is empty"}
	}
	if err := text(field, value); err != nil {
		return err
	}
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	if isTrimmed(first) || isTrimmed(last) {
		return &InputError{Field: field, Problem: fmt.Sprintf("has white space or a control character at an end, which the server would trim: %.80q", value)}
	}
	return nil
}

func isTrimmed(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// filled checks what a login needs.
func filled(field, value string) *InputError {
	if value == "" {
		return &InputError{Field: field, Problem: "is empty"}
	}
	if !utf8.ValidString(value) {
		return &InputError{Field: field, Problem: "is not UTF-8"} // and is not shown
	}
	return nil
}

// oneOfFour checks the status of an update.
func oneOfFour(s OrderStatus) *InputError {
	if !s.known() {
		return &InputError{Field: "status", Problem: fmt.Sprintf("is %.40q; want open, pending, complete or cancel", s)}
	}
	return nil
}

// firstOf gives the first problem, or nil.
func firstOf(problems ...*InputError) *InputError {
	for _, p := range problems {
		if p != nil {
			return p
		}
	}
	return nil
}

// inputError names the operation of the first problem; it is nil where there is none.
func inputError(op string, problems ...*InputError) error {
	p := firstOf(problems...)
	if p == nil {
		return nil
	}
	return &InputError{Op: op, Field: p.Field, Problem: p.Problem}
}

// noInput is the input of an endpoint that takes none.
func noInput() (any, []*InputError) { return nil, nil }
