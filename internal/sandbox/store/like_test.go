package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
)

func TestLike(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"%ferry%", "Budi FERRYanto", true}, {"ferry%", "Budi Ferryanto", false}, {"%ferry", "Ferryanto", false}, {"%", "", true}, {"", "x", false},
		{"_iti%", "Siti Aminah", true}, {"%_-%%", "A-1", true}, {"%a.b%", "axb", false}, {"%é%", "É", false}, {"%é%", "kafé", true},
		{"%a%b%", "a\nb", true}, {"%k%", "\u212a", false}, // the Kelvin sign is no k
	} {
		assert.Equal(t, tt.want, store.Like(tt.pattern)(tt.text), "%q LIKE %q", tt.text, tt.pattern)
	}
}
