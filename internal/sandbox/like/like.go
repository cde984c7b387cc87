// Package like answers as a report of the doctor tells that a server does: in the
// envelope, the pages and the records of the report, with the sandbox's values.
package like

import (
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// A Likeness is a server as a report tells of it.
type Likeness struct{ endpoints map[string]*Endpoint } // by op

// An Endpoint makes the responses of one endpoint. It is never changed.
type Endpoint struct {
	shape    report.Shape
	status   int
	noise    string
	media    string
	hasPlace bool                // the shape says where records stand
	skeleton []*value            // what records look like, one after the other; nil for as they are
	usual    map[string][]string // the kinds of each of their fields, the most frequent first
	data     seed.Data           // that the sandbox has, and how many rows of it
	rows     seed.Data

	attributes string // the field in which a record's columns stand, as in JSON:API; "" for the record itself
}

// ops are the endpoints of a report that tell how they answer, by path.
var ops = map[string]string{
	"auth/login": "Login", "order": "ListOrders", "order/detail": "GetOrder", "json/order/get/filter": "FilterJSONOrders",
	"master/outlet": "ListOutlets", "user/sales": "ListSalesUsers", "visit": "ListVisits",
}

// New returns the likeness of the server that a report tells of, with that many rows
// of the sample data. An endpoint that gave no good answer is not in it.
func New(r *report.Report, data, rows seed.Data) *Likeness {
	l := &Likeness{make(map[string]*Endpoint)}
	for path, op := range ops {
		if e := r.Of(path); e != nil && e.Outcome == report.OK {
			if made := newEndpoint(e, data, rows); made != nil {
				l.endpoints[op] = made
			}
		}
	}
	return l
}

// Of returns the endpoint of an op, nil if the report does not tell how it answers.
func (l *Likeness) Of(op string) shape.Likeness {
	if e := l.endpoints[op]; e != nil {
		return e
	}
	return nil
}

// sampleJSONOrders is how many JSON orders there are if the report tells of any.
const sampleJSONOrders = 12

// Rows returns how many rows of the sample data are there: none where the server had
// none, and one where its list stood as its only record.
func Rows(r *report.Report, data seed.Data) seed.Data {
	if data == (seed.Data{}) {
		return data
	}
	data.JSONOrders = sampleJSONOrders
	for path, rows := range map[string]*int64{
		"order": &data.Orders, "json/order/get/filter": &data.JSONOrders, "master/outlet": &data.Outlets, "user/sales": &data.Users, "visit": &data.Visits,
	} {
		e := r.Of(path)
		switch {
		case e == nil || e.Outcome != report.OK:
			if path == "json/order/get/filter" {
				*rows = 0
			}
		case e.Records == 0 || e.Records == 1:
			*rows = min(*rows, int64(e.Records))
		}
	}
	return data
}

// newEndpoint returns nil if the report does not tell how the endpoint answers.
func newEndpoint(e *report.Endpoint, data, rows seed.Data) *Endpoint {
	a, s := bestAnswer(e.Answers)
	if a == nil {
		return nil
	}
	made := &Endpoint{shape: withPages(s), status: a.HTTP, noise: a.Noise, media: a.Media, hasPlace: hasPlace(s), data: data, rows: rows}
	if len(e.Fields) > 0 {
		made.skeleton = newSkeleton(e, e.Path == "order/detail")
		made.usual = make(map[string][]string)
		for _, f := range e.Fields {
			made.usual[f.Name] = f.Frequent()
		}
		columns := columnsOf(e.Path)
		if attributes := e.Tree().Attributes(func(name string) bool { return find(columns, name) >= 0 }); attributes != nil {
			made.attributes = attributes.Name
		}
	}
	return made
}

// columnsOf returns the names of the columns of an endpoint's records.
func columnsOf(path string) *loose.NameIndex {
	r := record.User(&seed.User{})
	switch path {
	case "order", "order/detail":
		r = record.Order(&seed.Order{})
	case "json/order/get/filter":
		r = record.JSONOrder(&seed.JSONOrder{})
	case "master/outlet":
		r = record.Outlet(&seed.Outlet{})
	case "visit":
		r = record.Visit(&seed.Visit{})
	}
	return loose.NewNameIndex(names(r.Columns)...)
}

// bestAnswer returns the good answer that tells most, and its shape.
func bestAnswer(answers []*report.Answer) (best *report.Answer, s report.Shape) {
	rank := func(a *report.Answer) int {
		switch {
		case a.Outline != "" && !a.IsCut():
			return 3
		case !a.IsCut():
			return 2
		}
		return 1
	}
	for _, a := range answers {
		text := a.Outline
		if text == "" {
			text = a.Shape
		}
		parsed, err := report.ParseShape(text)
		isGood := err == nil && a.HTTP >= 200 && a.HTTP < 300 && (parsed.Form != "" && (parsed.Problem == "" || parsed.Problem == report.IsTwo))
		if isGood && (best == nil || hasPlace(parsed) && !hasPlace(s) || rank(a) > rank(best) && hasPlace(parsed) == hasPlace(s)) {
			best, s = a, parsed
		}
	}
	return best, s
}

// hasPlace reports whether a shape says where records stand.
func hasPlace(s report.Shape) bool {
	return s.Form == report.Record || slices.ContainsFunc(s.Inner, hasPlace)
}

// original returns the row of the sample data that a record was at first, nil for one
// that was added.
func (e *Endpoint) original(r record.Record, isDetail bool) *record.Record {
	id, d, rows := r.ID(), e.data, e.rows
	var first record.Record
	switch {
	case id < 1:
		return nil
	case r.Kind == record.OrderKind && id <= rows.Orders && isDetail:
		o := d.Order(id)
		user, outlet := d.User(o.UserID), d.Outlet(o.OutletID)
		first = record.OrderDetail(&o, d.Items(id), &outlet, &user)
	case r.Kind == record.OrderKind && id <= rows.Orders:
		o := d.Order(id)
		first = record.Order(&o)
	case r.Kind == record.OutletKind && id <= rows.Outlets:
		o := d.Outlet(id)
		first = record.Outlet(&o)
	case r.Kind == record.UserKind && id <= rows.Users:
		u := d.User(id)
		first = record.User(&u)
	case r.Kind == record.VisitKind && id <= rows.Visits:
		v := d.Visit(id)
		first = record.Visit(&v)
	case r.Kind == record.JSONOrderKind && id <= rows.JSONOrders:
		o := d.JSONOrder(id)
		first = record.JSONOrder(&o)
	default:
		return nil
	}
	return &first
}
