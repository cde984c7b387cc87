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

// An orderList is what GET /orders answers.
type orderList struct {
	Orders []pmpsmart.Order `json:"orders"`
	More   bool             `json:"more"` // there are others than limit let through
}

// listOrders answers GET /orders. It reads the list one order at a time and stops
// at the limit: however many orders there are, few are held.
func (s *service) listOrders(r *http.Request) (any, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("the query", "can't be read: "+err.Error())
	}
	filter, limit, err := parseQuery(values)
	if err != nil {
		return nil, err
	}
	list := orderList{Orders: []pmpsmart.Order{}}
	for order, err := range s.client.ListOrdersSeq(r.Context(), filter) {
		switch {
		case err != nil:
			return nil, err
		case len(list.Orders) == limit:
			list.More = true
			return list, nil
		}
		list.Orders = append(list.Orders, order)
	}
	return list, nil
}

// getOrder answers GET /orders/{id}.
func (s *service) getOrder(r *http.Request) (any, error) {
	id, err := parseID("id", r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return s.client.GetOrder(r.Context(), id)
}

// parseQuery reads the filter of a list. A name that it does not know is refused:
// a filter with a typo in it would answer with everything. So is one that stands
// twice: which of its values is meant nobody here can know.
func parseQuery(q url.Values) (f pmpsmart.OrderFilter, limit int, err error) {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if !slices.Contains([]string{"status", "date", "user_id", "outlet_id", "limit"}, name) {
			return f, 0, badRequest(name, "is not a filter; there are status, date, user_id, outlet_id and limit")
		}
		if len(q[name]) > 1 {
			return f, 0, badRequest(name, "is given more than once")
		}
	}
	f.Status = pmpsmart.OrderStatus(q.Get("status"))
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

// parseID reads an id. The library takes 0 for a filter that is not given, which
// here would answer with everything.
func parseID(name, text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, badRequest(name, "must be a whole number of at least 1")
	}
	return n, nil
}

// badRequest is the caller's mistake, in the library's own form.
func badRequest(field, what string) error {
	return &pmpsmart.InputError{Op: "request", Field: field, Problem: what}
}
