package doctor

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxCopy bounds the copy that is kept of one answer's body, a page of a list.
const maxCopy = 4 << 20

// A tap is the http.RoundTripper between the client and the network. It keeps a
// bounded copy of each answer's body as it came, gives it to see when the client
// is done with it, and lets nothing pass that is not among the paths it knows.
type tap struct {
	next  http.RoundTripper
	base  string   // the path that all others follow, "/api/v1"
	paths []string // that may be asked
	see   func(answer)
}

// An answer is what came back for one request.
type answer struct {
	path   string // the endpoint's
	status int    // HTTP, 0 where no answer came
	media  string // of Content-Type
	body   []byte
	took   time.Duration
	cut    bool // the copy ends before the body does: the client, or the doctor, had enough
}

// RoundTrip sends a request of a known path.
func (t *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	path, ok := t.known(r.URL.Path)
	if !ok {
		return nil, fmt.Errorf("the doctor only reads, and %s is none of the endpoints that it asks", r.URL.Path)
	}
	began := time.Now()
	answered, err := t.next.RoundTrip(r)
	if err != nil {
		t.see(answer{path: path, took: time.Since(began)})
		return nil, err
	}
	media, _, err := mime.ParseMediaType(answered.Header.Get("Content-Type"))
	if err != nil {
		media = ""
	}
	answered.Body = &copied{ReadCloser: answered.Body, began: began, see: t.see,
		answer: answer{path: path, status: answered.StatusCode, media: media}}
	return answered, nil
}

// known returns the endpoint's path under the base. It is compared whole: json/order,
// which inserts, ends like order, which lists.
func (t *tap) known(path string) (string, bool) {
	path, ok := strings.CutPrefix(path, t.base+"/")
	return path, ok && slices.Contains(t.paths, path)
}

// A copied body is copied as it is read.
type copied struct {
	io.ReadCloser
	began  time.Time
	answer answer
	copy   bytes.Buffer
	ended  bool // the body was read to its end, or broke there
	once   sync.Once
	see    func(answer)
}

func (c *copied) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	room := min(n, maxCopy-c.copy.Len())
	c.copy.Write(p[:room])
	c.answer.cut = c.answer.cut || room < n
	c.ended = c.ended || err != nil
	return n, err
}

// Close hands the copy on.
func (c *copied) Close() error {
	c.once.Do(func() {
		c.answer.cut = c.answer.cut || !c.ended
		c.answer.took = time.Since(c.began)
		c.answer.body = c.copy.Bytes()
		c.see(c.answer)
	})
	return c.ReadCloser.Close()
}
