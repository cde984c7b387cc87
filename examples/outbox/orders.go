package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go"
)

// Bounds of what callers send.
const (
	maxBody = 1 << 20 // bytes
	maxText = 255     // bytes of a code or status, as a column of Laravel's has them
)

// An orderRequest is the body of POST /orders and PUT /orders/{code}.
type orderRequest struct {
	Code   string         `json:"code"`
	Data   jsontext.Value `json:"data"`
	Status string         `json:"status"`
}

// An orderResponse is an order in a response.
type orderResponse struct {
	Code      string          `json:"code"`
	State     string          `json:"state"`
	Reason    string          `json:"reason,omitempty"` // of the last attempt that failed
	Attempts  int             `json:"attempts"`         // that count
	NextTry   *time.Time      `json:"next_try,omitempty"`
	Status    string          `json:"status"`
	Data      json.RawMessage `json:"data,omitempty"`      // of a single order
	RemoteID  *int64          `json:"remote_id,omitempty"` // PMP Smart's own
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	SentAt    *time.Time      `json:"sent_at,omitempty"`
}

func newOrderResponse(o *order, withData bool) orderResponse {
	r := orderResponse{Code: o.code, State: o.state, Reason: o.reason, Attempts: o.attempts, NextTry: o.nextTry, Status: o.status,
		RemoteID: o.remoteID, CreatedAt: o.createdAt, UpdatedAt: o.updatedAt, SentAt: o.sentAt}
	if withData {
		r.Data = json.RawMessage(o.data)
	}
	return r
}

// replyOf returns the response of an order: 202 as long as it is on its way.
func replyOf(o *order) reply {
	status := http.StatusOK
	if o.state == waiting || o.state == sending {
		status = http.StatusAccepted
	}
	return reply{status: status, location: "/orders/" + url.PathEscape(o.code), body: newOrderResponse(o, true)}
}

// postOrder handles POST /orders. When it answers, the order and its job are
// committed. A caller that got no answer asks again.
func (s *service) postOrder(w http.ResponseWriter, r *http.Request) (reply, error) {
	in, err := readOrder(w, r, "")
	if err != nil {
		return reply{}, err
	}
	var o order
	err = s.db.inTx(r.Context(), func(t tx) error {
		if _, err := addOrder(r.Context(), t, s.sender.queue(), in); err != nil {
			return err
		}
		o, err = getOrder(r.Context(), t, in.Code)
		return err
	})
	switch {
	case err != nil:
		return reply{}, err
	case !o.isThe(in):
		return reply{}, problemf(http.StatusConflict, "there is another order of this code, with other data or another status")
	}
	return replyOf(&o), nil
}

// getOrder handles GET /orders/{code}.
func (s *service) getOrder(_ http.ResponseWriter, r *http.Request) (reply, error) {
	var o order
	err := s.db.read(r.Context(), func(t tx) (err error) {
		o, err = getOrder(r.Context(), t, r.PathValue("code"))
		return err
	})
	return reply{status: http.StatusOK, body: newOrderResponse(&o, true)}, err
}

// putOrder handles PUT /orders/{code}: it mends a parked order and sends it again.
// An order that waits or is sent may have reached PMP Smart, so that it stays as it
// is.
func (s *service) putOrder(w http.ResponseWriter, r *http.Request) (reply, error) {
	code := r.PathValue("code")
	in, err := readOrder(w, r, code)
	if err != nil {
		return reply{}, err
	}
	return s.change(r.Context(), code, func(t tx, o *order) error {
		switch {
		case o.state == parked:
			return s.resend(r.Context(), t, o, in)
		case !o.isThe(in):
			return problemf(http.StatusConflict, "only a parked order can be mended; this one is "+o.state)
		}
		return nil
	})
}

// retryOrder handles POST /orders/{code}/retry: it sends a parked order again, and one
// that waits at once.
func (s *service) retryOrder(_ http.ResponseWriter, r *http.Request) (reply, error) {
	return s.change(r.Context(), r.PathValue("code"), func(t tx, o *order) error {
		switch o.state {
		case parked:
			return s.resend(r.Context(), t, o, o.input())
		case waiting:
			s.sender.held.end()
			if err := t.hurry(r.Context(), o.jobID); err != nil && !isGone(err) {
				return err
			}
		case sent:
			return problemf(http.StatusConflict, "the order is sent")
		}
		return nil
	})
}

// change does something to an order and responds with what became of it.
func (s *service) change(ctx context.Context, code string, f func(tx, *order) error) (reply, error) {
	var o order
	err := s.db.inTx(ctx, func(t tx) (err error) {
		if o, err = getOrder(ctx, t, code); err != nil {
			return err
		}
		if err := f(t, &o); err != nil {
			return err
		}
		o, err = getOrder(ctx, t, code)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return replyOf(&o), nil
}

// resend sends an order again for a person: its attempts are counted anew.
func (s *service) resend(ctx context.Context, t tx, o *order, in pmpsmart.JSONOrderInput) error {
	s.sender.held.end()
	done, err := resend(ctx, t, s.sender.queue(), o, in, 0)
	if err == nil && !done {
		return problemf(http.StatusConflict, "somebody else has just changed the order")
	}
	return err
}

// stats handles GET /stats.
func (s *service) stats(_ http.ResponseWriter, r *http.Request) (reply, error) {
	var counts map[string]int64
	err := s.db.read(r.Context(), func(t tx) (err error) {
		counts, err = countOrders(r.Context(), t)
		return err
	})
	return reply{status: http.StatusOK, body: map[string]any{"orders": counts}}, err
}

// A list is the response to GET /orders: the newest orders, without their data.
type list struct {
	Orders []orderResponse `json:"orders"`
	Next   string          `json:"next,omitempty"` // the path of those before
}

// listOrders handles GET /orders?state=&before=&limit=.
func (s *service) listOrders(_ http.ResponseWriter, r *http.Request) (reply, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return reply{}, badRequest("the query", "can't be read")
	}
	for name := range q {
		if !slices.Contains([]string{"state", "before", "limit"}, name) || len(q[name]) > 1 {
			return reply{}, badRequest("the query", "has something else than state, before and limit, each once at most")
		}
	}
	state := q.Get("state")
	if state != "" && !slices.Contains(states, state) {
		return reply{}, badRequest("state", "is one of "+strings.Join(states, ", "))
	}
	limit, err := number(q, "limit", 100, 1000)
	if err != nil {
		return reply{}, err
	}
	before, err := number(q, "before", 1<<62, 1<<62)
	if err != nil {
		return reply{}, err
	}
	var found []order
	err = s.db.read(r.Context(), func(t tx) (err error) {
		found, err = selectOrders(r.Context(), t, "WHERE id < $1 AND ($2 = '' OR state = $2) ORDER BY id DESC LIMIT $3", before, state, limit+1)
		return err
	})
	page := list{Orders: []orderResponse{}}
	for i := range found[:min(int64(len(found)), limit)] {
		page.Orders = append(page.Orders, newOrderResponse(&found[i], false))
	}
	if int64(len(found)) > limit {
		next := url.Values{"before": {strconv.FormatInt(found[limit-1].id, 10)}, "limit": {strconv.FormatInt(limit, 10)}}
		if state != "" {
			next.Set("state", state)
		}
		page.Next = "/orders?" + next.Encode()
	}
	return reply{status: http.StatusOK, body: page}, err
}

// number returns a number of a query, or its default.
func number(q url.Values, name string, standard, most int64) (int64, error) {
	text := q.Get(name)
	if text == "" {
		return standard, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > most {
		return 0, badRequest(name, fmt.Sprintf("is a whole number from 1 to %d", most))
	}
	return n, nil
}

// readOrder reads and checks the order in a request's body. code is that of the path,
// or "". What the client would refuse later is refused here, before it is committed.
func readOrder(w http.ResponseWriter, r *http.Request, code string) (in pmpsmart.JSONOrderInput, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return in, problemf(http.StatusUnsupportedMediaType, "the body must be application/json, and its Content-Type say so")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return in, bodyError{err}
	}
	var request orderRequest
	if err := jsonv2.Unmarshal(body, &request, jsonv2.RejectUnknownMembers(true)); err != nil {
		return in, badRequest("the body", `is not an order like {"code":"ORD-1","status":"completed","data":{…}}: `+strings.TrimPrefix(err.Error(), "json: "))
	}
	if code != "" && request.Code == "" {
		request.Code = code
	}
	in = pmpsmart.JSONOrderInput{Code: request.Code, Data: []byte(request.Data), Status: pmpsmart.JSONOrderStatus(request.Status)}
	if code != "" && in.Code != code {
		return in, badRequest("code", "differs from the one of the path")
	}
	return in, check(in)
}

// check checks an order as the client will, and for what the databases and paths of
// this service can't hold.
func check(in pmpsmart.JSONOrderInput) error {
	if string(in.Data.([]byte)) == "null" {
		return &pmpsmart.InputError{Field: "Data", Problem: "is null; want a value"}
	}
	if _, err := in.MarshalJSON(); err != nil {
		return err
	}
	for field, text := range map[string]string{"Code": in.Code, "Status": string(in.Status)} {
		switch {
		case len(text) > maxText:
			return &pmpsmart.InputError{Field: field, Problem: fmt.Sprintf("is longer than %d bytes", maxText)}
		case strings.ContainsRune(text, 0):
			return &pmpsmart.InputError{Field: field, Problem: "holds the character NUL"}
		}
	}
	if in.Code == "." || in.Code == ".." || in.Code == "/" {
		return &pmpsmart.InputError{Field: "Code", Problem: "can't be the end of a path"}
	}
	return nil
}

// quote returns a foreign text in quotes, on one line and bounded.
func quote(text string) string { return fmt.Sprintf("%.80q", text) }
