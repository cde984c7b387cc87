package doctor

import (
	"bytes"
	"os"
	"path/filepath"
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
func save(r *report.Report, file string) error {
	var text bytes.Buffer
	if err := r.Write(&text); err != nil {
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
