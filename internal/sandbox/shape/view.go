package shape

import (
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
)

// A Response is one that has yet to be written.
type Response struct {
	Status int
	Header http.Header // beyond the usual
	Body   any         // the JSON
	Pretty bool        // print it as Laravel prints its exceptions
	Noise  string      // what stands before the JSON, "" as the form has it
	Tail   string      // what stands behind the JSON
	Page   string      // an HTML page or a text in place of JSON
	Token  string      // a secret in the body: not for a log
}

// A View makes the responses to one request.
type View struct {
	Form      Form
	URL       string // of the request, without its query
	Origin    string // its scheme and host
	WantsJSON bool   // errors are answered in JSON
	PerPage   int64
	Page      int64    // that was asked for
	Cursor    string   // "" if none came
	Like      Likeness // answers in place of the Form what it can; nil for none
}

// A Likeness makes the responses of an endpoint as another server does. It returns
// false for those that it does not know.
type Likeness interface {
	Many(v *View, rows Rows, message string) (Response, bool)
	One(v *View, r record.Record, message string) (Response, bool)
	Session(v *View, account record.Record, token, message string) (Response, bool)
}

// Rows are the records that a list endpoint has found.
type Rows interface {
	Count() int64
	All() iter.Seq[record.Record]
	Page(offset, limit int64) []record.Record
	// After and Before return at most limit records, in ascending order, that
	// follow or precede an id.
	After(id, limit int64) []record.Record
	Before(id, limit int64) []record.Record
}

// ok returns the response of a success.
func ok(body any) Response { return Response{Status: http.StatusOK, Body: body} }

// Many returns the response of a list of records of that kind.
func (v *View) Many(rows Rows, message string, kind record.Kind) Response {
	if v.Like != nil {
		if resp, ok := v.Like.Many(v, rows, message); ok {
			return resp
		}
	}
	f := &v.Form
	plural := string(kind) + "s"
	if !isPaged(f.list) && f.empty != "[]" && isEmpty(rows) {
		return f.nothing(message, f.empty)
	}
	rows = asElements{rows}
	if resp, ok := v.otherPage(rows, message); ok {
		return resp
	}
	switch f.list {
	case "paginated", "simple", "cursor":
		return ok(f.envelope(message, v.Paginate(f.list, rows)))
	case "resources", "resources-simple", "resources-cursor":
		return ok(append(asResources(v.Paginate(strings.TrimPrefix(f.list, "resources-"), rows)), f.words(message)...))
	case "toplevel":
		return ok(v.Paginate("paginated", rows))
	case "beside":
		records, position := beside(v.Paginate("paginated", rows))
		return ok(append(f.envelope(message, records), php.Member{"pagination", position}))
	case "keyed", "reversed":
		if isEmpty(rows) {
			return ok(f.hollow(message, "[]")) // PHP knows no empty object
		}
		return ok(f.envelope(message, byID(rows, f.list == "reversed")))
	case "wrapped":
		return ok(f.envelope(message, php.Object{{plural, values(rows)}}))
	case "named":
		return ok(append(f.words(message), php.Member{plural, values(rows)}))
	case "only-data":
		return ok(php.Object{{"data", values(rows)}})
	case "bare":
		return ok(values(rows))
	case "single":
		if first := rows.Page(0, 2); len(first) == 1 {
			return ok(f.envelope(message, first[0]))
		}
	case "nulls":
		return ok(f.envelope(message, withNulls(rows)))
	case "by-day":
		return ok(f.envelope(message, byDay(rows)))
	case "chunks":
		return ok(f.envelope(message, v.chunks(rows)))
	case "among":
		return ok(f.envelope(message, amongOthers(rows, plural)))
	case "scalars":
		return ok(f.envelope(message, []any{1, 2}))
	}
	return ok(f.envelope(message, values(rows)))
}

// One returns the response of one record.
func (v *View) One(r record.Record, message string) Response {
	if v.Like != nil {
		if resp, ok := v.Like.One(v, r, message); ok {
			return resp
		}
	}
	f := &v.Form
	switch f.one {
	case "resource":
		return ok(append(php.Object{{"data", r}}, f.words(message)...))
	case "toplevel":
		return ok(php.Object{{"data", r}})
	case "named":
		return ok(f.envelope(message, php.Object{{string(r.Kind), r}}))
	case "zero":
		return ok(f.envelope(message, php.Object{{"0", r}}))
	case "bare":
		return ok(r)
	case "array":
		return ok(f.envelope(message, []any{r}))
	}
	return ok(f.envelope(message, r))
}

// Written returns the response of an insert or update. Laravel answers 201 if a
// route returns the new record itself, or a resource of it.
func (v *View) Written(r record.Record, created bool, message string) Response {
	f := &v.Form
	if f.write != "record" {
		return ok(f.hollow(message, f.write))
	}
	resp := v.One(r, message)
	if created && (f.one == "resource" || f.one == "toplevel" || f.one == "bare") {
		resp.Status = http.StatusCreated
	}
	return resp
}

// Session returns the response of a login.
func (v *View) Session(account record.Record, token, message string) Response {
	if v.Like != nil {
		if resp, ok := v.Like.Session(v, account, token, message); ok {
			return resp
		}
	}
	f := &v.Form
	withToken := account
	withToken.Columns = append(slices.Clip(account.Columns), php.Member{"api_token", token})
	var body any
	switch f.login {
	case "access_token":
		body = f.envelope(message, php.Object{{"access_token", token}, {"token_type", "Bearer"}, {"user", account}})
	case "token":
		body = f.envelope(message, php.Object{{"token", "Bearer " + token}, {"user", account}})
	case "nested":
		body = f.envelope(message, php.Object{{"user", withToken}})
	case "resource":
		body = append(php.Object{{"data", php.Object{{"user", withToken}}}}, f.words(message)...)
	case "toplevel":
		body = php.Object{{"access_token", token}, {"token_type", "bearer"}, {"expires_in", nil}}
	case "beside":
		body = append(f.envelope(message, account), php.Object{{"token", token}, {"token_type", "bearer"}}...)
	case "bare":
		body = withToken
	case "text":
		body = f.envelope(message, token)
	case "null":
		withToken.Columns[len(withToken.Columns)-1].Value = nil
		body = f.envelope(message, withToken)
	case "none":
		body = f.envelope(message, account)
	default:
		body = f.envelope(message, withToken)
	}
	return Response{Status: http.StatusOK, Body: body, Token: token}
}

// LoggedOut returns the response of a logout.
func (v *View) LoggedOut(message string) Response {
	f := &v.Form
	switch f.logout {
	case "array":
		return ok(f.hollow(message, "[]"))
	case "true":
		return ok(f.envelope(message, true))
	case "message":
		return ok(php.Object{{"message", message}})
	case "204":
		return Response{Status: http.StatusNoContent}
	case "nothing":
		return Response{Status: http.StatusOK}
	}
	return ok(f.envelope(message, nil))
}

// asElements are rows whose records are marked as the elements of a list.
type asElements struct{ Rows }

// All returns all of them.
func (e asElements) All() iter.Seq[record.Record] {
	return func(yield func(record.Record) bool) {
		for r := range e.Rows.All() {
			if r.IsElement = true; !yield(r) {
				return
			}
		}
	}
}

// Page returns those of a page.
func (e asElements) Page(offset, limit int64) []record.Record {
	return elements(e.Rows.Page(offset, limit))
}

// After returns those behind an id.
func (e asElements) After(id, limit int64) []record.Record { return elements(e.Rows.After(id, limit)) }

// Before returns those before an id.
func (e asElements) Before(id, limit int64) []record.Record {
	return elements(e.Rows.Before(id, limit))
}

func elements(records []record.Record) []record.Record {
	for i := range records {
		records[i].IsElement = true
	}
	return records
}

func isEmpty(rows Rows) bool {
	for range rows.All() {
		return false
	}
	return true
}

// values returns the records as an array.
func values(rows Rows) php.Stream {
	return func(yield func(any) bool) {
		for r := range rows.All() {
			if !yield(r) {
				return
			}
		}
	}
}

// withNulls returns the records with a null before each.
func withNulls(rows Rows) php.Stream {
	return func(yield func(any) bool) {
		for r := range rows.All() {
			if !yield(nil) || !yield(r) {
				return
			}
		}
	}
}

// byID returns an object of the records by id.
func byID(rows Rows, reversed bool) php.Map {
	return func(yield func(string, any) bool) {
		records := rows.All()
		if reversed {
			records = backwards(records)
		}
		for r := range records {
			if !yield(strconv.FormatInt(r.ID(), 10), r) {
				return
			}
		}
	}
}

// backwards returns the records in reverse order. It holds them all.
func backwards(records iter.Seq[record.Record]) iter.Seq[record.Record] {
	all := slices.Collect(records)
	slices.Reverse(all)
	return slices.Values(all)
}
