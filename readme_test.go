package pmpsmart_test

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A relative link in any of the project's pages leads to a file or folder that is there.
func TestLinks(t *testing.T) {
	t.Parallel()
	links := regexp.MustCompile(`\]\(([^)\s#]+)(?:#[^)]*)?\)`)
	for _, pattern := range []string{"*.md", "docs/*.md", "*/README.md", "*/*/README.md"} {
		pages, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, page := range pages {
			for _, link := range links.FindAllStringSubmatch(read(t, page), -1) {
				if !strings.Contains(link[1], "://") && !strings.HasPrefix(link[1], "mailto:") {
					_, err := os.Stat(filepath.Join(filepath.Dir(page), link[1]))
					assert.NoError(t, err, "a link in %s", page)
				}
			}
		}
	}
}

// The code of the READMEs is compiled and run: it is that of Example functions.
func TestREADMECodeIsExamples(t *testing.T) {
	t.Parallel()
	bodies := exampleBodies(t)
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```")
	pages, err := filepath.Glob("README*.md")
	require.NoError(t, err)
	for _, page := range pages {
		found := blocks.FindAllStringSubmatch(read(t, page), -1)
		assert.NotEmpty(t, found, page)
		for _, block := range found {
			code := block[1]
			if strings.HasPrefix(code, "package main\n") {
				code = mainBody(t, code)
			} else {
				code = indented(code)
			}
			assert.True(t, strings.Contains(bodies, code), "%s has code that is in no Example function:\n%s", page, code)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// exampleBodies gives the source of the bodies of all Example functions.
func exampleBodies(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("example*_test.go")
	require.NoError(t, err)
	var all strings.Builder
	for _, file := range files {
		eachBody(t, file, read(t, file), func(name, body string) {
			if strings.HasPrefix(name, "Example") {
				all.WriteString(body + "\n")
			}
		})
	}
	return all.String()
}

// indented is code as it stands in a function.
func indented(code string) string {
	return regexp.MustCompile(`(?m)^(.)`).ReplaceAllString(code, "\t$1")
}

// mainBody gives the body of a program's main; the program has to be formatted.
func mainBody(t *testing.T, program string) (main string) {
	t.Helper()
	formatted, err := format.Source([]byte(program))
	require.NoError(t, err)
	assert.Equal(t, string(formatted), program, "not formatted")
	eachBody(t, "main.go", program, func(name, body string) {
		if name == "main" {
			main = body
		}
	})
	return main
}

// eachBody gives the lines between a function's braces, up to the comment that has an Example's output.
func eachBody(t *testing.T, file, source string, give func(name, body string)) {
	t.Helper()
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, source, 0)
	require.NoError(t, err)
	for _, declaration := range parsed.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok {
			body := source[fset.Position(f.Body.Lbrace).Offset+2 : fset.Position(f.Body.Rbrace).Offset]
			body, _, _ = strings.Cut(body, "\t// Output:")
			give(f.Name.Name, body)
		}
	}
}
