package pmpsmart

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/codes"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// An orderLook looks for an order at the server.
type orderLook struct {
	filter func(context.Context, JSONOrderFilter, ...CallOption) ([]JSONOrder, error) // the client's method
	want   JSONOrder
	inner  innerOperations
}

// look returns the order of exactly that code, nil if there is none: a server may find
// similar codes too, or ignore the filter. Some respond to an empty list with a 404.
func (l *orderLook) look(ctx context.Context) (*JSONOrder, error) {
	before := len(l.inner.drifts)
	orders, err := l.filter(ctx, JSONOrderFilter{Code: l.want.Code}, within(&l.inner))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range orders {
		if orders[i].Code == l.want.Code && !(l.inner.single && isCodeAlone(&orders[i])) {
			return &orders[i], nil
		}
	}
	if problem := l.doubt(orders, l.inner.drifts[before:]); problem != nil {
		last := l.inner.lastResponse
		return nil, &DecodeError{
			Op: filterJSONOrdersEndpoint.name, HTTPStatus: last.HTTPStatus, ContentType: last.Header.Get("Content-Type"), Err: problem,
		}
	}
	return nil, nil
}

// doubt returns why the order may be there though none of the orders found has its
// code, or nil: what the client does not recognize would be inserted again at every
// call. Orders of other codes are no reason.
func (l *orderLook) doubt(orders []JSONOrder, drifts []Drift) *envelope.Problem {
	const (
		where   = "data.*.kode_order"
		unknown = "it is not known whether the order is there: "
		learn   = "see with pmpsmart-doctor how the server writes orders"
	)
	coded := 0
	for i := range orders {
		code := orders[i].Code
		if code == "" {
			continue
		}
		coded++
		if code == l.want.Code {
			return &envelope.Problem{Text: where + ": want more of an order than its code, as what was looked for may be repeated", Got: strconv.Quote(code),
				Err: errors.New(unknown + learn)}
		}
		if codes.Alike(l.want.Code, code) {
			return &envelope.Problem{Text: fmt.Sprintf("%s: want %q, and order %d has %q", where, l.want.Code, orders[i].ID, code),
				Err: errors.New(unknown + "that may be the same code in another writing; ensure it as the server writes it")}
		}
	}
	if len(orders) > 0 && coded == 0 {
		return &envelope.Problem{Text: fmt.Sprintf("%s: want a code, and no order of %d has one", where, len(orders)), Err: errors.New(unknown + learn)}
	}
	if short := l.inner.short; short != nil {
		return &envelope.Problem{Text: short.Path + ": want " + short.Want, Got: string(short.Got), Err: errors.New(unknown + "the server's list is not all of it")}
	}
	for _, d := range drifts {
		// An unknown status may be why there is none, and errors why not all are there.
		if mayBeOrder(d) || len(orders) == 0 && d.Path == "status" || d.Path == "errors" {
			const most = 80
			return &envelope.Problem{Text: d.Path + ": want " + d.Want, Got: string(d.Got[:min(len(d.Got), most)]), Err: errors.New(unknown + learn)}
		}
	}
	return nil
}

// isCodeAlone reports whether an order says nothing but its code, as what was looked for
// does where a response that found nothing repeats it.
func isCodeAlone(o *JSONOrder) bool {
	if o.ID != 0 || o.Data != nil || o.Status != "" || o.StatusOrder != "" || !o.CreatedAt.IsZero() || !o.UpdatedAt.IsZero() {
		return false
	}
	for name, value := range o.Extra.All() {
		if !envelope.SaysNothing(name, value) {
			return false
		}
	}
	return true
}

// mayBeOrder reports whether drift is of what may be an order that was not read.
func mayBeOrder(d Drift) bool {
	switch d.Want {
	case envelope.WantField:
		return true
	case envelope.WantOneList, envelope.WantObjects: // lists and objects of something else may stand beside the orders
		var order JSONOrder
		return json.Unmarshal(d.Got, &order) != nil || order.Code != "" || order.Data != nil || order.StatusOrder != ""
	}
	return strings.HasSuffix(d.Path, ".kode_order")
}

// mayBeTaken reports whether an insert that failed by err may have met an order of
// its code: servers say so by nearly every status.
func mayBeTaken(err error) bool {
	var refusal *APIError
	switch {
	case isUnsent(err):
		return false
	case !errors.As(err, &refusal):
		return isDuplicateKey(err)
	}
	switch status := refusal.status(); status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
		http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	default:
		return status < 500 && !failureOf(err).OutcomeUnknown() || isDuplicateKey(err)
	}
}

// duplicateKey has the names by which databases and Laravel report that a unique key
// is taken, or another constraint is broken.
var duplicateKey = [...][]byte{
	[]byte("SQLSTATE[23000]"), []byte("SQLSTATE[23505]"), []byte("ORA-00001"), []byte("UniqueConstraintViolationException"),
}

// isDuplicateKey reports whether a response shows the database's own error of a taken
// key. Another statement than the insert may have met it.
func isDuplicateKey(err error) bool {
	var body []byte
	if refusal, ok := errors.AsType[*APIError](err); ok {
		body = refusal.Body
	} else if unreadable, ok := errors.AsType[*DecodeError](err); ok {
		body = unreadable.Snippet
	}
	for _, name := range duplicateKey {
		if bytes.Contains(body, name) {
			return true
		}
	}
	return false
}
