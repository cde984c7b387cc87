package sheet

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

func utf16Of(text, encoding string) string {
	units := utf16.Encode([]rune(text))
	if !strings.HasSuffix(encoding, "without BOM") {
		units = append([]uint16{0xfeff}, units...)
	}
	var b []byte
	for _, unit := range units {
		if strings.HasPrefix(encoding, "UTF-16LE") {
			b = append(b, byte(unit), byte(unit>>8))
		} else {
			b = append(b, byte(unit>>8), byte(unit))
		}
	}
	return string(b)
}

func gzipOf(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}
