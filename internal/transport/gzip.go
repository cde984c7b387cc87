package transport

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// decompress returns the body decompressed. This is done here rather than by
// net/http so that the idle timeout counts the bytes as they come: many may come
// before there is something to read. A body in another encoding fails when it is
// read.
func decompress(raw *http.Response, body *idleBody) io.ReadCloser {
	switch encoding := strings.ToLower(raw.Header.Get("Content-Encoding")); encoding {
	case "", "identity", "none", "utf-8", "utf8": // the last are what a script takes for a charset's place
		return body
	case "gzip", "x-gzip":
		if raw.Uncompressed {
			return body
		}
		return &gzipBody{compressed: body}
	default:
		return &gzipBody{compressed: body, err: encodingError(body.secrets().Line(encoding, 80))}
	}
}

// An encodingError is the encoding of a body that nobody asked for.
type encodingError string

func (e encodingError) Error() string {
	return fmt.Sprintf("it is encoded as %q, which was not asked for", string(e))
}

// A gzipBody is decompressed as it is read, from its first read on.
type gzipBody struct {
	compressed *idleBody
	plain      *gzip.Reader
	err        error // why it can't be decompressed
}

func (b *gzipBody) Read(p []byte) (int, error) {
	if b.plain == nil && b.err == nil {
		b.plain, b.err = gzip.NewReader(b.compressed)
	}
	if b.err != nil {
		return 0, b.err
	}
	if err := b.compressed.canceled(); err != nil {
		return 0, err
	}
	return b.plain.Read(p)
}

func (b *gzipBody) Close() error { return b.compressed.Close() }
