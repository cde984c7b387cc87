package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A change is a difference between two reports.
type change struct {
	Path string `json:"path"` // the endpoint's
	What string `json:"what"` // outcome, answers, drift, new field, lost field, kinds
	Name string `json:"name,omitempty"`
	Was  string `json:"was,omitempty"`
	Is   string `json:"is,omitempty"`
}

// changes compares two reports: what depends on the moment, such as times and
// how many records there were, is left out.
func changes(old, now *report) (all []change) {
	for _, e := range now.Endpoints {
		i := slices.IndexFunc(old.Endpoints, func(o *endpoint) bool { return o.Path == e.Path })
		if i < 0 || e.Outcome == notAsked || old.Endpoints[i].Outcome == notAsked {
			continue
		}
		was := old.Endpoints[i]
		for _, c := range slices.Concat(wordChanges(was, e), fieldChanges(was, e)) {
			c.Path = e.Path
			all = append(all, c)
		}
	}
	return all
}

// wordChanges compares outcomes, ways of answering and drift.
func wordChanges(was, is *endpoint) (all []change) {
	for _, c := range []change{
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
func agree(was, is []*answerCount) bool {
	meets := func(some, others []*answerCount) bool {
		for _, a := range some {
			if !slices.ContainsFunc(others, a.agrees) {
				return false
			}
		}
		return true
	}
	return meets(was, is) && meets(is, was)
}

// isCut reports whether the answer's end was not read: -max-records was reached,
// and how much was on its way by then is a matter of luck.
func (a *answerCount) isCut() bool { return strings.HasSuffix(a.Shape, unread) }

// agrees reports whether two answers may be of one way of answering. Of one that
// was cut only the beginning is known, and not which paginator it is: what tells
// them apart may stand behind the records.
func (a *answerCount) agrees(b *answerCount) bool {
	if a.HTTP != b.HTTP || a.Media != b.Media || a.Noise != b.Noise {
		return false
	}
	if !a.isCut() && !b.isCut() {
		return a.Shape == b.Shape
	}
	known, other := anyPaginator.Replace(strings.TrimSuffix(a.Shape, unread)), anyPaginator.Replace(strings.TrimSuffix(b.Shape, unread))
	return a.isCut() && strings.HasPrefix(other, known) || b.isCut() && strings.HasPrefix(known, other)
}

var anyPaginator = strings.NewReplacer("simple-paginator", "paginator", "cursor-paginator", "paginator")

// answers are the ways of answering, in an order of their own.
func (e *endpoint) answers() string {
	var texts []string
	for _, a := range e.Answers {
		texts = append(texts, httpText(a.HTTP)+" "+a.shape())
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), " | ")
}

func (e *endpoint) drift() string {
	var texts []string
	for _, d := range e.Drift {
		texts = append(texts, d.text())
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), ", ")
}

// fieldChanges compares the fields, where both reports saw any.
func fieldChanges(was, is *endpoint) (all []change) {
	if len(was.Fields) == 0 || len(is.Fields) == 0 {
		return nil
	}
	old, now := byName(was.Fields), byName(is.Fields)
	for _, f := range is.Fields {
		switch o := old[f.Name]; {
		case o == nil:
			all = append(all, change{What: "new field", Name: f.Name, Is: f.kinds()})
		case o.kinds() != f.kinds():
			all = append(all, change{What: "kinds", Name: f.Name, Was: o.kinds(), Is: f.kinds()})
		}
	}
	for _, f := range was.Fields {
		if now[f.Name] == nil {
			all = append(all, change{What: "lost field", Name: f.Name, Was: f.kinds()})
		}
	}
	return all
}

func byName(fields []*field) map[string]*field {
	m := make(map[string]*field, len(fields))
	for _, f := range fields {
		m[f.Name] = f
	}
	return m
}

// kinds are a field's, in the order of the alphabet.
func (f *field) kinds() string {
	return strings.Join(slices.Sorted(maps.Keys(f.Kinds)), ", ")
}

// counts are a field's kinds, the most frequent first.
func (f *field) counts() string {
	names := slices.SortedFunc(maps.Keys(f.Kinds), func(a, b string) int {
		return cmp.Or(f.Kinds[b]-f.Kinds[a], cmp.Compare(a, b))
	})
	if len(names) == 1 {
		return names[0]
	}
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, f.Kinds[name])
	}
	return strings.Join(names, ", ")
}
