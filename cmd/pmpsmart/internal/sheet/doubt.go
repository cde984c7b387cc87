package sheet

import "github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"

// A Doubt tells bad rows from a wrong file, of which each row would be told. It holds
// the errors of the first rows back until one row is good.
//
// [Reader.Rows] has one for what can't be read; a program has one of its own for what it
// finds wrong in a row.
type Doubt struct {
	Most int // so many bad rows at the start are a wrong file

	held []error
	good bool
}

// Row takes what is wrong with a row, nil for nothing. It returns the errors that are to
// be told now, or, once the file is the wrong one, the error that says so.
func (d *Doubt) Row(err error) (tell []error, wrong error) {
	switch {
	case err == nil:
		d.good = true
		return d.Rest(), nil
	case d.good:
		return []error{err}, nil
	}
	d.held = append(d.held, err)
	if len(d.held) >= d.Most {
		return nil, lang.Errorf("it looks like the wrong file: none of the first %s can be used; %w", lang.Count(int64(len(d.held)), "row"), d.held[0])
	}
	return nil, nil
}

// Rest returns the errors that are still held back, after the last row.
func (d *Doubt) Rest() (tell []error) {
	tell, d.held = d.held, nil
	return tell
}
