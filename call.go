package pmpsmart

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/paginate"
)

// Call posts in, marshaled as by encoding/json (a json.RawMessage or []byte as it
// is, nil for no body), to any path under the base URL, which may have a query. It
// is for what the vendor's page does not name. The data of the response is decoded
// into out, leniently and into any Go type or model of this package; nil drops it.
// A response without data leaves out as it is. Only one page of a list is read: that
// more follow is a [Drift] at data, unless in or the query of path names a page or
// cursor, or out is a struct or map that the page's numbers stand in; [ListAs] reads
// all of them. Data that the type of out can't hold at all is a [*DecodeError]; a part of it that
// its place can't hold is a [Drift]. A path that leaves the base URL is an
// [*InputError], and so is a filter or input of this package's that its method would
// refuse.
//
// Class: create, so that it is never retried blindly, and an unclear outcome is an
// [*OutcomeUnknownError].
func (c *Client) Call(ctx context.Context, path string, in, out any, opts ...CallOption) error {
	ctx, op, err := c.newCall(ctx, callOp, create, path, in, opts, checkTarget(out))
	if err != nil {
		return err
	}
	defer op.abandon()
	err = c.do(ctx, op, target{}, nil, func(r *response) (bool, error) {
		return false, op.readData(r, out)
	})
	return op.finish(ctx, err)
}

// readData decodes the data of a response into out.
func (op *operation) readData(r *response, out any) error {
	if r.hasNoContent() {
		return nil
	}
	a, answer, err := envelope.Value(r.Body, op.options(r))
	if (out == nil || r.Status == http.StatusCreated) && errors.Is(err, envelope.ErrEmpty) {
		return nil
	}
	if err = op.result(r, a, err); err != nil || out == nil || answer.Data == nil {
		return err
	}
	if err = op.decode(r, answer.Data, out); err == nil {
		err = op.checkPages(r, a, answer.Data, out)
	}
	if err != nil {
		mismatch := op.decodeError(r, answer.Whole, err)
		mismatch.known = true
		return mismatch
	}
	return nil
}

// checkPages reports that data is one page of a list that has more of them.
func (op *operation) checkPages(r *response, a *envelope.Answer, data []byte, out any) error {
	list, ok := envelope.InfoOfList(data)
	if !ok || op.asksForPage() {
		return nil
	}
	var first paginate.Position
	follows := first.HasMore(a.Page) || a.Total > int64(list.Count)
	switch t := targetOf(out); {
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map: // which has the page's numbers
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 && list.Total > int64(list.Count):
		follows = true
	default:
		follows = follows || first.HasMore(list.Page)
	}
	if !follows {
		return nil
	}
	return op.incomplete("all pages of the list, as ListAs reads them", strconv.Itoa(list.Count), howMany(list.Count)+" of the first")
}

// targetOf returns the type of what out points to, through all pointers.
func targetOf(out any) reflect.Type {
	t := reflect.TypeOf(out)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// asksForPage reports whether the query or the body of a Call names the page that it
// asks for.
func (op *operation) asksForPage() bool {
	_, rawQuery, _ := strings.Cut(op.path, "?")
	query, _ := url.ParseQuery(rawQuery)
	if query.Has("page") || query.Has("cursor") {
		return true
	}
	if loose.Kind(op.body) != '{' {
		return false
	}
	for name := range loose.Members(op.body) {
		if loose.NameIs(name, "page") || loose.NameIs(name, "cursor") {
			return true
		}
	}
	return false
}

// decode decodes data into out. A part that its place can't hold is drift, and an
// error in strict mode. If that is all of data it is always an error, unless data
// only says yes or no where a record was wanted, as after a write.
func (op *operation) decode(r *response, data []byte, out any) error {
	o := coerce.Options{Location: op.config.location, Known: known}
	o.Drift = func(m coerce.Mismatch) error {
		if op.config.strict || m.Whole && !(o.IsRecord(out) && saysYesOrNo(m.Got)) {
			const searched, shown = 8 << 10, 80
			start := r.Cut(string(m.Got[:min(len(m.Got), searched)]), shown)
			return &envelope.Problem{Text: m.At + ": want " + m.Want, Got: start, Drift: op.config.strict}
		}
		op.recordDrift(r, []envelope.Drift{{Path: m.Path, Want: m.Want, Got: m.Got, Count: 1}})
		return nil
	}
	err := coerce.Decode(data, out, o)
	var problem *envelope.Problem
	if errors.As(err, &problem) {
		return problem // it says where, as each error of strict mode does
	}
	return err
}

// saysYesOrNo reports whether data is a bool, or a number such as a count of rows.
func saysYesOrNo(data []byte) bool {
	kind := loose.Kind(data)
	return kind == 't' || kind == 'f' || kind == '0'
}

// pathHint returns what may be wrong with the caller's path that met a 404, or "". If
// the server said more, it may have been another thing that was not there.
func (op *operation) pathHint(saidMore bool) string {
	if own := repeated(op.config.baseURL, op.displayPath); own != "" {
		return "the base URL ends in " + own + " already: leave it out of the path"
	}
	if saidMore || op.name != callOp {
		return ""
	}
	return "check the path, which is under " + op.config.baseURL
}

// repeated returns the end of the base URL with which the path begins too, "" if there
// is none.
func repeated(baseURL, path string) string {
	u, err := url.Parse(baseURL)
	if err != nil {
		return ""
	}
	for end := strings.Trim(u.Path, "/"); end != ""; _, end, _ = strings.Cut(end, "/") {
		if strings.HasPrefix(path, end+"/") {
			return end
		}
	}
	return ""
}
