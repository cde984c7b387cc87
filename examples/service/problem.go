package main

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// statusClientLeft is nginx's status for a caller that closed the connection. Only
// the log shows it.
const statusClientLeft = 499

// A problem is an error response. It has the kind of the error and of PMP Smart's
// texts only those about the caller's input.
type problem struct {
	status     int
	retryAfter time.Duration

	Code    string              `json:"code"`
	Message string              `json:"message"`
	Fields  map[string][]string `json:"fields,omitempty"`   // of a failed validation
	TraceID string              `json:"trace_id,omitempty"` // to find it in the log
}

// Error returns the message, for the log.
func (p problem) Error() string { return p.Message }

// problems maps the library's errors to error responses; the first that matches
// counts, in the order that docs/errors.md explains. Trouble between this service and
// PMP Smart is a 502: a caller can't mend it, and its own credentials are not at fault.
var problems = []struct {
	err     error
	status  int
	code    string
	message string
}{
	{pmpsmart.ErrInvalidInput, http.StatusBadRequest, "invalid_input", ""},
	{context.Canceled, statusClientLeft, "client_left", "the caller did not wait"},
	{errTokenStore, http.StatusServiceUnavailable, "token_store", "this service's own store of tokens is away; PMP Smart was not asked"},
	{context.DeadlineExceeded, http.StatusGatewayTimeout, "timeout", "there was no answer in time"},
	{pmpsmart.ErrUnauthorized, http.StatusBadGateway, "not_let_in", "PMP Smart does not let this service in"}, // a login may be refused with any status
	{pmpsmart.ErrNotFound, http.StatusNotFound, "not_found", "there is no such order"},
	{pmpsmart.ErrConflict, http.StatusConflict, "conflict", "it has changed meanwhile"},
	{pmpsmart.ErrValidation, http.StatusUnprocessableEntity, "refused", "PMP Smart refused the input"},
	{pmpsmart.ErrRefused, http.StatusUnprocessableEntity, "refused", "PMP Smart refused the request"},
	{pmpsmart.ErrRateLimited, http.StatusServiceUnavailable, "busy", "too many requests are on their way to PMP Smart"},
	{pmpsmart.ErrMaintenance, http.StatusServiceUnavailable, "maintenance", "PMP Smart is in maintenance"},
	{pmpsmart.ErrForbidden, http.StatusBadGateway, "not_let_in", "PMP Smart does not let this service in"},
	{pmpsmart.ErrNoAnswer, http.StatusBadGateway, "upstream", "PMP Smart can't be reached"},
	{pmpsmart.ErrServer, http.StatusBadGateway, "upstream", "PMP Smart failed"},
	{pmpsmart.ErrResponseTooLarge, http.StatusBadGateway, "upstream", "PMP Smart answered too much"},
}

// parameters maps the fields of the library's input errors to the parameters of
// this service.
var parameters = map[string]string{"orderID": "id", "Status": "status", "Date": "date", "UserID": "user_id", "OutletID": "outlet_id"}

// problemOf returns the error response for err.
func problemOf(ctx context.Context, err error) problem {
	if own := (problem{}); errors.As(err, &own) {
		own.TraceID = traceID(ctx)
		return own
	}
	p := problem{status: http.StatusBadGateway, Code: "upstream", Message: "PMP Smart gave no good answer", TraceID: traceID(ctx)}
	for _, known := range problems {
		if errors.Is(err, known.err) {
			p.status, p.Code, p.Message = known.status, known.code, known.message
			break
		}
	}
	var input *pmpsmart.InputError
	if errors.As(err, &input) {
		p.Message = cmp.Or(parameters[input.Field], input.Field) + " " + input.Problem
	}
	var apiErr *pmpsmart.APIError
	if errors.As(err, &apiErr) {
		p.retryAfter = apiErr.RetryAfter
		if p.status == http.StatusUnprocessableEntity {
			p.Fields = apiErr.Fields
		}
	}
	return p
}

// writeProblem responds with a problem: {"error":{"code":…,"message":…}}.
func writeProblem(w http.ResponseWriter, p problem) {
	if p.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET, HEAD")
	}
	if p.status == http.StatusServiceUnavailable {
		wait := max(p.retryAfter, time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	writeJSON(w, p.status, map[string]problem{"error": p})
}
