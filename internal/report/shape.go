package report

import (
	"errors"
	"slices"
	"strings"
)

// What a Shape's Form may be beside a kind.
const (
	Record          = "record"
	Object          = "{"
	Array           = "["
	Paginator       = "paginator"
	SimplePaginator = "simple-paginator"
	CursorPaginator = "cursor-paginator"
)

// A Shape is the outline of a response, or of a part of it.
type Shape struct {
	Form    string  // a kind or one of the forms above
	Name    string  // of a member, "" for a paginator's members
	Inner   []Shape // an object's members or what an array has as elements
	Problem string  // why there is no more of it, "" where it is whole
	Cut     bool    // the response was not read to its end
}

// The problems of a body.
const (
	IsEmpty  = "empty"
	IsHTML   = "HTML"
	IsText   = "text"
	IsBroken = "broken JSON"
	IsCut    = "JSON cut short"
	IsTwo    = "JSON and more behind it"
	IsHuge   = "more JSON than the doctor reads"
	NoAnswer = "no answer"
)

var problems = []string{IsEmpty, IsHTML, IsText, IsBroken, IsCut, IsTwo, IsHuge, NoAnswer}

// The bounds of a shape's text.
const (
	maxShape      = 8 << 10
	maxShapeDepth = 20
)

var errShape = errors.New("no shape")

// ParseShape reads the text of a shape: {status:string,data:[record]}.
func ParseShape(text string) (s Shape, err error) {
	if slices.Contains(problems, text) {
		return Shape{Problem: text}, nil
	}
	if len(text) > maxShape {
		return s, errShape
	}
	text, problem, hasProblem := strings.Cut(text, ", ")
	if hasProblem && !slices.Contains(problems, problem) {
		return s, errShape
	}
	text, cut := strings.CutSuffix(text, Unread)
	p := shapeParser{text, hasProblem || cut}
	if s, err = p.value(0); err == nil && p.rest != "" {
		err = errShape
	}
	s.Problem, s.Cut = problem, cut
	return s, err
}

// A shapeParser reads what rest holds.
type shapeParser struct {
	rest string
	open bool // brackets may not be closed
}

func (p *shapeParser) value(depth int) (s Shape, err error) {
	switch {
	case depth > maxShapeDepth || p.rest == "":
		return s, errShape
	case p.take('['):
		s.Form = Array
		err = p.inside(&s, ']', depth, p.value)
	case p.take('{'):
		s.Form = Object
		err = p.inside(&s, '}', depth, p.member)
	default:
		if s.Form = p.word(",]}"); s.Form != Record && !IsKind(s.Form) {
			err = errShape
		}
	}
	return s, err
}

// inside reads the items between brackets.
func (p *shapeParser) inside(s *Shape, end byte, depth int, item func(depth int) (Shape, error)) error {
	for !p.take(end) {
		switch {
		case p.rest == "" && p.open:
			return nil
		case p.rest == "" || len(s.Inner) > 0 && !p.take(','):
			return errShape
		}
		inner, err := item(depth + 1)
		if err != nil {
			return err
		}
		s.Inner = append(s.Inner, inner)
	}
	return nil
}

// member reads a member of an object, or the word for a paginator's.
func (p *shapeParser) member(depth int) (s Shape, err error) {
	name := p.word(":,}")
	switch name {
	case Paginator, SimplePaginator, CursorPaginator:
		if !strings.HasPrefix(p.rest, ":") {
			return Shape{Form: name}, nil
		}
	}
	if name == "" || len(name) > 60 || !p.take(':') {
		return s, errShape
	}
	s, err = p.value(depth)
	s.Name = name
	return s, err
}

// word takes the text up to one of the characters in ends.
func (p *shapeParser) word(ends string) string {
	i := strings.IndexAny(p.rest, ends)
	if i < 0 {
		i = len(p.rest)
	}
	word := p.rest[:i]
	p.rest = p.rest[i:]
	return word
}

func (p *shapeParser) take(c byte) bool {
	rest, found := strings.CutPrefix(p.rest, string(c))
	p.rest = rest
	return found
}
