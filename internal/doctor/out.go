package doctor

import (
	"bytes"
	"fmt"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// checkOut refuses a place where no report can be saved, before the server is asked: a
// long run should not end in that it can't.
func checkOut(name string, stdout io.Writer) error {
	switch {
	case name == "":
		return nil
	case name == "-" || command.IsSameFile(name, stdout):
		return fmt.Errorf("-o %s is the standard output; for the report there give -json in its place", name)
	}
	err := command.CheckPlace(name)
	if err != nil {
		return fmt.Errorf("-o %s: %w", name, err)
	}
	return nil
}

// save writes the report to its place.
func save(r *report.Report, file string) error {
	var text bytes.Buffer
	if err := r.Write(&text); err != nil {
		return err
	}
	return command.WriteFile(file, text.Bytes())
}
