package pmpsmart

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// unzip gives the body decompressed. It is asked for by headers.of and done here
// rather than by the transport, so that the silence is timed on the bytes as they
// come: much may come before there is something to read. A body in another
// encoding fails when it is read.
func unzip(raw *http.Response, body io.ReadCloser) io.ReadCloser {
	switch encoding := strings.ToLower(raw.Header.Get("Content-Encoding")); encoding {
	case "", "identity", "none", "utf-8", "utf8": // the last are what a script takes for a charset's place
		return body
	case "gzip", "x-gzip":
		if raw.Uncompressed {
			return body
		}
		return &zipped{packed: body}
	default:
		return &zipped{packed: body, err: encodingError(encoding)}
	}
}

// An encodingError is the encoding of a body that nobody asked for.
type encodingError string

func (e encodingError) Error() string {
	return fmt.Sprintf("it is encoded as %q, which was not asked for", string(e))
}

// A zipped body is decompressed as it is read, from its first read on.
type zipped struct {
	packed io.ReadCloser
	plain  *gzip.Reader
	err    error // why it can't be decompressed
}

func (z *zipped) Read(p []byte) (int, error) {
	if z.plain == nil && z.err == nil {
		z.plain, z.err = gzip.NewReader(z.packed)
	}
	if z.err != nil {
		return 0, z.err
	}
	return z.plain.Read(p)
}

func (z *zipped) Close() error { return z.packed.Close() }

// isCorrupt tells bytes that can't be decompressed from a broken connection.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	var unknown encodingError
	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt) || errors.As(err, &unknown)
}
