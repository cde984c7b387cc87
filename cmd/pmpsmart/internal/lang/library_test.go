package lang

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// Each phrase that stands in the place of the library's words is there in Indonesian, with
// the same parts.
func TestThePhrasesOfTheLibrary(t *testing.T) {
	t.Parallel()
	phrases, parts := command.Phrases(), regexp.MustCompile(`\$\d|\{[a-zA-Z ]+\}|\B-[a-z]+|PMPSMART_[A-Z]+`)
	for _, phrase := range phrases {
		if !hasWords(parts.ReplaceAllString(phrase, "")) {
			continue
		}
		translated := libraryPhrases[phrase]
		assert.NotEmpty(t, translated, phrase)
		assert.Equal(t, parts.FindAllString(phrase, -1), parts.FindAllString(translated, -1), phrase)
	}
	for phrase := range libraryPhrases {
		assert.Contains(t, phrases, phrase, "nothing says it any more")
	}
	assert.True(t, slices.IsSorted(phrases))
}

// An error of the library is told in the words of who runs the program, also inside
// another one.
func TestErrorsOfTheLibrary(t *testing.T) {
	t.Parallel()
	_, err := pmpsmart.New(pmpsmart.WithBaseURL("http://example.com"))
	require.Error(t, err)
	assert.Equal(t, `the server's address is "http://example.com", and http would show the password and the token to whoever listens; use https, or give -insecure if the network is trusted`, English.Error(err))
	assert.Equal(t, `alamat server adalah "http://example.com", dan lewat http kata sandi dan token terlihat oleh siapa saja yang menyadap; pakai https, atau beri -insecure bila jaringannya tepercaya`, Indonesian.Error(err))
	refusal := errors.New("pmpsmart: UpdateOutletCode: 403 Forbidden")
	assert.Equal(t, "line 1: changing the outlet's code: 403 Forbidden", English.Error(Errorf("line %d: %w", 1, refusal)))
	assert.Equal(t, "mengubah kode outlet: 403 Forbidden", Indonesian.Error(refusal))
	assert.Equal(t, "WithTax.csv: no such file", English.Error(errors.New("WithTax.csv: no such file")), "a file's name is no word of the library's")
}

// Of the errors that the page of errors shows, those that a command can meet are in one
// language, but for what the server itself says.
func TestErrorsOfThePageInIndonesian(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../../docs/errors.md")
	require.NoError(t, err)
	_, shown, _ := strings.Cut(string(page), "# As they print")
	blocks := regexp.MustCompile("(?s)```\n(pmpsmart: .*?)\n```").FindAllStringSubmatch(shown, -1)
	require.Greater(t, len(blocks), 30)
	ofPrograms := regexp.MustCompile(`Client is nil|an id is at least|did you mean|leave it out of the path|the page was closed|want integer`)
	ofServers := regexp.MustCompile(`This action is unauthorized\.|The order was changed\.|The given data was invalid\..*|No query results .*|Too Many Attempts\.`)
	english := regexp.MustCompile(`\b(?:the|and|or|is|was|are|it|not|no|want|set|where|whether|server's)\b`)
	for _, block := range blocks {
		if text := ofServers.ReplaceAllString(Indonesian.Error(errors.New(block[1])), ""); !ofPrograms.MatchString(block[1]) {
			assert.NotRegexp(t, english, text)
		}
	}
}
