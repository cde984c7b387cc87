package pmpsmarttest_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// noon is the time of a test's clock.
var noon = time.Date(2026, time.March, 1, 5, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// A day is what a program sees of a server that uses all of it.
type day struct {
	Login      pmpsmart.User
	Outlets    []pmpsmart.Outlet
	Code       pmpsmart.Outlet
	Orders     []pmpsmart.Order
	NoOrders   []pmpsmart.Order
	Order      pmpsmart.Order
	Updated    pmpsmart.Order
	Users      []pmpsmart.User
	Visits     []pmpsmart.Visit
	Inserted   pmpsmart.JSONOrder
	Changed    pmpsmart.JSONOrder
	JSONOrders []pmpsmart.JSONOrder

	Drift  map[string]int    // by op and path
	Errors map[string]string // their kind, by op
}

// spend has a client of the server use each endpoint.
func spend(ctx context.Context, srv *pmpsmarttest.Server) day {
	d := day{Drift: map[string]int{}, Errors: map[string]string{}}
	c := srv.Client(
		pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}),
		pmpsmart.WithDriftHandler(func(_ context.Context, drift pmpsmart.Drift) { d.Drift[drift.Op+" "+drift.Path] += drift.Count }),
	)
	note := func(op string, err error) {
		if err != nil {
			d.Errors[op] = kindOf(err)
		}
	}
	session, err := c.Login(ctx, pmpsmarttest.Email, pmpsmarttest.Password)
	if err == nil {
		d.Login = session.User
	}
	note("Login", err)
	d.Outlets, err = c.ListOutlets(ctx)
	note("ListOutlets", err)
	note("UpdateOutletCode", into(&d.Code)(c.UpdateOutletCode(ctx, 88, "OUT-BARU")))
	d.Orders, err = c.ListOrders(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderPending})
	note("ListOrders", err)
	d.NoOrders, err = c.ListOrders(ctx, pmpsmart.OrderFilter{Status: "tidak ada"})
	note("ListOrders, none", err)
	note("GetOrder", into(&d.Order)(c.GetOrder(ctx, 40)))
	note("GetOrder, none", into(new(pmpsmart.Order))(c.GetOrder(ctx, 999)))
	note("UpdateOrderStatus", into(&d.Updated)(c.UpdateOrderStatus(ctx, 40, pmpsmart.OrderComplete)))
	d.Users, err = c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{Name: "Ferryanto"})
	note("ListSalesUsers", err)
	d.Visits, err = c.ListVisits(ctx, pmpsmart.VisitFilter{Name: "Ferryanto"})
	note("ListVisits", err)
	in := pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: map[string]string{"key": "value"}, Status: pmpsmart.JSONOrderCompleted}
	note("InsertJSONOrder", into(&d.Inserted)(c.InsertJSONOrder(ctx, in)))
	in.Data = []int{1, 2}
	note("UpdateJSONOrder", into(&d.Changed)(c.UpdateJSONOrder(ctx, in)))
	in.Code = "tidak ada"
	note("UpdateJSONOrder, none", into(new(pmpsmart.JSONOrder))(c.UpdateJSONOrder(ctx, in)))
	d.JSONOrders, err = c.FilterJSONOrders(ctx, pmpsmart.JSONOrderFilter{Code: "PMP-3903001"})
	note("FilterJSONOrders", err)
	note("Call", c.Call(ctx, "order/update", map[string]any{"order_id": "x"}, nil))
	note("Logout", c.Logout(ctx))
	return d
}

// into keeps what a method returns, if anything.
func into[T any](out *T) func(*T, error) error {
	return func(v *T, err error) error {
		if v != nil {
			*out = *v
		}
		return err
	}
}

func kindOf(err error) string {
	var decode *pmpsmart.DecodeError
	switch {
	case errors.Is(err, pmpsmart.ErrNotFound):
		return "not found"
	case errors.Is(err, pmpsmart.ErrValidation):
		return "invalid"
	case errors.As(err, &decode):
		return "unreadable"
	}
	return "refused"
}

// each has f change all values of a type, wherever they stand in v.
func each[T any](v reflect.Value, f func(*T)) {
	if at, ok := v.Addr().Interface().(*T); ok {
		f(at)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				each(v.Field(i), f)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i), f)
		}
	}
}

// Changes of what a day in the style plain is.
func times(change func(time.Time) time.Time) func(*day) {
	return func(d *day) { each(reflect.ValueOf(d).Elem(), func(t *time.Time) { *t = change(*t) }) }
}

func noTimes(d *day) { times(func(time.Time) time.Time { return time.Time{} })(d) }

func noDates(d *day) {
	each(reflect.ValueOf(d).Elem(), func(date *pmpsmart.Date) { *date = pmpsmart.Date{} })
}

func noExtras(d *day) {
	each(reflect.ValueOf(d).Elem(), func(extra *pmpsmart.Extra) { *extra = pmpsmart.Extra{} })
}

func noUser(d *day) { d.Login = pmpsmart.User{} }

// whatWasSent is what a write returns where the server tells nothing of it.
func whatWasSent(d *day) {
	d.Code = pmpsmart.Outlet{ID: 88, Code: "OUT-BARU"}
	d.Updated = pmpsmart.Order{ID: 40, Status: pmpsmart.OrderComplete}
	d.Inserted = pmpsmart.JSONOrder{Code: "PMP-3903001", Data: json.RawMessage(`{"key":"value"}`), Status: pmpsmart.JSONOrderCompleted}
	d.Changed = pmpsmart.JSONOrder{Code: "PMP-3903001", Data: json.RawMessage(`[1,2]`), Status: pmpsmart.JSONOrderCompleted}
}

// onlyIDs is what is left where a server sends nothing else.
func onlyIDs(d *day) {
	for i := range d.Outlets {
		d.Outlets[i] = pmpsmart.Outlet{ID: d.Outlets[i].ID}
	}
	for i := range d.Orders {
		d.Orders[i] = pmpsmart.Order{ID: d.Orders[i].ID}
	}
	for i := range d.Users {
		d.Users[i] = pmpsmart.User{ID: d.Users[i].ID}
	}
	for i := range d.Visits {
		d.Visits[i] = pmpsmart.Visit{ID: d.Visits[i].ID}
	}
	d.JSONOrders = []pmpsmart.JSONOrder{{ID: 1}}
	d.Code, d.Order, d.Updated = pmpsmart.Outlet{ID: 88}, pmpsmart.Order{ID: 40}, pmpsmart.Order{ID: 40}
	d.Inserted, d.Changed = pmpsmart.JSONOrder{ID: 1}, pmpsmart.JSONOrder{ID: 1}
}

// byDay is the order of records in groups by the day they were made.
func byDay(d *day) {
	d.Outlets = grouped(d.Outlets, func(o pmpsmart.Outlet) time.Time { return o.CreatedAt })
	d.Orders = grouped(d.Orders, func(o pmpsmart.Order) time.Time { return o.CreatedAt })
	d.Visits = grouped(d.Visits, func(v pmpsmart.Visit) time.Time { return v.CreatedAt })
}

func grouped[T any](records []T, made func(T) time.Time) []T {
	groups := make(map[string][]T)
	var days []string
	for _, r := range records {
		day := made(r).UTC().Format(time.DateOnly)
		if groups[day] == nil {
			days = append(days, day)
		}
		groups[day] = append(groups[day], r)
	}
	all := records[:0:0]
	for _, day := range days {
		all = append(all, groups[day]...)
	}
	return all
}

// firstPages is what is left of lists that do not end with their first page.
func firstPages(d *day) {
	const perPage = 15
	if len(d.Outlets) > perPage {
		d.Outlets = d.Outlets[:perPage]
		d.Drift["ListOutlets data"]++
	}
	if len(d.Orders) > perPage {
		d.Orders = d.Orders[:perPage]
		d.Drift["ListOrders data"]++
	}
	if len(d.Visits) > perPage {
		d.Visits = d.Visits[:perPage]
		d.Drift["ListVisits data"]++
	}
}

func reversed(d *day) {
	slices.Reverse(d.Outlets)
	slices.Reverse(d.Orders)
	slices.Reverse(d.Visits)
}

// latin1 is what is left of letters that are no UTF-8.
func latin1(d *day) {
	each(reflect.ValueOf(d).Elem(), func(text *string) { *text = strings.ReplaceAll(*text, "é", "\ufffd") })
}

func errorsAre(kind string, ops ...string) func(*day) {
	return func(d *day) {
		for _, op := range ops {
			d.Errors[op] = kind
		}
	}
}

var (
	lists  = []string{"ListOutlets", "ListOrders", "ListOrders, none", "ListSalesUsers", "ListVisits", "FilterJSONOrders"}
	others = []string{"UpdateOutletCode", "GetOrder", "UpdateOrderStatus", "InsertJSONOrder", "UpdateJSONOrder"}
)

// nothing is a day without any answer.
func nothing(d *day) {
	login, drift, errs := d.Login, d.Drift, d.Errors
	*d = day{Login: login, Drift: drift, Errors: errs}
	errorsAre("unreadable", append(lists, others...)...)(d)
}

// unknownTo is what a server says of orders that are not there, where it does so
// with HTTP 200 and no number.
var unknownTo = errorsAre("refused", "GetOrder, none", "UpdateJSONOrder, none")

// drifts is drift in each answer that is no error.
func drifts(path string) func(*day) {
	return func(d *day) {
		for _, op := range append([]string{"Login", "Logout"}, append(lists, others...)...) {
			name, _, _ := strings.Cut(op, ",")
			d.Drift[name+" "+path]++
		}
	}
}

// In each style a client sees what it sees in the style plain; but for these.
var differences = map[pmpsmarttest.Style][]func(*day){
	"strings":          {noExtras},
	"toplevel":         {noUser},
	"loose":            {unknownTo},
	"rows":             {noUser, whatWasSent},
	"carbon":           {noExtras},
	`status="Selesai"`: {drifts("status")}, `status={"kode":1}`: {drifts("status")},
	`failure="error"`: {unknownTo}, `failure="failed"`: {unknownTo}, `failure="gagal"`: {unknownTo}, "failure=false": {unknownTo},
	`failure="false"`: {unknownTo}, "failure=0": {unknownTo}, `failure="0"`: {unknownTo}, "failure=mixed": {unknownTo},
	"failure=success:false": {unknownTo}, "failure=error:true": {unknownTo},
	"failure=sukses:false": {unknownTo}, "failure=isError:true": {unknownTo}, "failure=errno:1": {unknownTo}, "failure=nested": {unknownTo},
	"list=reversed": {reversed},
	"grouped":       {byDay}, "list=by-day": {byDay},
	"list=among":  {func(d *day) { d.Drift["ListOrders data.summary"]++ }}, // beside a list of none
	"list=offset": {firstPages},
	"list=scalars": {errorsAre("unreadable", lists...), func(d *day) {
		d.Outlets, d.Orders, d.NoOrders, d.Users, d.Visits, d.JSONOrders = nil, nil, nil, nil, nil, nil
	}},
	"write=true": {whatWasSent}, "write=1": {whatWasSent}, "write=null": {whatWasSent}, "write=[]": {whatWasSent},
	"write={}": {whatWasSent}, `write=""`: {whatWasSent}, "write=none": {whatWasSent},
	"login=toplevel": {noUser}, "login=text": {noUser},
	"login=null":  {noUser, nothing, errorsAre("unreadable", "Login", "GetOrder, none", "UpdateJSONOrder, none", "Call")},
	"login=none":  {noUser, nothing, errorsAre("unreadable", "Login", "GetOrder, none", "UpdateJSONOrder, none", "Call")},
	"fields=null": {noExtras, onlyIDs}, "fields=empty": {noExtras, onlyIDs},
	"fields=odd": {noExtras, odd},
	"jsonapi":    {noExtras}, "elements=attributes": {noExtras}, "elements=properties": {noExtras},
	"names=camel": {noExtras}, "names=kebab": {noExtras}, "names=upper": {noExtras},
	"numbers=text": {noExtras}, "numbers=float": {noExtras},
	"times=rfc3339": {noExtras}, "times=offset": {noExtras}, "times=sql": {noExtras}, "times=doc": {noExtras},
	"times=unix": {noExtras}, "times=unix-text": {noExtras}, "times=carbon": {noExtras}, "times=parts": {noExtras}, "times=mixed": {noExtras},
	"times=day":        {noExtras, times(midnight)},
	"times=zero":       {noExtras, noTimes},
	"times=minus":      {noExtras, noTimes},
	"dates=zero":       {noDates},
	"json_data=broken": {broken},
	"bytes=latin1":     {noExtras, latin1},
	"type=html":        {drifts("body")}, "noise=bom": {drifts("body")}, "noise=html": {drifts("body")}, "noise=text": {drifts("body")},
	"noise=bom-after": {drifts("body")}, "noise=script": {drifts("body")},
	"body=html": {nothing, goneUnread}, "body=empty": {nothing}, "body=cut": {nothing, goneUnread}, "body=two": {nothing, goneUnread},
	"body=nan": {nothing, goneUnread}, "body=deep": {nothing, goneUnread},
}

// goneUnread is a logout whose answer can't be read.
var goneUnread = errorsAre("unreadable", "Logout")

func midnight(t time.Time) time.Time {
	wib := t.In(time.FixedZone("WIB", 7*3600))
	return pmpsmart.DateOf(wib).Time(wib.Location()).UTC()
}

// odd is what is left where every third record has a user_id and a created_at
// that can't be.
func odd(d *day) {
	third := func(id int64) bool { return id%3 == 0 }
	for i := range d.Outlets {
		if third(d.Outlets[i].ID) {
			d.Outlets[i].CreatedAt = time.Time{}
			d.Drift["ListOutlets data.*.created_at"]++
		}
	}
	for i := range d.Orders {
		if third(d.Orders[i].ID) {
			d.Orders[i].CreatedAt, d.Orders[i].UserID = time.Time{}, 0
			d.Drift["ListOrders data.*.created_at"]++
			d.Drift["ListOrders data.*.user_id"]++
		}
	}
	for i := range d.Visits {
		if third(d.Visits[i].ID) {
			d.Visits[i].CreatedAt, d.Visits[i].UserID = time.Time{}, 0
			d.Drift["ListVisits data.*.created_at"]++
			d.Drift["ListVisits data.*.user_id"]++
		}
	}
}

// broken is JSON that lacks its last byte: a text.
func broken(d *day) {
	d.Inserted.Data = json.RawMessage(`"{\"key\":\"value\""`)
	d.Changed.Data = json.RawMessage(`"[1,2"`)
	d.JSONOrders[0].Data = json.RawMessage(`"[1,2"`)
}

func TestStyles(t *testing.T) {
	t.Parallel()
	for _, style := range pmpsmarttest.Styles() {
		t.Run(string(style), func(t *testing.T) {
			t.Parallel()
			options := []pmpsmarttest.Option{pmpsmarttest.WithSeed(40), pmpsmarttest.WithClock(atNoon)}
			want := spend(t.Context(), newServer(t, options...))
			want.Errors = map[string]string{"GetOrder, none": "not found", "UpdateJSONOrder, none": "not found", "Call": "invalid"}
			for _, change := range differences[style] {
				change(&want)
			}
			got := spend(t.Context(), newServer(t, append(options, pmpsmarttest.WithStyle(style))...))
			utc := times(time.Time.UTC)
			utc(&want)
			utc(&got)
			if extras := reflect.ValueOf(want.Order.Extra); extras.IsZero() {
				noExtras(&got)
			}
			assert.Equal(t, want, got)
		})
	}
	for style := range differences {
		assert.Contains(t, pmpsmarttest.Styles(), style)
	}
}
