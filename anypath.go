package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// Call posts in, marshaled as encoding/json does it (a json.RawMessage or []byte
// as it is, nil for no body), to any path under the base URL, which may hold a
// query: the way to what the vendor's page does not name. out gets the answer's
// data, decoded loosely into any Go type or model of this package; nil drops it.
// Only one page of a list is read, and an answer without data leaves out as it is.
// Data that out's type can't hold at all is a [*DecodeError]; a part of it that its
// place can't hold is a [Drift]. A path that leaves the base URL is an
// [*InputError]. Filters and inputs of this package's methods are none of the API's
// own: give Call the API's names, as in map[string]any{"order_id": 198}.
// Class: create, so that it is never repeated blindly, and what is left open is an
// [*OutcomeUnknownError].
func (c *Client) Call(ctx context.Context, path string, in, out any, opts ...CallOption) error {
	clean, problem := checkPath(path)
	body, unfit := callBody(in)
	op, err := c.newOperation(ctx, endpoint{"Call", clean, create}, nil, opts, problem, unfit, checkOut(out))
	if err != nil {
		return err
	}
	op.body, op.displayPath = body, redact.Secrets{}.Text(clean)
	op.log.path = op.displayPath
	err = c.do(ctx, op, "", nil, func(r *response) (bool, error) {
		if r.Status == http.StatusNoContent {
			return false, nil
		}
		a, answer, err := envelope.Value(r.Body, op.options(r))
		if out == nil && errors.Is(err, envelope.ErrEmpty) {
			return false, nil
		}
		if err = op.result(r, a, err); err != nil || out == nil || answer.Data == nil {
			return false, err
		}
		if err = op.decode(r, answer.Data, out); err != nil {
			misfit := op.decodeError(r, answer.Whole, err)
			misfit.known = true
			return false, misfit
		}
		return false, nil
	})
	return op.finish(ctx, err)
}

func callBody(in any) ([]byte, *InputError) {
	if in == nil {
		return nil, nil
	}
	body, problem := document(in)
	if problem != nil {
		problem.Field = "in"
	}
	return body, problem
}

// checkOut refuses what nothing can be decoded into.
func checkOut(out any) *InputError {
	bad := func(problem string) *InputError {
		return &InputError{Field: "out", Problem: fmt.Sprintf(problem, out) + "; want a pointer to what the data is decoded into, or nil"}
	}
	v := reflect.ValueOf(out)
	switch {
	case out == nil:
		return nil
	case v.Kind() != reflect.Pointer:
		return bad("is a %T")
	case v.IsNil():
		return bad("is a nil %T")
	}
	switch v.Elem().Kind() {
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return bad("is a %T")
	}
	return nil
}

// checkPath gives the path without the slash before it.
func checkPath(path string) (string, *InputError) {
	bad := func(problem string) (string, *InputError) {
		return "", &InputError{Field: "path", Problem: fmt.Sprintf("is %.80q; %s", path, problem)}
	}
	trimmed := strings.TrimPrefix(path, "/")
	before, _, _ := strings.Cut(trimmed, "?")
	_, err := url.PathUnescape(before)
	switch {
	case before == "":
		return bad("want a path under the base URL")
	case err != nil || strings.ContainsFunc(trimmed, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '#' || r == '\\' }):
		return bad("it holds characters that no path does")
	case strings.HasPrefix(trimmed, "/") || strings.Contains(before, ":") && strings.Contains(before, "//"):
		return bad("want a path under the base URL, not an address")
	}
	if leaves(before) {
		return bad("it leaves the base URL")
	}
	return trimmed, nil
}

// leaves reports whether a path has a segment that goes up, however often it was
// escaped: a server behind another may unescape it twice.
func leaves(path string) bool {
	for _, segment := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' }) {
		if segment, _, _ = strings.Cut(segment, ";"); segment == "." || segment == ".." {
			return true
		}
	}
	plain, err := url.PathUnescape(path)
	return err == nil && plain != path && leaves(plain)
}

// saysYesOrNo tells true, a count and the like from data.
func saysYesOrNo(raw []byte) bool {
	kind := loose.Kind(raw)
	return kind == 't' || kind == 'f' || kind == '0'
}

// decode decodes data into the caller's type. A part of it that can't be its
// type is drift, and in strict mode an error; all of it always is an error,
// unless it only says yes or no where a record was wanted, as after a write.
func (op *operation) decode(r *response, data []byte, out any) error {
	o := coerce.Options{Location: op.config.location, Known: known}
	o.Drift = func(m coerce.Mismatch) error {
		if op.config.strict || m.Whole && !(o.IsRecord(out) && saysYesOrNo(m.Got)) {
			const looked, most = 8 << 10, 80
			start := r.Cut(string(m.Got[:min(len(m.Got), looked)]), most)
			return &envelope.Problem{Text: m.At + ": want " + m.Want, Got: start, Drift: op.config.strict}
		}
		op.recordDrift(r, []envelope.Drift{{Path: m.Path, Want: m.Want, Got: m.Got, Count: 1}})
		return nil
	}
	err := coerce.Decode(data, out, o)
	var problem *envelope.Problem
	if errors.As(err, &problem) {
		return problem // which says where, as every strict error does
	}
	return err
}
