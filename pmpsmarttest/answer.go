package pmpsmarttest

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// An answer is what an endpoint, or a failure, has to say, before it is written.
type answer struct {
	status int
	header http.Header
	body   any    // the JSON
	pretty bool   // print it as Laravel prints its exceptions
	page   string // an HTML page or a text in place of JSON
	token  string // that a login gives away: not for the log
}

// ok is the answer of a success.
func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// An endpoint's result, as the form of its answers shows it: many records, one,
// what was written, a session or its end.

func (x *exchange) many(rows rows, message string, kind kind) answer {
	f := &x.form
	plural := string(kind) + "s"
	if !isPaged(f.list) && f.empty != "[]" && isEmpty(rows) {
		return ok(f.hollow(message, f.empty))
	}
	switch f.list {
	case "paginated", "simple", "cursor":
		return ok(f.envelope(message, x.paginate(f.list, rows)))
	case "resources", "resources-simple", "resources-cursor":
		return ok(append(asResources(x.paginate(strings.TrimPrefix(f.list, "resources-"), rows)), f.words(message)...))
	case "toplevel":
		return ok(x.paginate("paginated", rows))
	case "beside":
		records, place := beside(x.paginate("paginated", rows))
		return ok(append(f.envelope(message, records), member{"pagination", place}))
	case "keyed", "reversed":
		if isEmpty(rows) {
			return ok(f.hollow(message, "[]")) // PHP knows no empty object
		}
		return ok(f.envelope(message, byID(rows, f.list == "reversed")))
	case "wrapped":
		return ok(f.envelope(message, object{{plural, values(rows)}}))
	case "named":
		return ok(append(f.words(message), member{plural, values(rows)}))
	case "only-data":
		return ok(object{{"data", values(rows)}})
	case "bare":
		return ok(values(rows))
	case "single":
		if first := rows.page(0, 2); len(first) == 1 {
			return ok(f.envelope(message, first[0]))
		}
	case "nulls":
		return ok(f.envelope(message, withNulls(rows)))
	case "scalars":
		return ok(f.envelope(message, []any{1, 2}))
	}
	return ok(f.envelope(message, values(rows)))
}

func (x *exchange) one(r record, message string, kind kind) answer {
	f := &x.form
	switch f.one {
	case "resource":
		return ok(append(object{{"data", r}}, f.words(message)...))
	case "toplevel":
		return ok(object{{"data", r}})
	case "named":
		return ok(f.envelope(message, object{{string(kind), r}}))
	case "zero":
		return ok(f.envelope(message, object{{"0", r}}))
	case "bare":
		return ok(r)
	case "array":
		return ok(f.envelope(message, []any{r}))
	}
	return ok(f.envelope(message, r))
}

// written is an insert's or update's result. Laravel answers 201 where the new
// record itself, or a resource of it, is what a route returns.
func (x *exchange) written(r record, created bool, message string, kind kind) answer {
	f := &x.form
	if f.write != "record" {
		return ok(f.hollow(message, f.write))
	}
	a := x.one(r, message, kind)
	if created && (f.one == "resource" || f.one == "toplevel" || f.one == "bare") {
		a.status = http.StatusCreated
	}
	return a
}

// none is the answer to a question for a record that is not there.
func (x *exchange) none(message string, f failure) answer {
	if x.form.missing == "404" {
		return x.fail(f)
	}
	return ok(x.form.hollow(message, x.form.missing))
}

func (x *exchange) session(a *seed.Account, token, message string) answer {
	f := &x.form
	user := showAccount(a)
	withToken := showAccount(a)
	withToken.fields = append(withToken.fields, member{"api_token", token})
	var body any
	switch f.login {
	case "access_token":
		body = f.envelope(message, object{{"access_token", token}, {"token_type", "Bearer"}, {"user", user}})
	case "token":
		body = f.envelope(message, object{{"token", "Bearer " + token}, {"user", user}})
	case "nested":
		body = f.envelope(message, object{{"user", withToken}})
	case "resource":
		body = append(object{{"data", object{{"user", withToken}}}}, f.words(message)...)
	case "toplevel":
		body = object{{"access_token", token}, {"token_type", "bearer"}, {"expires_in", nil}}
	case "beside":
		body = append(f.envelope(message, user), member{"token", token}, member{"token_type", "bearer"})
	case "bare":
		body = withToken
	case "text":
		body = f.envelope(message, token)
	case "null":
		withToken.fields[len(withToken.fields)-1].value = nil
		body = f.envelope(message, withToken)
	case "none":
		body = f.envelope(message, user)
	default:
		body = f.envelope(message, withToken)
	}
	return answer{status: http.StatusOK, body: body, token: token}
}

func (x *exchange) goodbye(message string) answer {
	f := &x.form
	switch f.logout {
	case "array":
		return ok(f.hollow(message, "[]"))
	case "true":
		return ok(f.envelope(message, true))
	case "message":
		return ok(object{{"message", message}})
	case "204":
		return answer{status: http.StatusNoContent}
	case "nothing":
		return answer{status: http.StatusOK}
	}
	return ok(f.envelope(message, nil))
}

// envelope is the documented one.
func (f *form) envelope(message string, data any) object {
	return append(f.words(message), member{"data", data})
}

// hollow is an envelope with the JSON of a way as its data, or without data.
func (f *form) hollow(message, way string) object {
	if way == "none" {
		return f.words(message)
	}
	return f.envelope(message, raw(way))
}

// words are what an envelope says of a success.
func (f *form) words(message string) object {
	words := statusMember(f.status)
	return append(words, f.messageMember(message)...)
}

// statusMember is the member that a status of a form stands for, if any.
func statusMember(way string) object {
	if way == "none" {
		return nil
	}
	if name, value, found := strings.Cut(way, ":"); found && isWord(name) {
		return object{{name, raw(value)}}
	}
	return object{{"status", raw(way)}}
}

func (f *form) messageMember(message string) object {
	switch f.message {
	case "list":
		return object{{"message", []any{message}}}
	case "null":
		return object{{"message", nil}}
	case "none":
		return nil
	}
	return object{{"message", message}}
}

func isEmpty(rows rows) bool {
	for range rows.all() {
		return false
	}
	return true
}

// values are all records, one after the other.
func values(rows rows) stream {
	return func(yield func(any) bool) {
		for r := range rows.all() {
			if !yield(r) {
				return
			}
		}
	}
}

// withNulls puts a null before every record.
func withNulls(rows rows) stream {
	return func(yield func(any) bool) {
		for r := range rows.all() {
			if !yield(nil) || !yield(r) {
				return
			}
		}
	}
}

// byID has each record under its id.
func byID(rows rows, reversed bool) keyed {
	return func(yield func(string, any) bool) {
		records := rows.all()
		if reversed {
			records = backwards(records)
		}
		for r := range records {
			id, _ := r.fields[0].value.(int64)
			if !yield(strconv.FormatInt(id, 10), r) {
				return
			}
		}
	}
}
