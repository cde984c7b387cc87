// Package seed makes sample data: the salespeople, outlets, orders and visits
// of a distributor that never was, somewhere on Java in January and February of
// 2026; its last week may be any other ([Data.EndingOn]).
//
// A record is a pure function of its id and of a [Data]. It is made
// on demand and never stored, so that a million orders take no memory, and it is
// the same on every machine.
package seed

import (
	"fmt"
	"strconv"
	"time"
)

// Version is incremented when a record of the same id changes: stored changes to
// the former records do not apply to the new ones.
const Version = 1

// The orders of [New]'s default, and the record that the examples of the
// vendor's page ask for.
const (
	DefaultOrders = 240
	PageOrder     = 198 // pending, of 2026-02-02, of user 1 and outlet 1
)

// Data says how many records of each kind there are. Their ids run from 1.
type Data struct {
	Users, Outlets, Orders, Visits int64
	JSONOrders                     int64 `json:",omitempty"` // New has none: they are what the users' programs write
	// Ends is the last day, counted from 1970-01-01 in WIB; 0 is the 40th, 2026-02-09.
	Ends int64 `json:",omitempty"`
}

// EndingOn returns the data with its last week, of orders and of visits, in the week
// that ends on the day of a time in WIB, the day itself never without one. The rest
// stays where it was, with the order that the vendor's page asks for.
func (d Data) EndingOn(at time.Time) Data {
	if d == (Data{}) {
		return d // nothing ends
	}
	year, month, day := at.In(wib).Date()
	d.Ends = time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
	return d
}

// New returns the data of a business with that many orders, and with as many
// salespeople, outlets and visits as that takes: never fewer than 12, 120 and 60.
func New(orders int64) Data {
	return Data{
		Users:   min(max(12, orders/1000), 200),
		Outlets: min(max(120, orders/10), 5000),
		Orders:  orders,
		Visits:  max(60, orders/4),
	}
}

// The business opened on New Year's Day and has been open from 8 to 17 h WIB on
// each of 40 days.
var opened = time.Date(2026, time.January, 1, 1, 0, 0, 0, time.UTC)

const (
	days    = 40
	week    = 7
	workday = 9 * 60 * 60 // seconds
)

// wib is Western Indonesia Time, whose days the orders' dates are.
var wib = time.FixedZone("WIB", 7*3600)

// moment returns when the id-th of n events happened, in the order of ids. The first
// of them that is on the last day, whatever n, is latest.
func (d Data) moment(id, n, latest int64) time.Time {
	gap := max(1, days*workday/n)
	second := int64(float64(id-1)/float64(n)*days*workday) + pick(id, "moment", gap)
	second = min(second, days*workday-1)
	day := second / workday
	if d.Ends != 0 {
		if id >= latest {
			day = days - 1
		}
		if day >= days-week {
			day += d.lastDay() - (days - 1)
		}
	}
	return opened.AddDate(0, 0, int(day)).Add(time.Duration(second%workday) * time.Second)
}

// lastDay returns the last day, counted from the first.
func (d Data) lastDay() int64 {
	if d.Ends == 0 {
		return days - 1
	}
	return d.Ends - opened.Unix()/(24*60*60)
}

// worked returns when an order that came at a time has been worked on: in the two days
// that follow, but not after the business has closed on the last one.
func (d Data) worked(id int64, at time.Time) time.Time {
	closed := opened.AddDate(0, 0, int(d.lastDay())).Add(workday * time.Second)
	done := at.Add(time.Duration(1+pick(id, "worked", 48*3600)) * time.Second)
	switch {
	case done.Before(closed):
		return done
	case at.Before(closed):
		return closed
	}
	return at
}

// User returns the salesperson of that id; the first is Ferryanto.
func (d Data) User(id int64) User {
	at := opened.Add(time.Duration(id) * time.Minute)
	first, last := firstNames[(id-1)%int64(len(firstNames))], ""
	if id > 1 {
		last = lastNames[((id-1)/int64(len(firstNames))+(id-1)*5)%int64(len(lastNames))]
	}
	u := User{ID: id, Name: first, CreatedAt: at, UpdatedAt: at}
	mailbox := lower(first)
	if last != "" {
		u.Name += " " + last
		mailbox += "." + lower(last)
	}
	if id > int64(len(firstNames)) {
		mailbox += strconv.FormatInt(id, 10)
	}
	u.Email = mailbox + "@pmpsmart.test"
	return u
}

// Outlet returns the outlet of that id.
func (d Data) Outlet(id int64) Outlet {
	at := opened.Add(time.Duration(id%workday) * time.Second)
	name := oneOf(id, "kind", outletKinds) + " " + oneOf(id, "name", outletNames)
	street := oneOf(id, "street", streets) + " No. " + strconv.FormatInt(1+pick(id, "number", 180), 10)
	return Outlet{
		ID: id, Code: code("OUT-", 3, id), Name: name, Address: street + ", " + oneOf(id, "city", cities),
		CreatedAt: at, UpdatedAt: at,
	}
}

// Order returns the order of that id without its items, which [Data.Items] returns.
func (d Data) Order(id int64) Order {
	at := d.moment(id, d.Orders, d.latestOrder())
	o := Order{
		ID: id, Code: code("PMP-", 7, id), Status: d.status(id),
		UserID: 1 + pick(id, "user", d.Users), OutletID: 1 + pick(id, "outlet", d.Outlets),
		CreatedAt: at, UpdatedAt: at,
	}
	if id == d.pageOrder() {
		o.Status, o.UserID, o.OutletID = "pending", 1, 1
		o.CreatedAt = time.Date(2026, time.February, 2, 1, 15, 30, 0, time.UTC)
		o.UpdatedAt = o.CreatedAt
	}
	if o.Status == "complete" || o.Status == "cancel" {
		o.UpdatedAt = d.worked(id, at)
	}
	o.Date = day(o.CreatedAt)
	for n := range itemCount(id) {
		o.Total += itemProduct(id, n).price * float64(itemQuantity(id, n))
	}
	return o
}

// pageOrder returns the id of the order that the example of the vendor's page
// filters for, in a small business the last one.
func (d Data) pageOrder() int64 { return min(PageOrder, d.Orders) }

// latestOrder returns the id of an order that is on the last day: the last one but the
// page's.
func (d Data) latestOrder() int64 {
	if d.Orders == d.pageOrder() {
		return max(1, d.Orders-1)
	}
	return d.Orders
}

// status returns the status of an order: most of the old ones are complete.
func (d Data) status(id int64) string {
	chance := pick(id, "status", 100)
	switch {
	case chance < 8:
		return "cancel"
	case id > d.Orders-d.Orders/10:
		return "open"
	case id > d.Orders-d.Orders/4 || chance < 14:
		return "pending"
	}
	return "complete"
}

// Items returns the one to four items of an order; their sum is its total.
func (d Data) Items(order int64) []Item {
	items := make([]Item, itemCount(order))
	for i := range items {
		n := int64(i)
		product := itemProduct(order, n)
		items[i] = Item{ID: (order-1)*MaxItems + n + 1, Product: product.name, Quantity: itemQuantity(order, n), Price: product.price}
	}
	return items
}

// MaxItems is how many items an order has at most. The ids of its items follow
// from its own id and this.
const MaxItems = 4

func itemCount(order int64) int64 { return 1 + pick(order, "items", MaxItems) }

// itemProduct returns the product of an item; no two of an order are the same.
func itemProduct(order, n int64) product {
	first := pick(order, "product", int64(len(products)))
	return products[(first+n*7)%int64(len(products))]
}

func itemQuantity(order, n int64) int64 { return 1 + pick(order*MaxItems+n, "quantity", 24) }

// Visit returns the visit of that id.
func (d Data) Visit(id int64) Visit {
	user := 1 + (id-1)%d.Users
	at := d.moment(id, d.Visits, d.Visits)
	return Visit{
		ID: id, Name: d.User(user).Name, UserID: user, OutletID: 1 + pick(id, "visited", d.Outlets),
		CreatedAt: at, UpdatedAt: at,
	}
}

// JSONOrder returns the JSON order of that id.
func (d Data) JSONOrder(id int64) JSONOrder {
	at := d.moment(id, d.JSONOrders, d.JSONOrders)
	text := fmt.Sprintf(`{"outlet":%q,"items":[{"nama_produk":%q,"qty":%d}],"total":%d}`,
		code("OUT-", 3, 1+pick(id, "outlet", 120)), itemProduct(id, 0).name, itemQuantity(id, 0), int64(itemProduct(id, 0).price)*itemQuantity(id, 0))
	return JSONOrder{ID: id, Code: code("JSON-", 7, id), Data: text, Status: "completed", CreatedAt: at, UpdatedAt: at}
}
