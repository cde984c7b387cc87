package main

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

// contentPolicy lets the page run its own script and ask its own server, and nothing
// else: a foreign text that got into it as HTML would do nothing.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// addPage adds the page for people.
func addPage(mux *http.ServeMux) {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the embedded folder has that name
	}
	server := http.FileServerFS(files)
	serve := func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		server.ServeHTTP(w, r)
	}
	mux.HandleFunc("GET /{$}", serve)
	mux.HandleFunc("GET /page.js", serve)
	mux.HandleFunc("GET /page.css", serve)
}
