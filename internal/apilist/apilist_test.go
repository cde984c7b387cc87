package apilist_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/apilist"
)

var (
	update = flag.Bool("update", false, "write api/next.txt anew")
	freeze = flag.String("freeze", "", "write the whole listing as that version's, such as v0.1.0")
)

const root = "../.."

// packages are those that users import.
var packages = []string{".", "otelpmpsmart", "pmpsmarttest", "redisstore"}

// The API is what the last release had, in api/v*.txt, and what came and went
// since, in api/next.txt with + and - before the line. A change that next.txt
// does not list, or the changelog does not name, fails.
func TestAPIIsListed(t *testing.T) {
	if *freeze != "" {
		file := filepath.Join(root, "api", *freeze+".txt")
		require.NoError(t, os.WriteFile(file, []byte(strings.Join(append(current(t), ""), "\n")), 0o644))
	}
	released := lines(t, latest(t))
	want := changes(released, current(t))
	next := filepath.Join(root, "api", "next.txt")
	if *update {
		require.NoError(t, os.WriteFile(next, []byte(strings.Join(append(want, ""), "\n")), 0o644))
	}
	require.Equal(t, want, lines(t, next), "the exported API changed: run `make api`, and say so in CHANGELOG.md")

	unreleased := section(t, "Unreleased")
	for _, line := range want {
		typ, isMember := memberOf(line)
		if isMember && slices.Contains(want, line[:1]+typ) {
			continue // the changelog names its type, which is new too
		}
		require.Contains(t, unreleased, name(line), "CHANGELOG.md does not name a change of the API under Unreleased: %s", line)
	}
}

// latest gives the file of the last release.
func latest(t *testing.T) string {
	names, err := filepath.Glob(filepath.Join(root, "api", "v*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, names, "no release is listed in api/")
	slices.Sort(names)
	return names[len(names)-1]
}

func current(t *testing.T) (all []string) {
	for _, dir := range packages {
		list, err := apilist.List(filepath.Join(root, dir))
		require.NoError(t, err)
		require.NotEmpty(t, list, dir)
		all = append(all, list...)
	}
	return all
}

// changes gives what was added and removed between two listings.
func changes(before, after []string) []string {
	diff := []string{}
	for _, line := range after {
		if !slices.Contains(before, line) {
			diff = append(diff, "+"+line)
		}
	}
	for _, line := range before {
		if !slices.Contains(after, line) {
			diff = append(diff, "-"+line)
		}
	}
	return diff
}

func lines(t *testing.T, file string) []string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	list := []string{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// section gives the part of the changelog under a heading.
func section(t *testing.T, heading string) string {
	text, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(text), "## ["+heading+"]")
	rest, _, _ = strings.Cut(rest, "\n## ")
	return rest
}

// memberOf returns the line of the type that a line lists a field or method of.
func memberOf(line string) (typ string, isMember bool) {
	found := regexp.MustCompile(`^.(pkg [^,]*, type \w+ (?:struct|interface)),? `).FindStringSubmatch(line)
	if found == nil {
		return "", false
	}
	return found[1], true
}

// name gives the name that a line of a listing is about.
func name(line string) string {
	_, line, _ = strings.Cut(line, ", ")
	found := regexp.MustCompile(`^(?:const|var|func|method \([^)]*\)|type) (\w+)(?:[^,]*, (?:embedded )?\*?([\w.]+))?`).FindStringSubmatch(line)
	if found == nil {
		return line
	}
	if strings.HasPrefix(line, "type ") && found[2] != "" {
		return found[2]
	}
	return found[1]
}
