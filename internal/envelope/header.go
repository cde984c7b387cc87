package envelope

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// addHeader takes in what an answer's HTTP status and header say of the list, where
// its body does not.
func (p *pager) addHeader(status int, header http.Header) {
	h := pager{partial: status == http.StatusPartialContent}
	for name, values := range header {
		if len(values) == 0 || strings.TrimSpace(values[0]) == "" {
			continue
		}
		switch name {
		case "Content-Type", "Content-Length", "Date", "Server", "Connection", "Keep-Alive", "Vary", "Cache-Control": // as nearly all have
		case "Link":
			h.addLinkHeader(values)
		case "Content-Range", "X-Content-Range":
			h.addContentRange(values[0])
		default:
			h.addHeaderWord(name, values[0])
		}
	}
	p.amend(&h)
}

// addHeaderWord takes in a header such as X-Total-Count, X-Pagination-Page-Count or
// X-WP-TotalPages.
func (p *pager) addHeaderWord(name, value string) {
	name, isX := strings.CutPrefix(name, "X-")
	name, isPage := strings.CutPrefix(name, "Pagination")
	if name == "" {
		if object := []byte(value); loose.Kind(object) == '{' && jsontext.Value(object).IsValid(Lenient) {
			p.addBeside(words.With(words.Meta)[0], object, maxPagerDepth)
		}
		return
	}
	if !isX && !isPage && !strings.HasPrefix(name, "Total-") && !words.Of(AppendString(nil, name)).OfPaginator() {
		return
	}
	name = strings.TrimPrefix(strings.TrimPrefix(name, "-"), "Wp-")
	if w := words.Of(AppendString(nil, name)); !w.MayHoldPage() || w.Role() == words.CurrentPage {
		p.addTo(w, AppendString(nil, value), 0)
	}
}

// addLinkHeader takes in the links to the next and the last page.
func (p *pager) addLinkHeader(values []string) {
	for link := range strings.SplitSeq(strings.Join(values, ","), "<") {
		target, parameters, found := strings.Cut(link, ">")
		if !found {
			continue
		}
		switch value := AppendString(nil, target); relOf(parameters) {
		case "next":
			p.addLink(value)
		case "last":
			p.addLastLink(value)
		}
	}
}

// relOf returns the relation that the parameters of a Link header name.
func relOf(parameters string) string {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(strings.TrimSpace(name), "rel") {
			return strings.ToLower(strings.Trim(value, " \t\","))
		}
	}
	return ""
}

// addContentRange takes in how many records there are in all, as in "items 0-19/57".
// A range of bytes is none of records.
func (p *pager) addContentRange(value string) {
	if unit, _, _ := strings.Cut(strings.TrimSpace(value), " "); strings.EqualFold(unit, "bytes") {
		return
	}
	at := strings.LastIndexByte(value, '/')
	if at < 0 {
		return
	}
	p.addTotal(words.With(words.Total)[0], AppendString(nil, value[at+1:]))
}
