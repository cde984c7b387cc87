package transport

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestURLs(t *testing.T) {
	t.Parallel()
	var u urls
	for range 2 {
		for n := range 2 * maxURLs {
			path := "order?page=" + strconv.Itoa(n)
			got, err := u.of("https://host/api/v1", path)
			require.NoError(t, err)
			require.Equal(t, "https://host/api/v1/"+path, got.String())
		}
	}
	require.Len(t, u.known, maxURLs)
}
