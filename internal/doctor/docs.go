package doctor

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/scribe"
)

// docPaths are where Scribe leaves its descriptions: each form where Laravel serves it
// and where it lies as a file.
var docPaths = []string{"/docs.openapi", "/docs.postman", "/docs/openapi.yaml", "/docs/collection.json"}

// readDocs asks the host for the descriptions of its API that are open to anybody. It
// sends no token and follows no redirect; one of each form is enough.
func (d *doctor) readDocs(ctx context.Context, o options) {
	client := &http.Client{Timeout: o.timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	known := make(map[string]bool)
	for i, path := range docPaths {
		if known[[]string{scribe.OpenAPI, scribe.Postman}[i%2]] || ctx.Err() != nil {
			continue
		}
		d.progress.begin(path)
		doc := d.readDoc(ctx, client, path)
		known[doc.Form] = true
		d.report.Documents = append(d.report.Documents, doc)
		_ = retry.Sleep(ctx, time.Duration(float64(time.Second)/o.rate))
	}
}

// readDoc asks for one description.
func (d *doctor) readDoc(ctx context.Context, client *http.Client, path string) *report.Document {
	doc := &report.Document{Path: path, Form: report.NoAnswer, Endpoints: []string{}, Fields: []*report.NamedField{}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.origin+path, nil)
	if err != nil {
		return doc
	}
	req.Header.Set("User-Agent", "pmpsmart-doctor")
	resp, err := client.Do(req)
	if err != nil {
		return doc
	}
	defer resp.Body.Close()
	doc.HTTP, doc.Form = resp.StatusCode, "none"
	if resp.StatusCode != http.StatusOK {
		return doc
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, scribe.MaxBytes+1))
	if err != nil {
		doc.Form = report.IsCut
		return doc
	}
	form, operations, err := scribe.Parse(text)
	switch {
	case errors.Is(err, scribe.ErrOther):
		doc.Form = "other"
	case err != nil:
		doc.Form = "too large"
	default:
		doc.Form = form
		b := docBuilder{doc, make(map[string]bool)}
		for _, operation := range operations {
			b.add(operation, d.base)
		}
	}
	return doc
}

// requests are the endpoints that the client has, and the fields that it sends.
var requests = map[string][]string{
	"auth/login":            {"email", "password"},
	"auth/logout":           nil,
	"json/order":            {"kode_order", "json_data", "status"},
	"json/order/update":     {"kode_order", "json_data", "status"},
	"json/order/get/filter": {"search", "kode_order", "status", "status_order", "start_date", "end_date", "page", "cursor"},
	"master/outlet":         {"page", "cursor"},
	"master/outlet/update":  {"id_outlet", "kode_outlet"},
	"order":                 {"status", "date_order", "user_id", "outlet_id", "page", "cursor"},
	"order/update":          {"order_id", "status"},
	"order/detail":          {"order_id"},
	"user/sales":            {"name", "page", "cursor"},
	"visit":                 {"name", "page", "cursor"},
}

// responses are the records of the endpoints that write; the probes have the others.
var responses = map[string]any{
	"json/order": pmpsmart.JSONOrder{}, "json/order/update": pmpsmart.JSONOrder{}, "master/outlet/update": pmpsmart.Outlet{}, "order/update": pmpsmart.Order{},
}

// The bounds of what a report takes from a description.
const (
	maxDocEndpoints = 200
	maxDocFields    = 500
)

// A docBuilder adds to a document what the client does not name.
type docBuilder struct {
	*report.Document
	known map[string]bool
}

// add adds what an operation names. base is the path that those of the API follow.
func (b *docBuilder) add(o scribe.Operation, base string) {
	path, ok := strings.CutPrefix(o.Path, base+"/")
	if !ok {
		path = o.Path
	}
	path = strings.TrimRight(path, "/")
	sent, has := requests[path]
	if !has || o.Method != http.MethodPost {
		b.endpoint(o.Method + " " + shownEndpoint(path))
		return
	}
	for _, name := range o.Fields {
		name = report.ShownPath(strings.ReplaceAll(name, "[]", ".*"))
		if !slices.Contains(sent, name) && !strings.HasPrefix(name, report.Key) {
			b.field(path, "request", name)
		}
	}
	c := newCensus(100)
	want := wantedOf(path)
	for _, example := range o.Responses {
		c.records(find(read(example), false, want).records)
	}
	for _, f := range c.result(want.fields, nil) {
		if !f.Named && !strings.HasPrefix(f.Name, report.Key) {
			b.field(path, "response", f.Name)
		}
	}
}

// wantedOf returns what the responses of an endpoint hold.
func wantedOf(path string) *wanted {
	for _, p := range probes {
		if p.path == path {
			return &wanted{fields: p.names, many: p.want.many}
		}
	}
	if model := responses[path]; model != nil {
		return &wanted{fields: namesOf(model)}
	}
	return &wanted{}
}

func (b *docBuilder) endpoint(text string) {
	switch {
	case b.known[text]:
	case len(b.Endpoints) == maxDocEndpoints:
		b.More = true
	default:
		b.known[text] = true
		b.Endpoints = append(b.Endpoints, text)
	}
}

func (b *docBuilder) field(path, in, name string) {
	key := path + " " + in + " " + name
	switch {
	case b.known[key]:
	case len(b.Fields) == maxDocFields:
		b.More = true
	default:
		b.known[key] = true
		b.Fields = append(b.Fields, &report.NamedField{Path: path, In: in, Name: name})
	}
}

// pathPart is what the parts of an endpoint's path look like.
var pathPart = regexp.MustCompile(`^(?:[A-Za-z_.-]+[0-9]{0,2}[A-Za-z_.-]*|\{[A-Za-z_?]+\})$`)

// shownEndpoint returns a path with a key for each part that may be data.
func shownEndpoint(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts[:min(len(parts), 10)] {
		if len(part) > 40 || !pathPart.MatchString(part) {
			parts[i] = report.Key
		}
	}
	return strings.Join(parts[:min(len(parts), 10)], "/")
}

// originOf returns the scheme and the host of an address.
func originOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
