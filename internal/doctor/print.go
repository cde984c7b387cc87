package doctor

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// printReport prints a report for people.
func printReport(w io.Writer, r *report.Report, problems map[string]string, oldFile string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ENDPOINT\tHTTP\tSHAPE\tRECORDS\tTIME\tDRIFT")
	for _, e := range r.Endpoints {
		printEndpoint(t, e)
	}
	printProblems(t, r, problems)
	for _, e := range r.Endpoints {
		printFields(t, e)
	}
	printDocuments(t, r.Documents)
	if oldFile != "" {
		printChanges(t, r.Changes, oldFile)
	}
	return t.Flush()
}

// printEndpoint prints a row, and one more for each other way of answering.
func printEndpoint(t io.Writer, e *report.Endpoint) {
	if e.Outcome == report.NotAsked {
		fmt.Fprintf(t, "%s\t-\tnot asked: %s\t-\t-\t-\n", e.Path, e.Why) // a row of fewer cells would end the columns
		return
	}
	records := strconv.Itoa(e.Records)
	if e.More {
		records += "+"
	}
	took := "<1ms"
	if e.Milliseconds > 0 {
		took = (time.Duration(e.Milliseconds) * time.Millisecond).String()
	}
	drift := "-"
	if n := len(e.Drift); n > 0 {
		drift = strconv.Itoa(n)
	}
	if len(e.Answers) == 0 {
		fmt.Fprintf(t, "%s\t-\t%s\t%s\t%s\t%s\n", e.Path, e.Outcome, records, took, drift)
	}
	for i, a := range e.Answers {
		shape := a.Text()
		if len(e.Answers) > 1 {
			shape += fmt.Sprintf(" ×%d", a.Count)
		}
		if i > 0 {
			fmt.Fprintf(t, "\t%s\t%s\t\t\t\n", report.StatusText(a.HTTP), shape)
			continue
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Path, report.StatusText(a.HTTP), shape, records, took, drift)
	}
}

// printProblems prints what went wrong and what drifted.
func printProblems(t io.Writer, r *report.Report, problems map[string]string) {
	for _, e := range r.Endpoints {
		if e.Outcome != report.OK && e.Outcome != report.NotAsked {
			fmt.Fprintf(t, "\n%s: %s\n", e.Path, cmp.Or(problems[e.Path], e.Outcome))
		}
		for i, d := range e.Drift {
			if i == 0 {
				fmt.Fprintln(t)
			}
			fmt.Fprintf(t, "%s: drift at %s, %s\n", e.Path, redact.SingleLine(d.Text()), plural(d.Count, "time"))
		}
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// printFields prints the fields that an endpoint sent.
func printFields(t io.Writer, e *report.Endpoint) {
	if len(e.Fields) == 0 {
		return
	}
	unnamed := 0
	for _, f := range e.Fields {
		if !f.Named {
			unnamed++
		}
	}
	in := plural(e.Counted, "record")
	if e.Counted < e.Records {
		in = fmt.Sprintf("%d of %s", e.Counted, plural(e.Records, "record")) // the copies of the answers end there
	}
	fmt.Fprintf(t, "\n%s: %s in %s, %d that no struct names (*)\n", e.Path, plural(len(e.Fields), "field"), in, unnamed)
	for _, f := range e.Fields {
		star := " "
		if !f.Named {
			star = "*"
		}
		fmt.Fprintf(t, "%s %s\t%d\t%s\n", star, redact.SingleLine(f.Name), f.Count, f.Counts())
	}
}

// printDocuments prints what the host's descriptions name and the client does not.
func printDocuments(t io.Writer, all []*report.Document) {
	for i, d := range all {
		if i == 0 {
			fmt.Fprintln(t)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", d.Path, report.StatusText(d.HTTP), d.Form)
	}
	for _, d := range all {
		if len(d.Endpoints)+len(d.Fields) == 0 {
			continue
		}
		more := ""
		if d.More {
			more = " and more"
		}
		fmt.Fprintf(t, "\n%s: %s and %s%s that the client does not have\n", d.Path, plural(len(d.Endpoints), "endpoint"), plural(len(d.Fields), "field"), more)
		for _, e := range d.Endpoints {
			fmt.Fprintf(t, "  %s\n", e)
		}
		for _, f := range d.Fields {
			fmt.Fprintf(t, "  %s\t%s\t%s\n", f.Path, f.In, f.Name)
		}
	}
}

func printChanges(t io.Writer, all []report.Change, oldFile string) {
	if len(all) == 0 {
		fmt.Fprintf(t, "\nNothing changed since %s.\n", oldFile)
		return
	}
	fmt.Fprintf(t, "\nChanged since %s:\n", oldFile)
	for _, c := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", c.Path, c.What, redact.SingleLine(c.Name), redact.SingleLine(c.Text()))
	}
}

// A plain writer keeps a terminal's control characters out: texts may come from
// a server or from somebody's report.
type plain struct{ io.Writer }

func (p plain) Write(text []byte) (int, error) {
	clean := make([]byte, len(text))
	for i, b := range text {
		if b < ' ' && b != '\n' && b != '\t' || b == 0x7f {
			b = '?'
		}
		clean[i] = b
	}
	return p.Writer.Write(clean)
}
