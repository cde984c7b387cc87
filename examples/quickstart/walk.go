package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// few is how many records of a list are shown.
const few = 5

// A walk is the day's work, step by step.
type walk struct {
	ctx    context.Context
	client *pmpsmart.Client
	out    io.Writer
}

func (w walk) each(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (w walk) say(format string, args ...any) { fmt.Fprintf(w.out, "\n"+format+"\n", args...) }

// login is not needed where a client has credentials: it logs in when it first needs a token.
func (w walk) login() error {
	session, err := w.client.Login(w.ctx, pmpsmarttest.Email, pmpsmarttest.Password)
	if err != nil {
		return err
	}
	w.say("Logged in as %s. The token prints as %s.", session.User.Email, session.Token)
	return nil
}

func (w walk) outlets() error {
	outlets, err := first(few, w.client.ListOutletsSeq(w.ctx))
	if err != nil {
		return err
	}
	w.say("Outlets, the first %d:", len(outlets))
	t := newTable("id", "code", "name", "address")
	for _, o := range outlets {
		t.row(o.ID, o.Code, o.Name, o.Address)
	}
	return t.print(w.out)
}

func (w walk) salespeople() error {
	users, err := first(few, w.client.ListSalesUsersSeq(w.ctx, pmpsmart.SalesUserFilter{}))
	if err != nil {
		return err
	}
	w.say("Salespeople, the first %d:", len(users))
	t := newTable("id", "name", "email")
	for _, u := range users {
		t.row(u.ID, u.Name, u.Email)
	}
	return t.print(w.out)
}

func (w walk) visits() error {
	visits, err := first(few, w.client.ListVisitsSeq(w.ctx, pmpsmart.VisitFilter{}))
	if err != nil {
		return err
	}
	w.say("Visits, the first %d:", len(visits))
	t := newTable("id", "by", "outlet", "at")
	for _, v := range visits {
		t.row(v.ID, v.Name, v.OutletID, moment(v.CreatedAt))
	}
	return t.print(w.out)
}

func (w walk) orders() error {
	orders, err := first(few, w.client.ListOrdersSeq(w.ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderPending}))
	if err != nil {
		return err
	}
	w.say("Pending orders, the first %d:", len(orders))
	t := newTable("id", "code", "date", "sales", "outlet", "total")
	for _, o := range orders {
		t.row(o.ID, o.Code, o.Date, o.UserID, o.OutletID, total(o))
	}
	if err := t.print(w.out); err != nil || len(orders) == 0 {
		return err
	}
	return w.detail(orders[0].ID)
}

// detail shows an order's items. The vendor's page does not name them, so they are in Extra, if they are there at all.
func (w walk) detail(id int64) error {
	order, err := w.client.GetOrder(w.ctx, id)
	if err != nil {
		return err
	}
	w.say("Order %d, %s, in detail:", order.ID, order.Code)
	var items []struct {
		Product  string  `json:"nama_produk"`
		Quantity int64   `json:"qty"`
		Price    float64 `json:"harga"`
	}
	if err := order.Extra.Decode("items", &items); err != nil {
		fmt.Fprintf(w.out, "  %s, without items\n", order.Status)
		return nil
	}
	t := newTable("product", "qty", "price")
	for _, i := range items {
		t.row(i.Product, i.Quantity, rupiah(i.Price))
	}
	return t.print(w.out)
}

func (w walk) completeOrder() error {
	orders, err := w.client.ListOrders(w.ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderPending})
	if err != nil || len(orders) == 0 {
		return err
	}
	order, err := w.client.UpdateOrderStatus(w.ctx, orders[0].ID, pmpsmart.OrderComplete)
	if err != nil {
		return err
	}
	w.say("Order %d was %s and now is %s; %d are left.", order.ID, orders[0].Status, order.Status, len(orders)-1)
	return nil
}

func (w walk) renameOutlet() error {
	outlet, err := w.client.UpdateOutletCode(w.ctx, 88, "OUT-JKT-88")
	if err != nil {
		return err
	}
	w.say("Outlet %d, %s, now has the code %s.", outlet.ID, outlet.Name, outlet.Code)
	return nil
}

// jsonOrders writes an order of the program's own. The API knows no idempotency; EnsureJSONOrder inserts once however
// often it is called.
func (w walk) jsonOrders() error {
	in := pmpsmart.JSONOrderInput{
		Code:   "PMP-3903001",
		Data:   map[string]any{"outlet_id": 88, "items": []any{map[string]any{"sku": "KOPI-165", "qty": 12}}},
		Status: pmpsmart.JSONOrderCompleted,
	}
	for range 2 {
		order, created, err := w.client.EnsureJSONOrder(w.ctx, in)
		if err != nil {
			return err
		}
		word := "was there already"
		switch {
		case created:
			word = "was inserted"
		case !order.Matches(in): // another's, which is not done by what it says
			return fmt.Errorf("JSON order %s (id %d) is there with other data: %s", order.Code, order.ID, order.Data)
		}
		w.say("JSON order %s (id %d) %s: %s", order.Code, order.ID, word, order.Data)
	}
	return nil
}

// missingOrder shows what an error looks like.
func (w walk) missingOrder() error {
	_, err := w.client.GetOrder(w.ctx, 999_999)
	if !errors.Is(err, pmpsmart.ErrNotFound) {
		return fmt.Errorf("want an order that is not there, got: %w", err)
	}
	w.say("An order that is not there is an error that matches pmpsmart.ErrNotFound:\n  %v", err)
	return nil
}

func (w walk) logout() error {
	if err := w.client.Logout(w.ctx); err != nil {
		return err
	}
	w.say("Logged out.")
	return nil
}

// first takes the first n records of a list. Breaking off asks for no further page.
func first[T any](n int, seq iter.Seq2[T, error]) ([]T, error) {
	var records []T
	for record, err := range seq {
		if err != nil {
			return nil, err
		}
		if records = append(records, record); len(records) == n {
			break
		}
	}
	return records, nil
}
