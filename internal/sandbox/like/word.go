package like

import (
	"net/url"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

func wordOf(name string) words.Word { return words.Of([]byte(`"` + name + `"`)) }

// word returns what stands under a name around or beside the records: what an envelope
// says of a success, a paginator of the page, or anything of the kind.
func (b *body) word(s report.Shape, name string) any {
	switch {
	case b.token != "" && isToken(name) && isString(s.Form):
		return b.token
	case s.Form == report.Array:
		return b.elements(s, name)
	case s.Form == report.Object:
		return b.object(s)
	}
	if shown, ok := b.says(wordOf(name), name, s.Form); ok {
		return shown
	}
	return invent(name, s.Form, 1)
}

// elements returns an array beside the records.
func (b *body) elements(s report.Shape, name string) any {
	if links, ok := b.page["links"]; ok && wordOf(name).Role() == words.Links {
		return links
	}
	all := []any{}
	for _, inner := range s.Inner {
		if wordOf(name).Role() == words.Message {
			all = append(all, b.message)
			continue
		}
		all = append(all, b.word(inner, ""))
	}
	return all
}

// says returns what an envelope or a paginator says by a word.
func (b *body) says(w words.Word, name, kind string) (any, bool) {
	switch w.Role() {
	case words.Message:
		return b.message, kind == "string"
	case words.Status, words.Success, words.Code:
		return saysWell(w, kind)
	case words.Error, words.Failed, words.ErrorCode, words.Errors:
		return saysNoError(kind)
	}
	if b.page == nil {
		return nil, false
	}
	held, ok := b.ofPage(w, strings.ToLower(name))
	switch {
	case !ok:
		return nil, false
	case held == nil:
		return nil, true // there is no such page
	case w.Role() == words.Next && !isString(kind) && kind != "null":
		held, _ = b.page["current_page"].(int64)
		held = held.(int64) + 1
	}
	if text, isText := held.(string); isText {
		return text, isString(kind) || kind == "null"
	}
	if shown, ok := carry(held, "", kind); ok {
		return shown, true
	}
	return held, kind == "null"
}

// saysWell returns a status of a success.
func saysWell(w words.Word, kind string) (any, bool) {
	switch kind {
	case "bool":
		return true, true
	case "bool-in-string":
		return "true", true
	case "integer":
		if w.Role() == words.Success {
			return 1, true
		}
		return 200, true
	case "integer-in-string":
		return "200", true
	case "digits-in-string":
		return "00", true
	case "string":
		return "success", true
	}
	return nil, false
}

// saysNoError returns what an envelope says of errors if there was none.
func saysNoError(kind string) (any, bool) {
	switch kind {
	case "bool":
		return false, true
	case "bool-in-string":
		return "false", true
	case "integer":
		return 0, true
	case "integer-in-string":
		return "0", true
	}
	return nil, false
}

// ofPage returns what the paginator says by a word. ok is false if it says nothing.
func (b *body) ofPage(w words.Word, name string) (held any, ok bool) {
	of := func(member string) (any, bool) {
		held, ok := b.page[member]
		return held, ok
	}
	switch w.Role() {
	case words.CurrentPage:
		return of("current_page")
	case words.LastPage:
		return of("last_page")
	case words.Total:
		return of("total")
	case words.PerPage, words.Limit:
		return of("per_page")
	case words.Next:
		return of("next_page_url")
	case words.NextCursor:
		return b.cursor()
	case words.HasMore:
		next, ok := of("next_page_url")
		return next != nil, ok
	}
	member, ok := pageMembers[name]
	if !ok {
		return nil, false
	}
	return of(member)
}

// pageMembers are other words of a paginator, and those of Laravel's that say the same.
var pageMembers = map[string]string{
	"first_page_url": "first_page_url", "first": "first_page_url", "last_page_url": "last_page_url", "last": "last_page_url",
	"prev_page_url": "prev_page_url", "prev": "prev_page_url", "previous": "prev_page_url",
	"from": "from", "to": "to", "path": "path", "count": "count",
}

// cursor returns the cursor of the next page.
func (b *body) cursor() (any, bool) {
	next, ok := b.page["next_page_url"].(string)
	if !ok {
		return nil, true
	}
	at, err := url.Parse(next)
	if err != nil {
		return nil, true
	}
	return at.Query().Get("cursor"), true
}
