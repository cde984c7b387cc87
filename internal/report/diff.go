package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// A Change is a difference between two reports.
type Change struct {
	Path string `json:"path"` // the endpoint's
	What string `json:"what"` // outcome, answers, drift, new field, lost field, kinds
	Name string `json:"name,omitempty"`
	Was  string `json:"was,omitempty"`
	Is   string `json:"is,omitempty"`
}

// Text says what changed.
func (c Change) Text() string {
	switch {
	case c.What == "new field":
		return c.Is
	case c.What == "lost field":
		return c.Was
	}
	return cmp.Or(c.Was, "none") + " → " + cmp.Or(c.Is, "none")
}

// Changes compares two reports. What depends on the moment, such as times and how
// many records there were, is left out.
func Changes(old, now *Report) (all []Change) {
	for _, e := range now.Endpoints {
		was := old.Of(e.Path)
		if was == nil || e.Outcome == NotAsked || was.Outcome == NotAsked {
			continue
		}
		for _, c := range slices.Concat(wordChanges(was, e), fieldChanges(was, e)) {
			c.Path = e.Path
			all = append(all, c)
		}
	}
	return all
}

// wordChanges compares outcomes, ways of answering and drift.
func wordChanges(was, is *Endpoint) (all []Change) {
	for _, c := range []Change{
		{What: "outcome", Was: was.Outcome, Is: is.Outcome},
		{What: "answers", Was: was.answers(), Is: is.answers()},
		{What: "drift", Was: was.drift(), Is: is.drift()},
	} {
		if c.Was != c.Is && (c.What != "answers" || !agree(was.Answers, is.Answers)) {
			all = append(all, c)
		}
	}
	return all
}

// agree reports whether each way of answering was met in both reports.
func agree(was, is []*Answer) bool {
	meets := func(some, others []*Answer) bool {
		for _, a := range some {
			if !slices.ContainsFunc(others, a.Agrees) {
				return false
			}
		}
		return true
	}
	return meets(was, is) && meets(is, was)
}

// Unread ends a shape whose answer was not read to its end.
const Unread = "…"

// IsCut reports whether the answer's end was not read: -max-records was reached,
// and how much was on its way by then is a matter of luck.
func (a *Answer) IsCut() bool { return strings.HasSuffix(a.Shape, Unread) }

// Agrees reports whether two answers may be of one way of answering. Of one that
// was cut only the beginning is known, and not which paginator it is: what tells
// them apart may stand behind the records.
func (a *Answer) Agrees(b *Answer) bool {
	if a.HTTP != b.HTTP || a.Media != b.Media || a.Noise != b.Noise {
		return false
	}
	if !a.IsCut() && !b.IsCut() {
		return a.Shape == b.Shape
	}
	known, other := anyPaginator.Replace(strings.TrimSuffix(a.Shape, Unread)), anyPaginator.Replace(strings.TrimSuffix(b.Shape, Unread))
	return a.IsCut() && strings.HasPrefix(other, known) || b.IsCut() && strings.HasPrefix(known, other)
}

var anyPaginator = strings.NewReplacer("simple-paginator", "paginator", "cursor-paginator", "paginator")

// answers returns the ways of answering, in an order of their own.
func (e *Endpoint) answers() string {
	var texts []string
	for _, a := range e.Answers {
		texts = append(texts, StatusText(a.HTTP)+" "+a.Text())
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), " | ")
}

// StatusText returns an HTTP status for a table, "-" for none.
func StatusText(status int) string {
	if status == 0 {
		return "-"
	}
	return strconv.Itoa(status)
}

func (e *Endpoint) drift() string {
	var texts []string
	for _, d := range e.Drift {
		texts = append(texts, d.Text())
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), ", ")
}

// fieldChanges compares the fields, where both reports saw any.
func fieldChanges(was, is *Endpoint) (all []Change) {
	if len(was.Fields) == 0 || len(is.Fields) == 0 {
		return nil
	}
	old, now := byName(was.Fields), byName(is.Fields)
	for _, f := range is.Fields {
		switch o := old[f.Name]; {
		case o == nil:
			all = append(all, Change{What: "new field", Name: f.Name, Is: f.KindNames()})
		case o.KindNames() != f.KindNames():
			all = append(all, Change{What: "kinds", Name: f.Name, Was: o.KindNames(), Is: f.KindNames()})
		}
	}
	for _, f := range was.Fields {
		if now[f.Name] == nil {
			all = append(all, Change{What: "lost field", Name: f.Name, Was: f.KindNames()})
		}
	}
	return all
}

func byName(fields []*Field) map[string]*Field {
	m := make(map[string]*Field, len(fields))
	for _, f := range fields {
		m[f.Name] = f
	}
	return m
}
