// Package pages checks the project's pages: that their links lead somewhere,
// that their code is code which is compiled elsewhere, and that their commands
// can be typed as they stand.
package pages

import (
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// files gives the project's files whose names end so, by their paths from the
// root, without what tests keep and what is generated.
func files(t *testing.T, suffix string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "generated"):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(path, suffix):
			name, err := filepath.Rel(root, path)
			names = append(names, name)
			return err
		}
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, names, suffix)
	return names
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	require.NoError(t, err)
	return string(text)
}

var fence = regexp.MustCompile("(?ms)^ *```([a-z]*)\n(.*?)^ *```$")

// prose is a page without its blocks of code.
func prose(page string) string { return fence.ReplaceAllString(page, "") }

// blocks gives a page's blocks of code in one language.
func blocks(page, language string) (found []string) {
	for _, block := range fence.FindAllStringSubmatch(page, -1) {
		if block[1] == language {
			found = append(found, block[2])
		}
	}
	return found
}

// A relative link leads to a file or folder that is there, and to a heading in it
// if it names one.
func TestLinks(t *testing.T) {
	t.Parallel()
	links := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, page := range files(t, ".md") {
		for _, link := range links.FindAllStringSubmatch(prose(read(t, page)), -1) {
			if strings.Contains(link[1], "://") || strings.HasPrefix(link[1], "mailto:") {
				continue
			}
			file, heading, _ := strings.Cut(link[1], "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			if _, err := os.Stat(filepath.Join(root, target)); !assert.NoError(t, err, "a link in %s", page) {
				continue
			}
			if heading != "" {
				assert.Contains(t, headings(read(t, target)), heading, "a link in %s to %s", page, target)
			}
		}
	}
}

// headings gives the names by which links find a page's headings.
func headings(page string) (names []string) {
	noWord := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(prose(page), -1) {
		name := noWord.ReplaceAllString(strings.ToLower(heading[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

// provenElsewhere are the pages whose code another test tries.
var provenElsewhere = []string{
	"docs/doctor.md", // internal/thirteenth puts it into a model
	"README.id.md",   // TestTranslation compares it with README.md's
}

// The Go code of the pages stands, line for line, in a file that is compiled.
func TestCode(t *testing.T) {
	t.Parallel()
	var compiled strings.Builder
	for _, file := range files(t, ".go") {
		compiled.WriteString("\n" + bare(read(t, file)))
	}
	for _, page := range files(t, ".md") {
		if slices.Contains(provenElsewhere, page) {
			continue
		}
		for _, block := range blocks(read(t, page), "go") {
			if strings.HasPrefix(block, "package main\n") {
				block = body(t, page, block)
			}
			assert.True(t, strings.Contains(compiled.String(), "\n"+bare(block)), "%s has code that is in no Go file:\n%s", page, block)
		}
	}
	assert.NotEmpty(t, blocks(read(t, "README.md"), "go"))
}

// The code of the pages in other languages stands, line for line, in a file that is run
// or read by its program.
func TestOtherCode(t *testing.T) {
	t.Parallel()
	for language, suffix := range map[string]string{"js": ".js", "python": ".py", "yaml": ".yaml"} {
		var code strings.Builder
		for _, file := range files(t, suffix) {
			code.WriteString("\n" + read(t, file))
		}
		checked := 0
		for _, page := range files(t, ".md") {
			for _, block := range blocks(read(t, page), language) {
				checked++
				assert.True(t, strings.Contains(code.String(), "\n"+block), "%s has code that is in no file *%s:\n%s", page, suffix, block)
			}
		}
		assert.NotZero(t, checked, language)
	}
}

// translations are the pages in Indonesian, by those in English.
var translations = map[string]string{
	"README.md":              "README.id.md",
	"cmd/pmpsmart/README.md": "cmd/pmpsmart/README.id.md",
}

// A translation has what its original has: the same code, comments aside, the same
// links, headings, lists and tables.
func TestTranslation(t *testing.T) {
	t.Parallel()
	for original, translated := range translations {
		t.Run(original, func(t *testing.T) { checkTranslation(t, original, translated) })
	}
}

func checkTranslation(t *testing.T, page, translation string) {
	t.Helper()
	original, translated := read(t, page), read(t, translation)
	original = strings.ReplaceAll(original, "("+filepath.Base(translation)+")", "(README.md)") // each links to the other
	for english, indonesian := range translations {
		translated = strings.ReplaceAll(translated, "]("+indonesian+")", "]("+english+")")
	}
	comment := regexp.MustCompile(`(?m)[ \t]*(//|#) .*$`)
	for _, language := range []string{"go", "sh"} {
		want, got := blocks(original, language), blocks(translated, language)
		require.Len(t, got, len(want), language)
		for i := range want {
			assert.Equal(t, comment.ReplaceAllString(want[i], ""), comment.ReplaceAllString(got[i], ""))
		}
	}
	for what, part := range map[string]*regexp.Regexp{
		"links":    regexp.MustCompile(`\]\((?:[^#)][^)]*|#)`), // a heading's name is translated
		"headings": regexp.MustCompile(`(?m)^#+ `),
		"lists":    regexp.MustCompile(`(?m)^- (\*\*)?`),
		"tables":   regexp.MustCompile("(?m)^\\|((?: `[^`|]+`,?)+ \\||-+\\|)?"), // and the code in their first column
	} {
		want := part.FindAllString(prose(original), -1)
		assert.NotEmpty(t, want, what)
		assert.Equal(t, want, part.FindAllString(prose(translated), -1), "%s of %s", what, translation)
	}
}

// The page of the architecture names files and packages that are there, and all
// packages.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/architecture.md")
	sources := files(t, ".go")
	for _, name := range regexp.MustCompile(`\b[a-z]+\.go\b`).FindAllString(page, -1) {
		assert.True(t, slices.Contains(sources, name) || slices.Contains(sources, "internal/envelope/"+name), "there is no %s", name)
	}
	for _, dir := range []string{"cmd", "examples", "internal"} {
		packages, err := os.ReadDir(filepath.Join(root, dir))
		require.NoError(t, err)
		for _, p := range packages {
			assert.True(t, strings.Contains(page, dir+"/"+p.Name()), "docs/architecture.md does not name %s/%s", dir, p.Name())
		}
		for _, name := range regexp.MustCompile(dir+`/[a-z-]+`).FindAllString(page, -1) {
			assert.DirExists(t, filepath.Join(root, name))
		}
	}
	checkRows(t, page, "| `cmd/pmpsmart`", "cmd/pmpsmart/internal")
	checkRows(t, page, "| `internal/sandbox`", "internal/sandbox")
}

// checkRows checks that the rows that begin so name the folders of dir, all of them and no
// others.
func checkRows(t *testing.T, page, begin, dir string) {
	t.Helper()
	var named []string
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, begin) {
			_, text, _ := strings.Cut(line[1:], "|")
			for _, name := range regexp.MustCompile("`([a-z]+)`").FindAllStringSubmatch(text, -1) {
				named = append(named, name[1])
			}
		}
	}
	slices.Sort(named)
	entries, err := os.ReadDir(filepath.Join(root, dir))
	require.NoError(t, err)
	var folders []string
	for _, entry := range entries {
		if entry.IsDir() {
			folders = append(folders, entry.Name())
		}
	}
	assert.Equal(t, folders, slices.Compact(named), "docs/architecture.md does not name what is in %s", dir)
}

// bare is code without its indentation.
func bare(code string) string {
	return regexp.MustCompile(`(?m)^[ \t]+`).ReplaceAllString(code, "")
}

// body returns what a file holds beside its imports: the body of main, or all
// declarations if it has no main. The file has to be formatted.
func body(t *testing.T, page, file string) string {
	t.Helper()
	formatted, err := format.Source([]byte(file))
	require.NoError(t, err, page)
	assert.Equal(t, string(formatted), file, "%s: not formatted", page)
	_, declarations, found := strings.Cut(file, "\n)\n\n")
	require.True(t, found, "%s: a file without imports", page)
	if main, found := strings.CutPrefix(declarations, "func main() {\n"); found {
		return strings.TrimSuffix(main, "}\n")
	}
	return declarations
}
