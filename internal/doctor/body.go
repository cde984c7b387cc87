package doctor

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// A node is a JSON value of an answer. Unlike what json.Unmarshal makes, it keeps
// members in their order, and what there is of a value that was cut.
type node struct {
	kind  byte     // '{', '[', '"', '0' a number, 't' a bool, 'n' null, 0 nothing
	text  string   // of a string, a number or a bool
	names []string // of an object's members
	nodes []node   // an object's members or an array's elements
}

// scalar reports whether n is neither array nor object.
func (n *node) scalar() bool { return n.kind != '{' && n.kind != '[' }

// member returns an object's member of that name, nil if there is none.
func (n *node) member(name string) *node {
	for i := range n.names {
		if n.names[i] == name {
			return &n.nodes[i]
		}
	}
	return nil
}

// append writes the value as JSON.
func (n *node) append(b []byte) []byte {
	switch n.kind {
	case 'n':
		return append(b, "null"...)
	case 't', '0':
		return append(b, n.text...)
	case '"':
		return envelope.AppendString(b, n.text)
	}
	b = append(b, n.kind)
	for i := range n.nodes {
		if i > 0 {
			b = append(b, ',')
		}
		if n.kind == '{' {
			b = append(envelope.AppendString(b, n.names[i]), ':')
		}
		b = n.nodes[i].append(b)
	}
	return append(b, n.kind+2) // ASCII has the closing bracket there
}

// A reading is what a body turned out to be.
type reading struct {
	top     node
	noise   string // what stood before the JSON: "", "byte-order mark", "html", "text"
	problem string // why top is not the whole of it, "" where it is
	size    int    // bytes of top
}

// The bounds of what is read of a body.
const (
	maxNoise = 32 << 10
	maxTries = 64 // brackets at which JSON might begin
	maxDepth = 64
	maxNodes = 400_000
)

// read makes the most of a body; it never fails.
func read(body []byte) reading {
	rest := bytes.TrimSpace(body)
	rest, hasMark := bytes.CutPrefix(rest, []byte("\xef\xbb\xbf"))
	rest = bytes.TrimSpace(rest)
	if len(rest) == 0 {
		return reading{problem: report.IsEmpty}
	}
	r := parse(rest)
	if r.problem == report.IsBroken || r.problem == report.IsTwo && r.top.scalar() {
		if found, ok := search(rest); ok {
			r = found
		} else {
			r.problem = nameProblem(rest, r.problem)
		}
	}
	if hasMark && r.noise == "" {
		r.noise = "byte-order mark"
	}
	return r
}

// search looks for JSON behind noise, such as PHP's warnings: at the first bracket
// whose value runs to the end or, where something stands behind the JSON as well, at
// the one at the start of a line whose value is the longest. A page is no noise.
func search(body []byte) (found reading, ok bool) {
	tries, longest := 0, 0
	for i := 1; i < min(len(body), maxNoise) && tries < maxTries; i++ {
		if body[i] != '{' && body[i] != '[' {
			continue
		}
		tries++
		r := parse(body[i:])
		if r.noise = "text"; bytes.ContainsRune(body[:i], '<') {
			r.noise = "html"
		}
		switch r.problem {
		case report.IsBroken:
		case report.IsTwo:
			if (body[i-1] == '\n' || body[i-1] == '>') && r.size > longest && !isPage(body) {
				found, ok, longest = r, true, r.size
			}
		default:
			return r, true
		}
	}
	return found, ok
}

// isPage reports whether a body is HTML from its beginning.
func isPage(body []byte) bool {
	start := bytes.ToLower(body[:min(len(body), 9)])
	return bytes.HasPrefix(start, []byte("<!doctype")) || bytes.HasPrefix(start, []byte("<html"))
}

// nameProblem returns the problem of what is a page or a text rather than JSON that is
// damaged.
func nameProblem(body []byte, problem string) string {
	switch body[0] {
	case '{', '[', '"':
		return problem
	case '<':
		return report.IsHTML
	}
	return report.IsText
}

// parse reads one JSON value that should fill body.
func parse(body []byte) (r reading) {
	p := parser{json.NewDecoder(bytes.NewReader(body)), maxNodes}
	p.UseNumber()
	var err error
	r.top, err = p.value(0)
	r.size = int(p.InputOffset())
	var tooMuch tooMuchError
	switch {
	case atEnd(err):
		r.problem = report.IsCut
	case errors.As(err, &tooMuch):
		r.problem = report.IsHuge
	case err != nil:
		r.problem = report.IsBroken
	case len(bytes.TrimSpace(body[p.InputOffset():])) > 0:
		r.problem = report.IsTwo
	}
	return r
}

// atEnd reports whether a decoder failed because its input had ended. As of Go
// 1.27 that may be a syntax error, which has nothing but its text to know it by.
func atEnd(err error) bool {
	var syntax *json.SyntaxError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input"
}

// A parser makes nodes of tokens, and not too many of them.
type parser struct {
	*json.Decoder
	left int
}

type tooMuchError struct{}

func (tooMuchError) Error() string { return report.IsHuge }

// value reads the next value. With an error it returns what there was of it.
func (p *parser) value(depth int) (n node, err error) {
	token, err := p.Token()
	if err != nil {
		return n, err
	}
	if p.left--; p.left < 0 || depth > maxDepth {
		return n, tooMuchError{}
	}
	switch t := token.(type) {
	case nil:
		n.kind = 'n'
	case bool:
		n.kind, n.text = 't', strconv.FormatBool(t)
	case string:
		n.kind, n.text = '"', t
	case json.Number:
		n.kind, n.text = '0', t.String()
	case json.Delim:
		n.kind = byte(t)
		err = p.inside(&n, depth)
	}
	return n, err
}

// inside reads what an array or object holds, and its closing bracket.
func (p *parser) inside(n *node, depth int) error {
	for p.More() {
		name := ""
		if n.kind == '{' {
			token, err := p.Token()
			if err != nil {
				return err
			}
			name, _ = token.(string)
		}
		inner, err := p.value(depth + 1)
		if inner.kind != 0 {
			n.nodes = append(n.nodes, inner)
			if n.kind == '{' {
				n.names = append(n.names, name)
			}
		}
		if err != nil {
			return err
		}
	}
	_, err := p.Token()
	return err
}
