package export

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// result is what -json prints.
type result struct {
	What      string    `json:"what"`
	File      string    `json:"file"`
	Format    string    `json:"format"`
	From      string    `json:"from"` // days, "" for all
	To        string    `json:"to"`
	Records   int64     `json:"records"` // in the file
	Rows      int64     `json:"rows"`    // more, if each item has a row
	Resumed   int64     `json:"resumed"` // of the records, from earlier runs
	Repeats   int64     `json:"repeats"` // listed again and left out
	Differing int64     `json:"differing"`
	Conflicts []int64   `json:"conflicts"` // ids of the first of these
	LeftOut   int64     `json:"left_out"`  // not asked for
	Unchecked int64     `json:"unchecked"`
	Undated   int64     `json:"undated"`
	Missing   string    `json:"missing"` // what the server's list lacks, "" for nothing
	Bytes     int64     `json:"bytes"`
	Seconds   float64   `json:"seconds"`
	ReadFrom  time.Time `json:"read_from"` // when the first of the records were read
	ReadTo    time.Time `json:"read_to"`
}

// report prints what was done. Its error says what is wrong with it.
func (j *job) report(s *spool, t *table, resumed int64) error {
	j.mu.Lock()
	short := j.short
	j.mu.Unlock()
	r := result{
		What: j.query.kind.name, File: j.target.name, Format: string(j.form.write.Format), From: j.query.days.From.String(), To: j.query.days.To.String(),
		Records: s.Rows, Rows: t.rows, Resumed: resumed, Repeats: s.Counts.Repeats, Differing: s.Counts.Differing, Conflicts: s.Counts.Conflicts,
		LeftOut: s.Counts.Misfits, Unchecked: s.Counts.Unsure, Undated: s.Counts.Undated,
		Bytes: t.bytes(), Seconds: time.Since(j.began).Seconds(), ReadFrom: s.ReadFrom, ReadTo: s.ReadTo,
	}
	if r.Conflicts == nil {
		r.Conflicts = []int64{}
	}
	if short != nil {
		r.Missing = short.Want
	}
	text := j.text(r)
	if j.target.isStream() {
		j.tool.Note("%s", text)
	} else if err := j.tool.Result(r, j.tool.Sprintf("%s", text)); err != nil {
		return err
	}
	j.notes(r, t)
	return j.problems(r, t, short != nil)
}

// text says what was done.
func (j *job) text(r result) lang.Text {
	text := lang.T("%s in %s (%s), %s", j.count(r.Records), r.File, lang.Size(r.Bytes), tool.Took(j.began))
	if r.Rows != r.Records {
		text = lang.T("%s in %s of %s (%s), %s", j.count(r.Records), lang.Count(r.Rows, "row"), r.File, lang.Size(r.Bytes), tool.Took(j.began))
	}
	if r.Resumed > 0 {
		text = lang.T("%s, %s of them from before", text, lang.Number(r.Resumed))
	}
	if r.Repeats > 0 {
		text = lang.T("%s; %s that the server listed twice are there once", text, lang.Number(r.Repeats))
	}
	return text
}

// notes prints what is right, but may be unexpected.
func (j *job) notes(r result, t *table) {
	if unmet := t.unmet(); unmet != nil {
		j.tool.Problem("nothing has a field %s: the column is empty", strings.Join(unmet, ", "))
	}
	if r.Undated > 0 {
		j.tool.Note("left out since they have no day: %s; an export of all days has them", j.count(r.Undated))
	}
	if r.Unchecked > 0 {
		j.tool.Note("not known to be what was asked for, since the field is missing: %s", j.count(r.Unchecked))
	}
}

// problems returns what is wrong with the export, all but the last of it printed.
func (j *job) problems(r result, t *table, isShort bool) error {
	all := t.notes()
	if r.LeftOut > 0 {
		all = append(all, lang.T("the server does not heed what it is asked for: it also sent what is not of %s, which is left out: %s", j.selection(), j.count(r.LeftOut)))
	}
	if r.Differing > 0 {
		ids := make([]string, 0, len(r.Conflicts))
		for _, id := range slices.Sorted(slices.Values(r.Conflicts)) {
			if id > 0 {
				ids = append(ids, strconv.FormatInt(id, 10))
			}
		}
		if int64(len(ids)) < r.Differing {
			ids = append(ids, "…")
		}
		all = append(all, lang.T("listed twice and not alike: %s (id %s); the file has the first of each", j.count(r.Differing), strings.Join(ids, ", ")))
	}
	if isShort {
		all = append(all, lang.T("the server's list ends too soon: it is not all of it (%s)", missing(r.Missing)))
	}
	if len(all) == 0 {
		return nil
	}
	for _, text := range all[:len(all)-1] {
		j.tool.Problem("%s", text)
	}
	return lang.Errorf("%s", all[len(all)-1])
}

// missing is what a list lacks, for people.
func missing(want string) lang.Text {
	var total int64
	if _, err := fmt.Sscanf(want, "the %d records of its total", &total); err != nil {
		return lang.T("%s", want)
	}
	return lang.T("the %d records of its total", total)
}

// selection says what was asked for.
func (j *job) selection() string {
	q := j.query
	var parts []string
	if !q.days.IsZero() {
		parts = append(parts, q.days.Text().In(j.tool.Language))
	}
	for _, part := range []struct{ flag, value string }{
		{"-status", q.status}, {"-status-order", q.statusOrder}, {"-code", q.code}, {"-user", id(q.user)}, {"-outlet", id(q.outlet)},
	} {
		if part.value != "" {
			parts = append(parts, part.flag+" "+part.value)
		}
	}
	return strings.Join(parts, ", ")
}
