package transport

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// A decodedBody is the body of a response, decompressed as it is read. This is done
// here rather than by net/http so that the idle timeout counts the bytes as they
// come: many may come before there is something to read. How a body is compressed
// is seen from how it begins, since servers name gzip that send none, send it
// twice or name it twice.
type decodedBody struct {
	wire     *idleBody
	encoding string    // that the header names, "" for none
	plain    io.Reader // nil before the first read
	err      error     // why it can't be decompressed
}

// Read reads from the decompressed body.
func (b *decodedBody) Read(p []byte) (int, error) {
	switch {
	case b.plain == b.wire:
		return b.wire.Read(p)
	case b.err != nil:
		return 0, b.err
	case b.plain != nil:
	case b.encoding != "":
		b.decode(b.wire)
	default:
		n, err := b.wire.Read(p)
		if n == 0 || p[0] != gzipMagic[0] { // as nearly always
			if n > 0 {
				b.plain = b.wire
			}
			return n, err
		}
		b.decode(io.MultiReader(bytes.NewReader(bytes.Clone(p[:n])), b.wire))
	}
	if b.err == nil {
		b.err = b.wire.canceled() // much may have come before that
	}
	if b.err != nil {
		return 0, b.err
	}
	return b.plain.Read(p)
}

// decode sets what is read of the body, which comes from wire.
func (b *decodedBody) decode(wire io.Reader) {
	b.plain, b.err = decode(bufio.NewReader(wire), b.encoding)
	if odd, ok := b.err.(*encodingError); ok { //nolint:errorlint // as decode returns it
		odd.encoding = b.wire.secrets().Line(odd.encoding, 80)
	}
}

// Close closes the body.
func (b *decodedBody) Close() error { return b.wire.Close() }

// encodingOf returns the Content-Encoding that a header names, "" for none. If there
// are several, it returns one that is not gzip.
func encodingOf(h http.Header) (encoding string) {
	for _, value := range h["Content-Encoding"] {
		for name := range strings.SplitSeq(value, ",") {
			switch name = strings.TrimSpace(name); strings.ToLower(name) {
			case "", "identity", "none", "utf-8", "utf8": // the last are what a script takes for a charset's place
			case "gzip", "x-gzip":
				if encoding == "" {
					encoding = "gzip"
				}
			default:
				encoding = name
			}
		}
	}
	return encoding
}

const gzipMagic = "\x1f\x8b"

// decode returns a reader of the body in from, whose header names encoding. A body
// that is plain text is returned as it is, whatever the header says.
func decode(from *bufio.Reader, encoding string) (io.Reader, error) {
	const layers = 2
	for range layers {
		start, err := from.Peek(len(gzipMagic))
		if string(start) != gzipMagic {
			if len(start) == 0 && !errors.Is(err, io.EOF) {
				return nil, err
			}
			break
		}
		plain, err := newGunzip(from)
		if err != nil {
			return nil, err
		}
		from, encoding = bufio.NewReader(plain), ""
	}
	if start, _ := from.Peek(32); encoding != "" && !isText(start) {
		return nil, &encodingError{encoding, bytes.Clone(start[:min(len(start), 4)])}
	}
	return from, nil
}

// isText reports whether what a body starts with is text, and nothing that a
// compression made.
func isText(start []byte) bool {
	for i := 0; i < len(start); {
		r, size := utf8.DecodeRune(start[i:])
		if r == utf8.RuneError && size == 1 && utf8.FullRune(start[i:]) || r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return false
		}
		i += size
	}
	return true
}

// An encodingError is a body that is neither gzip nor text.
type encodingError struct {
	encoding string // as the header has it
	start    []byte
}

func (e *encodingError) Error() string {
	if e.encoding == "gzip" {
		return fmt.Sprintf("it is said to be gzip, and begins with the bytes %x", e.start)
	}
	return fmt.Sprintf("it is encoded as %q, which was not asked for", e.encoding)
}

// ErrTooLarge is the error of a compressed body that hardly decompresses to anything,
// however long it is.
var ErrTooLarge = errors.New("gzip: it is far longer than what it holds")

// A gunzip decompresses gzip, one stream after the other. What follows the last one
// and is no gzip, such as the zeros of a padding or a line break of a script, is
// left out.
type gunzip struct {
	from       *bufio.Reader // of the compressed bytes
	compressed io.Reader     // below from
	stream     *gzip.Reader
	idle       int64 // compressed bytes that nothing came of
}

func newGunzip(compressed io.Reader) (*gunzip, error) {
	g := &gunzip{compressed: compressed}
	g.from = bufio.NewReader(compressedBytes{g})
	var err error
	if g.stream, err = gzip.NewReader(g.from); err != nil {
		return nil, err
	}
	g.stream.Multistream(false)
	return g, nil
}

func (g *gunzip) Read(p []byte) (int, error) {
	for {
		n, err := g.stream.Read(p)
		g.idle = max(0, g.idle-maxGzipCost*int64(n))
		if err == io.EOF { //nolint:errorlint // as a Reader says it
			err = g.next()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next goes on to the next stream. It returns io.EOF if there is none.
func (g *gunzip) next() error {
	start, err := g.from.Peek(len(gzipMagic))
	if string(start) != gzipMagic {
		if err != nil {
			return err // a lone byte may be before it
		}
		return io.EOF
	}
	err = g.stream.Reset(g.from)
	g.stream.Multistream(false)
	return err
}

// maxGzipCost is how many bytes of gzip may stand for one: small flushes take ten.
const maxGzipCost = 16

// compressedBytes reads for a gunzip. It fails where many bytes come and nothing comes of
// them, however much came before: empty blocks without end would keep a processor busy
// for as long.
type compressedBytes struct{ *gunzip }

func (c compressedBytes) Read(p []byte) (int, error) {
	const most = 1 << 20
	if c.idle > most {
		return 0, ErrTooLarge
	}
	n, err := c.gunzip.compressed.Read(p)
	c.idle += int64(n)
	return n, err
}
