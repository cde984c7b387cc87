package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// speaking are the functions and methods whose argument of that index is a message.
var speaking = map[string]int{
	"Errorf": 0, "T": 0, "Usagef": 0, "Note": 0, "Problem": 0, "Sprintf": 0, "say": 0,
	"flags":  1,                                                                                   // titles of the help
	"String": 3, "Bool": 3, "Int": 3, "Float": 3, "Duration": 3, "ID": 2, "Strings": 2, "Func": 1, // flags
}

// TestEveryMessageIsTranslated reads the program's source. A message has the same verbs
// in both languages, in the same order or by index.
func TestEveryMessageIsTranslated(t *testing.T) {
	met := map[string]bool{}
	for _, m := range messages(t) {
		met[m.text] = true
		translated, ok := translation(m.text)
		if !ok {
			t.Errorf("%s: has no Indonesian: %q", m.place, m.text)
			continue
		}
		assert.Equal(t, verbs(m.text), verbs(translated), "%s: %q and %q", m.place, m.text, translated)
	}
	for _, part := range catalog {
		for english := range part {
			if _, isNoun := nouns[english]; !isNoun && !met[english] {
				t.Errorf("nothing says %q any more", english)
			}
		}
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*[\d.]*(\[\d+\])?[a-zA-Z%]`)

// verbs returns the verbs of a format by the argument that each formats.
func verbs(format string) []string {
	next, found := 1, map[int]string{}
	for _, v := range verb.FindAllString(format, -1) {
		kind := strings.ReplaceAll(v[len(v)-1:], "w", "v")
		if kind == "%" {
			continue
		}
		if i := strings.IndexByte(v, '['); i >= 0 {
			next, _ = strconv.Atoi(v[i+1 : strings.IndexByte(v, ']')])
		}
		found[next] = kind
		next++
	}
	all := make([]string, 0, len(found))
	for _, i := range slices.Sorted(maps.Keys(found)) {
		all = append(all, strconv.Itoa(i)+found[i])
	}
	return all
}

// A message is one of the source, and where it stands.
type message struct{ text, place string }

func messages(t *testing.T) (all []message) {
	root := filepath.Join("..", "..")
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !speaks(call) {
				return true
			}
			i := speaking[name(call)]
			if text, ok := literal(call.Args[i]); ok && hasWords(text) {
				all = append(all, message{text, set.Position(call.Pos()).String()})
			}
			return true
		})
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

// speaks reports whether a call is one of a message.
func speaks(call *ast.CallExpr) bool {
	i, ok := speaking[name(call)]
	if !ok || len(call.Args) <= i {
		return false
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return true
	}
	owner, _ := selector.X.(*ast.Ident)
	return owner == nil || owner.Name != "fmt" && owner.Name != "errors"
}

func name(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// literal returns the text of a constant that is written out.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, okLeft := literal(e.X)
		right, okRight := literal(e.Y)
		return left + right, okLeft && okRight && e.Op == token.ADD
	}
	return "", false
}

// hasWords reports whether there is anything to translate in a format.
func hasWords(format string) bool {
	return strings.ContainsFunc(verb.ReplaceAllString(format, ""), func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
}
