package doctor

import (
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// An endpoint is what one endpoint answered, and what the report does not hold.
type endpoint struct {
	*report.Endpoint
	took    time.Duration
	problem string // the error's text, for the person who asks and not for the file
	census  *census
	want    *wanted // nil for none
}

// answered takes note of an answer. Fields are counted in good answers alone.
func (e *endpoint) answered(a answer) {
	e.Requests++
	e.took += a.took
	seen := &report.Answer{HTTP: a.status, Media: shownMedia(a.media), Shape: report.NoAnswer, Count: 1}
	if a.status != 0 {
		r := read(a.body)
		want := e.want
		if a.status < 200 || a.status > 299 {
			want = nil
		}
		found := find(r, a.cut, want)
		seen.Shape, seen.Outline, seen.Noise = found.shape, found.outline, r.noise
		e.census.records(found.records)
	}
	for _, known := range e.Answers {
		if known.Agrees(seen) {
			if known.IsCut() {
				known.Shape, known.Outline = seen.Shape, seen.Outline
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

func today() string { return time.Now().Format(time.DateOnly) }

// readReport reads a saved report; no file gives no report.
func readReport(file string) (*report.Report, error) {
	if file == "" {
		return nil, nil
	}
	r, _, err := report.ReadFile(file)
	return r, err
}
