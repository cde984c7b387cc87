package like

import (
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
)

// A body is a response that is being made.
type body struct {
	e       *Endpoint
	message string
	token   string                  // of a login
	records iter.Seq[record.Record] // that stand where the shape has records
	show    func(record.Record) any // one of them
	page    map[string]any          // what a paginator says, nil without pages
}

// Many returns the response of a list. It returns false where the report does not tell
// how it looks.
func (e *Endpoint) Many(v *shape.View, rows shape.Rows, message string) (shape.Response, bool) {
	b := &body{e: e, message: message, records: rows.All(), show: func(r record.Record) any { return e.show(r, false) }}
	if !e.hasPlace && !isEmpty(b.records) {
		return shape.Response{}, false
	}
	switch pagesOf(e.shape) {
	case byNumber:
		b.take(v.Paginate("paginated", rows))
	case byCursor:
		b.take(v.Paginate("cursor", rows))
	case noPages:
		b.page = onePage(rows.Count())
	}
	return e.respond(b), true
}

// take takes the records of a page, and what the paginator says of it.
func (b *body) take(page php.Object) {
	b.page = make(map[string]any)
	for _, m := range page {
		if records, ok := m.Value.([]record.Record); ok {
			b.records = slices.Values(records)
			b.page["count"] = int64(len(records))
			continue
		}
		b.page[m.Name] = m.Value
	}
}

// onePage returns what a paginator says of a list of one page.
func onePage(count int64) map[string]any {
	return map[string]any{"total": count, "count": count, "per_page": count, "current_page": int64(1), "last_page": int64(1), "next_page_url": nil}
}

// One returns the response of one record.
func (e *Endpoint) One(_ *shape.View, r record.Record, message string) (shape.Response, bool) {
	if !e.hasPlace {
		return shape.Response{}, false
	}
	b := &body{e: e, message: message, records: slices.Values([]record.Record{r}), show: func(r record.Record) any { return e.show(r, true) }}
	return e.respond(b), true
}

// Session returns the response of a login. A token that the report does not tell the
// place of stands in the header Authorization.
func (e *Endpoint) Session(_ *shape.View, account record.Record, token, message string) (shape.Response, bool) {
	b := &body{e: e, message: message, token: token, records: slices.Values([]record.Record{account})}
	b.show = func(r record.Record) any { return withToken(e.show(r, false), token) }
	resp := e.respond(b)
	resp.Token = token
	switch {
	case hasToken(e.shape) || slices.ContainsFunc(e.fieldNames(), isToken):
	case isText(e.shape): // data is the token
		resp.Body = e.dataIsToken(resp.Body, token)
	default:
		resp.Header.Set("Authorization", "Bearer "+token)
	}
	return resp, true
}

// respond returns the response of a body.
func (e *Endpoint) respond(b *body) shape.Response {
	resp := shape.Response{Status: e.status, Header: http.Header{}, Noise: noises[e.noise], Body: b.value(e.shape, "")}
	if e.shape.Problem == report.IsTwo {
		resp.Tail = "\n<!-- 0.02 s -->"
	}
	switch e.media {
	case "":
		resp.Header["Content-Type"] = nil
	case "application/json":
	case "other":
		resp.Header.Set("Content-Type", "application/vnd.api+json")
	default:
		resp.Header.Set("Content-Type", e.media+"; charset=UTF-8")
	}
	return resp
}

// noises are the styles of what the report has before the JSON.
var noises = map[string]string{"byte-order mark": "bom", "html": "html", "text": "text"}

// value returns what stands where the shape has s, under that name.
func (b *body) value(s report.Shape, name string) any {
	switch {
	case s.Form == report.Record:
		return b.one()
	case s.Form == report.Array && slices.ContainsFunc(s.Inner, isRecord):
		return b.array(s)
	case s.Form == report.Object && slices.ContainsFunc(s.Inner, func(i report.Shape) bool { return isRecord(i) && i.Name == report.Key }):
		return b.keyed(s)
	case s.Form == report.Object:
		return b.object(s)
	case s.Form == report.Array && hasPlace(s):
		return []any{b.value(s.Inner[0], name)}
	}
	return b.word(s, name)
}

func isRecord(s report.Shape) bool { return s.Form == report.Record }

// one returns the only record, or all if they are not one.
func (b *body) one() any {
	var all []record.Record
	for r := range b.records {
		if all = append(all, r); len(all) > 1 {
			break
		}
	}
	if len(all) == 1 {
		return b.show(all[0])
	}
	return b.array(report.Shape{})
}

// array returns the records as an array. Null, if the shape has it, stands before or
// behind each, and what else it has behind them all.
func (b *body) array(s report.Shape) php.Stream {
	null := slices.IndexFunc(s.Inner, func(i report.Shape) bool { return i.Form == "null" })
	isBefore := null >= 0 && null < slices.IndexFunc(s.Inner, isRecord)
	return func(yield func(any) bool) {
		empty := true
		for r := range b.records {
			if isBefore && !yield(nil) || !yield(b.show(r)) || null >= 0 && !isBefore && !yield(nil) {
				return
			}
			empty = false
		}
		for _, inner := range s.Inner {
			if !empty && inner.Form != report.Record && inner.Form != "null" && !yield(b.word(inner, "")) {
				return
			}
		}
	}
}

// keyed returns the records by id. PHP knows no empty object.
func (b *body) keyed(s report.Shape) any {
	if isEmpty(b.records) {
		return php.Raw("[]")
	}
	return php.Map(func(yield func(string, any) bool) {
		for r := range b.records {
			if !yield(strconv.FormatInt(r.ID(), 10), b.show(r)) {
				return
			}
		}
		for i, inner := range s.Inner {
			name := inner.Name
			if name == report.Key {
				name = keyName(i)
			}
			if !isRecord(inner) && !yield(name, b.word(inner, name)) {
				return
			}
		}
	})
}

// object returns an object around the records, or beside them. What stands beside a
// single record counts among its fields: it is taken out of it.
func (b *body) object(s report.Shape) any {
	if len(s.Inner) == 0 {
		return php.Raw("{}")
	}
	var record php.Object
	if slices.ContainsFunc(s.Inner, isRecord) {
		record, _ = b.one().(php.Object)
	}
	var all php.Object
	at := -1 // of the record
	for i, inner := range s.Inner {
		name := inner.Name
		if name == report.Key {
			name = keyName(i)
		}
		field := slices.IndexFunc(record, func(m php.Member) bool { return m.Name == name })
		w := wordOf(name)
		switch {
		case isRecord(inner) && record != nil:
			at = i
			all = append(all, php.Member{name, nil})
		case field >= 0 && !w.OfEnvelope():
			all = append(all, record[field])
			record = slices.Delete(record, field, field+1)
		case field >= 0 && !w.Known() && slices.Contains(b.e.usual[name], inner.Form):
			all = append(all, php.Member{name, b.value(inner, name)}) // it says that all is well
			record = slices.Delete(record, field, field+1)
		default:
			all = append(all, php.Member{name, b.value(inner, name)})
		}
	}
	if at >= 0 {
		all[at].Value = record
	}
	return all
}

func isEmpty(records iter.Seq[record.Record]) bool {
	for range records {
		return false
	}
	return true
}

// fieldNames returns the names of the fields of the records.
func (e *Endpoint) fieldNames() (all []string) {
	if len(e.skeleton) > 0 && hasPlace(e.shape) {
		for _, m := range e.skeleton[0].members {
			all = append(all, m.name)
		}
	}
	return all
}

// tokenNames are what a token is called, without separators.
var tokenNames = []string{"apitoken", "accesstoken", "plaintexttoken", "authtoken", "jwt", "token"}

func isToken(name string) bool {
	return slices.Contains(tokenNames, strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name)))
}

// hasToken reports whether a text of a token's name stands around the records.
func hasToken(s report.Shape) bool {
	return slices.ContainsFunc(s.Inner, func(i report.Shape) bool {
		return isToken(i.Name) && isString(i.Form) || i.Form != report.Record && hasToken(i)
	})
}

func isString(form string) bool { return form == "string" || strings.HasSuffix(form, "-in-string") }

// isText reports whether data is a text, or all there is.
func isText(s report.Shape) bool {
	return isString(s.Form) || slices.ContainsFunc(s.Inner, func(i report.Shape) bool { return strings.EqualFold(i.Name, "data") && isString(i.Form) })
}

// dataIsToken puts the token in the place of data.
func (e *Endpoint) dataIsToken(body any, token string) any {
	object, ok := body.(php.Object)
	if !ok {
		return token
	}
	for i := range object {
		if strings.EqualFold(object[i].Name, "data") {
			object[i].Value = token
		}
	}
	return object
}

// withToken puts the token where an account has a field for it.
func withToken(account any, token string) any {
	if object, ok := account.(php.Object); ok {
		for i := range object {
			if isToken(object[i].Name) {
				object[i].Value = token
			}
		}
	}
	return account
}
