package pages

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The commands of the pages name packages, flags, targets and parts that are
// there, in blocks of shell as in running text.
func TestCommands(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, page := range files(t, ".md") {
		for _, line := range commands(read(t, page)) {
			line, _, _ = strings.Cut(line, " #")
			if words := strings.Fields(line); len(words) > 1 && checkCommand(t, page, words) {
				checked++
			}
		}
	}
	assert.Greater(t, checked, 30)
}

var codeSpan = regexp.MustCompile("`([^`\n]+)`")

// commands gives the lines of a page's blocks of shell and what its text sets as
// code.
func commands(page string) (lines []string) {
	for _, block := range blocks(page, "sh") {
		lines = append(lines, strings.Split(block, "\n")...)
	}
	for _, span := range codeSpan.FindAllStringSubmatch(prose(page), -1) {
		lines = append(lines, span[1])
	}
	return lines
}

// checkCommand reports whether it knows the command.
func checkCommand(t *testing.T, page string, words []string) bool {
	t.Helper()
	for strings.Contains(words[0], "=") && len(words) > 2 { // the environment's
		words = words[1:]
	}
	if words[0] == "pmpsmart" { // as it is called once it is installed
		checkProgram(t, page, "./cmd/pmpsmart", words[1:])
		return true
	}
	switch words[0] + " " + words[1] {
	case "go run":
		checkProgram(t, page, words[2], words[3:])
	case "go test", "go build", "go vet":
		checkPackages(t, page, words[2:])
	case "bash .ci/run":
		for _, part := range words[2:] {
			assert.Contains(t, read(t, ".ci/run"), "\n"+part+"() {", "%s: no part of .ci/run", page)
		}
	default:
		switch words[0] {
		case "make":
			for _, target := range words[1:] {
				checkTarget(t, page, target)
			}
		case "pmpsmart-doctor":
			checkProgram(t, page, "./cmd/pmpsmart-doctor", words[1:])
		default:
			return false
		}
	}
	return true
}

// importedPackage matches the import of a package of this repository that holds what a
// program does.
var importedPackage = regexp.MustCompile(`"github.com/pmpsmart/pmpsmart-go/(internal/[a-z/]+)"`)

// readAll returns the text of all files that a pattern matches.
func readAll(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pattern))
	assert.NoError(t, err)
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		assert.NoError(t, err)
		all.Write(text)
	}
	return all.String()
}

// checkProgram checks a program's folder and the flags given to it.
func checkProgram(t *testing.T, page, dir string, arguments []string) {
	t.Helper()
	if !strings.HasPrefix(dir, "./") {
		return // another module's, by its version
	}
	main := readAll(t, filepath.Join(dir, "*.go"))
	if !assert.NotEmpty(t, main, "%s: go run %s", page, dir) {
		return
	}
	code := main + readAll(t, filepath.Join(dir, "internal/*/*.go"))
	for _, imported := range importedPackage.FindAllStringSubmatch(main, -1) {
		code += readAll(t, filepath.Join(imported[1], "*.go"))
	}
	for _, argument := range arguments {
		flag, isFlag := strings.CutPrefix(argument, "-")
		flag, _, _ = strings.Cut(flag, "=")
		if isFlag && flag != "h" && flag != "" {
			assert.Contains(t, code, `"`+flag+`"`, "%s: %s has no flag -%s", page, dir, flag)
		}
	}
}

// checkPackages checks the packages given to the go command.
func checkPackages(t *testing.T, page string, arguments []string) {
	t.Helper()
	for _, argument := range arguments {
		if dir, ok := strings.CutPrefix(argument, "./"); ok {
			assert.DirExists(t, filepath.Join(root, strings.TrimSuffix(dir, "...")), page)
		}
	}
}

// checkTarget checks a target of the Makefile.
func checkTarget(t *testing.T, page, target string) {
	t.Helper()
	if strings.Contains(target, "=") {
		return
	}
	makefile := read(t, "Makefile")
	parts := regexp.MustCompile(`(?m)^PARTS := (.*)$`).FindStringSubmatch(makefile)
	known := strings.Contains(makefile, "\n"+target+":") || parts != nil && strings.Contains(" "+parts[1]+" ", " "+target+" ")
	assert.True(t, known, "%s: make %s", page, target)
}
