package shape

import (
	"cmp"
	"io"
	"net/http"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

// The types of content.
const (
	JSONType = "application/json"
	HTMLType = "text/html; charset=UTF-8"
)

var contentTypes = map[string]string{"json": JSONType, "html": HTMLType, "text": "text/plain; charset=UTF-8", "none": ""}

// PHP shows its warnings if display_errors is on.
const (
	warningHTML = "<br />\n<b>Warning</b>:  Undefined array key \"items[0]\" in <b>/var/www/pmp/app/Http/Controllers/OrderController.php</b> on line <b>88</b><br />\n"
	warningText = "\nWarning: Undefined array key \"items[0]\" in /var/www/pmp/app/Http/Controllers/OrderController.php on line 88\n"
)

// hostingScript is what some hosting companies add to every page.
const hostingScript = "\n<!-- Hosting -->\n<script src=\"//stats.hosting.test/c.js\"></script>\n<noscript><img src=\"//stats.hosting.test/p.gif\"></noscript>\n"

// noises are what stands before the JSON, and after it.
var noises = map[string][2]string{
	"bom": {"\ufeff", ""}, "html": {warningHTML, ""}, "text": {warningText, ""}, "blank": {"\n\n  ", "\n\n\t \n"},
	"bom-after": {"", "\ufeff"}, "script": {"", hostingScript},
}

// styled reports whether the body is JSON that styles may spoil: a success's.
func (r Response) styled() bool {
	return r.Page == "" && r.Body != nil && r.Status < 300 && r.Status != http.StatusNoContent
}

// ContentType returns the type of a response that states none of its own, "" for
// none.
func (f *Form) ContentType(r Response) string {
	switch {
	case r.Page != "":
		return HTMLType
	case r.Status == http.StatusNoContent:
		return ""
	case r.Body == nil:
		return HTMLType
	case !r.styled():
		return JSONType
	case f.noise == "html" || f.body == "html":
		return HTMLType
	}
	return contentTypes[f.typ]
}

// Write writes the body of a response, with what the form puts around a success
// or in its place, and returns the first error of w.
func (f *Form) Write(w io.Writer, r Response) error {
	switch {
	case r.Page != "":
		_, err := io.WriteString(w, r.Page)
		return err
	case r.Body == nil || r.Status == http.StatusNoContent:
		return nil
	case !r.styled():
		return f.encode(w, r.Pretty, r.Body)
	}
	noise := noises[cmp.Or(r.Noise, f.noise)]
	_, _ = io.WriteString(w, noise[0])
	err := f.writeBody(w, r)
	_, _ = io.WriteString(w, noise[1]+r.Tail)
	return err
}

// brokenMessage is the message of the bodies that are not the response's own.
const brokenMessage = "Data order berhasil diambil"

func (f *Form) writeBody(w io.Writer, r Response) error {
	switch f.body {
	case "html":
		_, err := io.WriteString(w, htmlPage("PMP Smart"))
		return err
	case "empty":
		return nil
	case "nan":
		return f.encode(w, false, f.envelope(brokenMessage, php.Raw("NaN")))
	case "deep":
		const levels = 100_000
		return f.encode(w, false, f.envelope(brokenMessage, php.Raw(strings.Repeat("[", levels)+strings.Repeat("]", levels))))
	case "cut":
		return f.encode(&allButLast{w: w}, r.Pretty, r.Body)
	case "two":
		_, _ = io.WriteString(w, `{"status":false,"message":"Outlet tidak ditemukan","data":null}`)
	}
	return f.encode(w, r.Pretty, r.Body)
}

// allButLast writes all but the last byte.
type allButLast struct {
	w    io.Writer
	last []byte
}

func (a *allButLast) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if _, err := a.w.Write(a.last); err != nil {
		return 0, err
	}
	a.last = append(a.last[:0], p[len(p)-1])
	_, err := a.w.Write(p[:len(p)-1])
	return len(p), err
}
