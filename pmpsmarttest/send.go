package pmpsmarttest

import (
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
)

// send writes an answer as the form has it.
func (x *exchange) send(a answer) {
	if x.is(FaultLostAnswer) {
		x.hangUp(true)
		return
	}
	header := x.w.Header()
	header.Set("Cache-Control", "no-cache, private")
	maps.Copy(header, x.limits)
	maps.Copy(header, a.header)
	x.w.secret = a.token
	x.spoil()

	err := x.sendWhole(a)
	if errors.Is(err, errCut) || x.is(FaultCut) {
		x.hangUp(false)
	}
}

func (x *exchange) sendWhole(a answer) error {
	switch {
	case a.page != "":
		x.start(a.status, htmlType)
		_, err := io.WriteString(x.w, a.page)
		return err
	case a.status == http.StatusNoContent:
		x.start(a.status, "")
		return nil
	case a.body == nil:
		x.start(a.status, htmlType)
		return nil
	case a.status < 300:
		return x.sendStyled(a)
	}
	x.start(a.status, jsonType)
	return encode(x.w, &x.form, a.pretty, a.body)
}

const (
	jsonType = "application/json"
	htmlType = "text/html; charset=UTF-8"
)

// start writes the answer's head, with a Content-Type where the answer has none
// of its own; "" keeps net/http from guessing one.
func (x *exchange) start(status int, contentType string) {
	if x.is(FaultWrongType) {
		contentType = wrongType(contentType)
	}
	header := x.w.Header()
	switch _, given := header["Content-Type"]; {
	case given:
	case contentType == "":
		header["Content-Type"] = nil
	default:
		header.Set("Content-Type", contentType)
	}
	x.w.WriteHeader(status)
}

func wrongType(contentType string) string {
	if contentType == jsonType {
		return htmlType
	}
	return jsonType
}

// PHP shows its warnings where display_errors is on.
const (
	warningHTML = "<br />\n<b>Warning</b>:  Undefined array key \"items[0]\" in <b>/var/www/pmp/app/Http/Controllers/OrderController.php</b> on line <b>88</b><br />\n"
	warningText = "\nWarning: Undefined array key \"items[0]\" in /var/www/pmp/app/Http/Controllers/OrderController.php on line 88\n"
)

// noises are what stands before the JSON, and after it.
var noises = map[string][2]string{
	"bom": {"\ufeff", ""}, "html": {warningHTML, ""}, "text": {warningText, ""}, "blank": {"\n\n  ", "\n\n\t \n"},
}

var contentTypes = map[string]string{"json": jsonType, "html": htmlType, "text": "text/plain; charset=UTF-8", "none": ""}

// sendStyled writes the JSON of a success with all that a style puts around it
// or in its place.
func (x *exchange) sendStyled(a answer) error {
	f := &x.form
	contentType := contentTypes[f.typ]
	if f.noise == "html" || f.body == "html" {
		contentType = htmlType
	}
	x.start(a.status, contentType)
	noise := noises[f.noise]
	_, _ = io.WriteString(x.w, noise[0])
	err := x.sendBody(a)
	_, _ = io.WriteString(x.w, noise[1])
	return err
}

func (x *exchange) sendBody(a answer) error {
	f := &x.form
	switch f.body {
	case "html":
		_, err := io.WriteString(x.w, htmlPage("PMP Smart"))
		return err
	case "empty":
		return nil
	case "nan":
		return encode(x.w, f, false, f.envelope(taken, raw("NaN")))
	case "deep":
		const levels = 100_000
		return encode(x.w, f, false, f.envelope(taken, raw(strings.Repeat("[", levels)+strings.Repeat("]", levels))))
	case "cut":
		return encode(&shortened{w: x.w}, f, a.pretty, a.body)
	case "two":
		_, _ = io.WriteString(x.w, `{"status":false,"message":"Outlet tidak ditemukan","data":null}`)
	}
	return encode(x.w, f, a.pretty, a.body)
}

// shortened writes all but the last byte.
type shortened struct {
	w    io.Writer
	last []byte
}

func (s *shortened) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if _, err := s.w.Write(s.last); err != nil {
		return 0, err
	}
	s.last = append(s.last[:0], p[len(p)-1])
	_, err := s.w.Write(p[:len(p)-1])
	return len(p), err
}

// A wire is what an answer is written to: it keeps what the log of requests
// tells, and it is where a fault cuts an answer or slows it down.
type wire struct {
	http.ResponseWriter
	status int
	sent   int64
	head   []byte // the first bytes, as many as the log keeps
	secret string // a token among them

	cut   bool
	left  int64 // bytes until the cut
	piece int   // bytes at once, 0 for all
	pause func() bool
}

// errCut ends an answer that a fault cuts short.
var errCut = errors.New("cut short")

func (w *wire) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *wire) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		piece := p
		if w.piece > 0 {
			piece = p[:min(len(p), w.piece)]
		}
		var k int
		k, err = w.write(piece)
		n, p = n+k, p[k:]
	}
	return n, err
}

// write writes one piece.
func (w *wire) write(p []byte) (n int, err error) {
	if w.cut && int64(len(p)) > w.left {
		p, err = p[:w.left], errCut
	}
	n, problem := w.ResponseWriter.Write(p)
	w.left -= int64(n)
	w.sent += int64(n)
	w.head = append(w.head, p[:min(n, max(0, mostAnswer-len(w.head)))]...)
	if w.pause != nil && problem == nil {
		w.Flush()
		if !w.pause() {
			problem = net.ErrClosed
		}
	}
	if problem != nil {
		err = problem
	}
	return n, err
}

// Flush sends on what net/http has gathered.
func (w *wire) Flush() { http.NewResponseController(w.ResponseWriter).Flush() }

// hangUp ends the connection, and with it the exchange: hard with a reset, else
// once what was written has arrived.
func (x *exchange) hangUp(hard bool) {
	if hard {
		x.w.status = 0
	} else {
		x.w.Flush()
	}
	x.record() // before the client learns of it
	hangUp(x.w.ResponseWriter, hard)
}

// hangUp ends the connection of a request.
func hangUp(w http.ResponseWriter, hard bool) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2, where a stream ends alone
	}
	if hard {
		reset(conn)
	}
	conn.Close()
}

// reset makes the close of a connection a reset.
func reset(conn net.Conn) {
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = wrapped.NetConn() // below TLS
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}
