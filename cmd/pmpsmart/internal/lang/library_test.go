package lang

import (
	"errors"
	"regexp"
	"slices"
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
	const rest = ` is "http://example.com", and http would show the password and the token to whoever listens; use https, or `
	assert.Equal(t, "the server's address"+rest+"give -insecure if the network is trusted", English.Error(err))
	assert.Equal(t, "alamat server"+rest+"beri -insecure bila jaringannya tepercaya", Indonesian.Error(err))
	refusal := errors.New("pmpsmart: UpdateOutletCode: 403 Forbidden")
	assert.Equal(t, "line 1: changing the outlet's code: 403 Forbidden", English.Error(Errorf("line %d: %w", 1, refusal)))
	assert.Equal(t, "mengubah kode outlet: 403 Forbidden", Indonesian.Error(refusal))
	assert.Equal(t, "WithTax.csv: no such file", English.Error(errors.New("WithTax.csv: no such file")), "a file's name is no word of the library's")
}
