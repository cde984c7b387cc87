package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// The commands of the README do what they say, one after the other, on a server.
func TestReadme(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	srv, dir := newServer(t), t.TempDir()
	env := append(home(t), environment(srv)...)
	readmeFiles(t, dir)
	checked := 0
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(string(page), -1) {
		for line := range strings.Lines(block[1]) {
			words := shellWords(strings.TrimSpace(line))
			if len(words) < 2 || words[0] != "pmpsmart" || words[1] == "login" {
				continue
			}
			for i, word := range words {
				if word == ">" { // a shell's
					words = words[:i]
					break
				}
				words[i] = strings.Replace(word, "/srv/", dir+"/", 1)
				if word == "-profile" {
					words[i], words[i+1] = "-quiet", "-json" // the account is the environment's here
				}
			}
			out := run(t, dir, env, words[1], words[2:]...)
			assert.Zero(t, out.status, "%s: %s", line, out.stderr)
			checked++
		}
	}
	assert.Greater(t, checked, 25)
	assert.Equal(t, "OUT-001", srv.Outlets()[0].Code, "the undo file took the change back")
	assert.FileExists(t, filepath.Join(dir, "january.csv"))
}

// readmeFiles makes the files that the commands of the README are given.
func readmeFiles(t *testing.T, dir string) {
	t.Helper()
	book := excelize.NewFile()
	for cell, text := range map[string]string{"A1": "id", "B1": "code", "C1": "Nomor", "D1": "Kode baru", "A2": "7", "B2": "BUKU-007", "C2": "7", "D2": "BUKU-007"} {
		require.NoError(t, book.SetCellStr("Sheet1", cell, text))
	}
	require.NoError(t, book.SaveAs(filepath.Join(dir, "codes.xlsx")))
	for name, text := range map[string]string{
		"codes.csv":      "id,code\n1,KODE-001\n2,KODE-002\n",
		"status.csv":     "id,status\n198,cancel\n",
		"orders.jsonl":   `{"code": "PMP-3903001", "status": "completed", "data": {"any": "JSON"}}` + "\n",
		"new-orders.csv": "No,Status,telepon,items.0.qty\nPMP-3903002,draft,0812345678,3\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
}

// shellWords splits a line as a shell does, as far as the README needs it.
func shellWords(line string) (words []string) {
	for _, word := range regexp.MustCompile(`'[^']*'|[^\s']+`).FindAllString(line, -1) {
		words = append(words, strings.Trim(word, "'"))
	}
	return words
}
