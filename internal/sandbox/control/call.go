package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/wire"
)

// A call is one request of the control API.
type call struct {
	s     *Server
	world *world // that it steers
	base  string // the world's path, "" for the main one
	path  string // under the prefix
	id    string // of /worlds/ID
	w     http.ResponseWriter
	r     *http.Request
}

// A mistake is the caller's.
type mistake struct {
	status int
	text   string
}

func (m *mistake) Error() string { return m.text }

func badRequest(format string, args ...any) error {
	return &mistake{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// created is an answer with the status 201.
type created struct{ value any }

// unwell is an answer with the status 503.
type unwell struct{ value any }

// A writer is an answer that writes itself.
type writer func(io.Writer) error

// handled is the answer of an action that has answered.
type handled struct{}

// maxBody limits the body of a request; 8 MiB are some 40,000 records.
const maxBody = 8 << 20

// bodyTimeout is how long a body may bring nothing.
const bodyTimeout = 30 * time.Second

func (c *call) serve() {
	if err := c.s.admit(c.r); err != nil {
		c.fail(http.StatusForbidden, err.Error())
		return
	}
	methods := c.methods()
	if allowOrigin(c.w, c.r, allowed(methods)) {
		return
	}
	method := c.r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	do := methods[method]
	switch {
	case methods == nil:
		c.fail(http.StatusNotFound, fmt.Sprintf("no path %q, known are %s", shown(Prefix+c.path), known()))
		return
	case do == nil:
		c.w.Header().Set("Allow", allowed(methods))
		c.fail(http.StatusMethodNotAllowed, fmt.Sprintf("no method %s of %s, known are %s", c.r.Method, Prefix+c.path, allowed(methods)))
		return
	}
	if err := c.checkQuery(); err != nil {
		c.fail(http.StatusBadRequest, err.Error())
		return
	}
	answer, err := do(c)
	var m *mistake
	switch {
	case errors.As(err, &m):
		c.fail(m.status, m.text)
	case err != nil:
		c.fail(http.StatusInternalServerError, err.Error())
	default:
		c.answer(answer)
	}
}

// methods returns the actions of the path by method, nil if there is no such path.
func (c *call) methods() map[string]action {
	if c.path == "" {
		c.path = "/"
	}
	if id, found := strings.CutPrefix(c.path, "/worlds/"); found && id != "" && !strings.Contains(id, "/") {
		c.id = id
		return paths()["/worlds/ID"]
	}
	if strings.HasPrefix(c.path, pageFiles) {
		return paths()["/"]
	}
	all := paths()
	if methods := all[c.path]; methods != nil {
		return methods
	}
	return all[strings.TrimSuffix(c.path, "/")]
}

func allowed(methods map[string]action) string {
	names := slices.Sorted(maps.Keys(methods))
	if methods[http.MethodGet] != nil {
		names = append(names, http.MethodHead)
	}
	return strings.Join(names, ", ")
}

func (c *call) answer(value any) {
	status := http.StatusOK
	switch v := value.(type) {
	case nil:
		c.w.WriteHeader(http.StatusNoContent)
		return
	case handled:
		return
	case created:
		status, value = http.StatusCreated, v.value
	case unwell:
		status, value = http.StatusServiceUnavailable, v.value
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	c.w.WriteHeader(status)
	if write, ok := value.(writer); ok {
		_ = write(c.w) // the caller has gone
		return
	}
	e := json.NewEncoder(c.w)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // the caller has gone
}

func (c *call) fail(status int, text string) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	_ = e.Encode(map[string]string{"error": text}) // a text always can be
	h := c.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(body.Len())) // so that it ends before a body that is refused does
	h.Set("X-Content-Type-Options", "nosniff")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body.Bytes()) // the caller has gone
}

// readBody returns the request's body without the white space around it.
func (c *call) readBody() ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(wire.NewBody(c.w, c.r, bodyTimeout), maxBody+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.w.Header().Set("Connection", "close")
		return nil, &mistake{http.StatusRequestTimeout, "the body brought nothing for " + bodyTimeout.String()}
	case err != nil:
		return nil, badRequest("the body ended too early: %v", err)
	case len(body) > maxBody:
		return nil, &mistake{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes; send it in parts", maxBody)}
	}
	return trim(body), nil
}

// read reads the request's body into a pointer to a struct or a slice, of which
// example is one.
func (c *call) read(into any, example string) error {
	body, err := c.readBody()
	if err != nil {
		return err
	}
	if len(body) == 0 {
		return badRequest("the body is empty; want JSON such as %s", example)
	}
	return decode(body, into, example)
}

// readIfAny reads a body that may be left out.
func (c *call) readIfAny(into any, example string) error {
	body, err := c.readBody()
	if err != nil || len(body) == 0 {
		return err
	}
	return decode(body, into, example)
}

// readNothing checks that a request without a body has none that says anything.
func (c *call) readNothing() error {
	return c.readIfAny(&struct{}{}, "")
}

// pageFiles is the path of the files that belong to the page.
const pageFiles = "/page/"

// parameters returns the names that the query may have, by path. The page has its own.
func (c *call) parameters() []string {
	switch c.path {
	case "/requests":
		return []string{"op"}
	case "/events":
		return []string{"after"}
	}
	for _, kind := range recordKinds {
		if c.path == "/"+kind.path && c.r.Method != http.MethodPost {
			return []string{"last", "search"}
		}
	}
	return nil
}

// checkQuery returns an error if the query has a parameter that nobody reads.
func (c *call) checkQuery() error {
	if c.path == "/" || strings.HasPrefix(c.path, pageFiles) {
		return nil
	}
	known := c.parameters()
	for name := range c.r.URL.Query() {
		switch {
		case slices.Contains(known, name):
		case known == nil:
			return badRequest("unknown parameter %q in the query: %s has none", shown(name), Prefix+c.path)
		default:
			return badRequest("unknown parameter %q in the query, known is %s", shown(name), strings.Join(known, ", "))
		}
	}
	return nil
}
