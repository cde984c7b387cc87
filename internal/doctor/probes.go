package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"iter"

	"github.com/pmpsmart/pmpsmart-go"
)

// A probe asks one endpoint. All of them read; the tap lets no other pass.
type probe struct {
	method string // of the library
	path   string
	names  []string // the fields that the struct of its records names
	want   wanted
	ask    func(*doctor, context.Context, *endpoint) error
}

// probes are in the order in which they are asked: the details need orders of the
// list.
var probes = []probe{
	{"Login", "auth/login", append(namesOf(pmpsmart.User{}), "api_token", "access_token", "token"), wanted{fields: namesOf(pmpsmart.User{}), token: true}, (*doctor).login},
	list("ListOrders", "order", pmpsmart.Order{}, (*doctor).orders),
	{"GetOrder", "order/detail", namesOf(pmpsmart.Order{}), wanted{fields: namesOf(pmpsmart.Order{})}, (*doctor).order},
	list("FilterJSONOrders", "json/order/get/filter", pmpsmart.JSONOrder{}, (*doctor).jsonOrders),
	list("ListOutlets", "master/outlet", pmpsmart.Outlet{}, (*doctor).outlets),
	list("ListSalesUsers", "user/sales", pmpsmart.User{}, (*doctor).salesUsers),
	list("ListVisits", "visit", pmpsmart.Visit{}, (*doctor).visits),
}

// list makes the probe of a list of a model's records.
func list(method, path string, model any, ask func(*doctor, context.Context, *endpoint) error) probe {
	names := namesOf(model)
	return probe{method, path, names, wanted{fields: names, many: true}, ask}
}

// namesOf returns the API's names of a model's fields: those that it is written
// with.
func namesOf(model any) []string {
	text, err := json.Marshal(model)
	if err != nil {
		panic(err) // a model always marshals
	}
	return read(text).top.names
}

// login logs in first of all, so that a wrong password is met once and not by
// every endpoint.
func (d *doctor) login(ctx context.Context, e *endpoint) error {
	if !d.makesLogin() {
		return skipped("PMPSMART_TOKEN is set")
	}
	_, err := d.client.Login(ctx, d.email, d.password)
	if d.locked = err != nil; err == nil {
		e.Records = 1
	}
	return err
}

func (d *doctor) orders(ctx context.Context, e *endpoint) error {
	return walk(d, e, d.client.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}), func(o pmpsmart.Order) { d.sample.add(o.ID) })
}

// order asks for the details of some orders of the list, of which one may be gone by
// now.
func (d *doctor) order(ctx context.Context, e *endpoint) error {
	ids := d.sample.ids()
	if len(ids) == 0 {
		return skipped("the list gave no order to ask for")
	}
	for _, id := range ids {
		_, err := d.client.GetOrder(ctx, id)
		if errors.Is(err, pmpsmart.ErrNotFound) && e.Records > 0 {
			continue
		}
		if err != nil {
			return err
		}
		e.Records++
	}
	return nil
}

func (d *doctor) jsonOrders(ctx context.Context, e *endpoint) error {
	return walk(d, e, d.client.FilterJSONOrdersSeq(ctx, pmpsmart.JSONOrderFilter{}), nil)
}

func (d *doctor) outlets(ctx context.Context, e *endpoint) error {
	return walk(d, e, d.client.ListOutletsSeq(ctx), nil)
}

func (d *doctor) salesUsers(ctx context.Context, e *endpoint) error {
	return walk(d, e, d.client.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{}), nil)
}

func (d *doctor) visits(ctx context.Context, e *endpoint) error {
	return walk(d, e, d.client.ListVisitsSeq(ctx, pmpsmart.VisitFilter{}), nil)
}

// walk reads a list as far as -max-records.
func walk[T any](d *doctor, e *endpoint, records iter.Seq2[T, error], each func(T)) error {
	for record, err := range records {
		if err != nil {
			return err
		}
		if e.Records == d.max {
			e.More = true
			break
		}
		e.Records++
		if each != nil {
			each(record)
		}
		d.progress.records(e.Path, e.Records)
	}
	return nil
}
