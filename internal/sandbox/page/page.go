// Package page is the page on which people watch and steer a sandbox: plain HTML, CSS
// and JavaScript over the control API. The parts of the script, in files:
//
//	main.js      looks twice a second what has happened, and hands it on
//	requests.js  the requests and their answers; json.js and curl.js show one
//	records.js   the tables
//	steer.js     the forms and buttons
//	texts.js     the languages, from texts.json; dom.js and api.js the rest
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed files
var files embed.FS

// prefix is the last part of the path of the page, wherever that is.
const prefix = "/_sandbox"

// types are those of the files, whatever the machine's own tables say.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
}

// policy lets the page load what is its own, and nothing else. No script can be made of
// a text.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// Handler serves the page at a path that ends in /_sandbox/, and its files below that at
// page/.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	_, name, _ := strings.Cut(r.URL.Path, prefix)
	switch {
	case name == "":
		to := strings.TrimPrefix(prefix, "/") + "/"
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		w.Header().Set("Location", to) // the page's links are relative to it
		w.WriteHeader(http.StatusPermanentRedirect)
		return
	case name == "/":
		name = "/page/index.html"
	}
	name = "files/" + strings.TrimPrefix(name, "/page/")
	text, err := fs.ReadFile(files, name)
	if err != nil {
		http.Error(w, "the page has no such file", http.StatusNotFound)
		return
	}
	sum := sha256.Sum256(text)
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}

func contentType(name string) string {
	if known := types[path.Ext(name)]; known != "" {
		return known
	}
	return mime.TypeByExtension(path.Ext(name))
}
