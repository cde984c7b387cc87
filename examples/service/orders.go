package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go"
)

// The bounds of a list of orders.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

// statuses are those by which orders can be filtered.
var statuses = []pmpsmart.OrderStatus{pmpsmart.OrderOpen, pmpsmart.OrderPending, pmpsmart.OrderComplete, pmpsmart.OrderCancel}

// listOrders handles GET /orders. It reads the list one order at a time and stops
// at the limit: however many orders there are, few are in memory.
func (s *service) listOrders(r *http.Request) (any, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("the query", "can't be read: "+err.Error())
	}
	filter, limit, err := parseQuery(values)
	if err != nil {
		return nil, err
	}
	list := orderList{Orders: []orderResponse{}}
	for order, err := range s.client.ListOrdersSeq(r.Context(), filter) {
		switch {
		case err != nil:
			return nil, err
		case len(list.Orders) == limit:
			list.More = true
			return list, nil
		}
		list.Orders = append(list.Orders, newOrderResponse(order))
	}
	return list, nil
}

// getOrder handles GET /orders/{id}.
func (s *service) getOrder(r *http.Request) (any, error) {
	id, err := parseID("id", r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	order, err := s.client.GetOrder(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return newOrderResponse(*order), nil
}

// parseQuery parses the filter of a list. An unknown name or status is an error: a
// filter with a typo in it would match every order or none. So is a name that is
// given twice, since it is unclear which value counts.
func parseQuery(q url.Values) (f pmpsmart.OrderFilter, limit int, err error) {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if !slices.Contains([]string{"status", "date", "user_id", "outlet_id", "limit"}, name) {
			return f, 0, badRequest(name, "is not a filter; there are status, date, user_id, outlet_id and limit")
		}
		if len(q[name]) > 1 {
			return f, 0, badRequest(name, "is given more than once")
		}
	}
	if text := q.Get("status"); text != "" {
		f.Status = pmpsmart.OrderStatus(text)
		if !slices.Contains(statuses, f.Status) {
			return f, 0, badRequest("status", "must be open, pending, complete or cancel")
		}
	}
	if text := q.Get("date"); text != "" {
		if f.Date, err = pmpsmart.ParseDate(text); err != nil {
			return f, 0, badRequest("date", "must be a date like 2026-02-02")
		}
	}
	if text := q.Get("user_id"); text != "" {
		if f.UserID, err = parseID("user_id", text); err != nil {
			return f, 0, err
		}
	}
	if text := q.Get("outlet_id"); text != "" {
		if f.OutletID, err = parseID("outlet_id", text); err != nil {
			return f, 0, err
		}
	}
	limit = defaultLimit
	if text := q.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxLimit {
			return f, 0, badRequest("limit", fmt.Sprintf("must be a whole number from 1 to %d", maxLimit))
		}
	}
	return f, limit, nil
}

// parseID parses an id. To the library 0 means no filter, which here would match
// every order.
func parseID(name, text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, badRequest(name, "must be a whole number of at least 1")
	}
	return n, nil
}

// badRequest returns the error of a request that is wrong, in the library's own
// form.
func badRequest(field, what string) error {
	return &pmpsmart.InputError{Op: "request", Field: field, Problem: what}
}
