package seed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func TestSizes(t *testing.T) {
	t.Parallel()
	for orders, want := range map[int64]seed.Data{
		0:                  {Users: 12, Outlets: 120, Orders: 0, Visits: 60},
		seed.DefaultOrders: {Users: 12, Outlets: 120, Orders: 240, Visits: 60},
		1_000_000:          {Users: 200, Outlets: 5000, Orders: 1_000_000, Visits: 250_000},
	} {
		assert.Equal(t, want, seed.New(orders))
	}
}

// Records are what they have always been: a data file tells only what changed in
// them. Whoever changes them counts seed.Version up.
func TestRecordsStay(t *testing.T) {
	t.Parallel()
	d := seed.New(seed.DefaultOrders)
	at := func(day, hour, minute, second int) time.Time {
		return time.Date(2026, time.January, day, hour, minute, second, 0, time.UTC)
	}
	assert.Equal(t, 1, seed.Version)
	assert.Equal(t, seed.User{ID: 1, Name: "Ferryanto", Email: "ferryanto@pmpsmart.test", CreatedAt: at(1, 1, 1, 0), UpdatedAt: at(1, 1, 1, 0)}, d.User(1))
	assert.Equal(t, seed.Outlet{ID: 88, Code: "OUT-088", Name: "Warung Senja", Address: "Jl. Pemuda No. 151, Malang", CreatedAt: at(1, 1, 1, 28), UpdatedAt: at(1, 1, 1, 28)}, d.Outlet(88))
	assert.Equal(t, seed.Order{ID: 198, Code: "PMP-0000198", Status: "pending", Date: "2026-02-02", UserID: 1, OutletID: 1, Total: 89400, CreatedAt: at(33, 1, 15, 30), UpdatedAt: at(33, 1, 15, 30)}, d.Order(198))
	assert.Equal(t, []seed.Item{{ID: 789, Product: "Pasta Gigi 190 g", Quantity: 6, Price: 14900}}, d.Items(198))
	assert.Equal(t, seed.Visit{ID: 1, Name: "Ferryanto", UserID: 1, OutletID: 19, CreatedAt: at(1, 2, 15, 11), UpdatedAt: at(1, 2, 15, 11)}, d.Visit(1))
}

// Whatever the size: the records fit together, and the example of the vendor's
// page finds its order.
func TestRecordsFitTogether(t *testing.T) {
	t.Parallel()
	for _, orders := range []int64{1, 10, 240, 1000, 100_000} {
		d := seed.New(orders)
		statuses, emails := map[string]int{}, map[string]bool{}
		found, last := 0, time.Time{}
		for id := int64(1); id <= orders; id++ {
			o, sum := d.Order(id), 0.0
			items := d.Items(id)
			for _, item := range items {
				sum += item.Price * float64(item.Quantity)
			}
			require.True(t, len(items) >= 1 && len(items) <= 4 && sum == o.Total, "%+v %+v", o, items)
			require.True(t, o.UserID >= 1 && o.UserID <= d.Users && o.OutletID >= 1 && o.OutletID <= d.Outlets, "%+v", o)
			require.Equal(t, o.CreatedAt.Add(7*time.Hour).Format(time.DateOnly), o.Date)
			if o.Status == "pending" && o.Date == "2026-02-02" && o.UserID == 1 && o.OutletID == 1 {
				found++
			}
			statuses[o.Status]++
			if id != min(198, orders) {
				require.False(t, o.CreatedAt.Before(last), "they come one by one")
				last = o.CreatedAt
			}
		}
		assert.Positive(t, found)
		if orders >= 240 {
			assert.Len(t, statuses, 4)
		}
		for id := int64(1); id <= d.Users; id++ {
			emails[d.User(id).Email] = true
		}
		assert.Len(t, emails, int(d.Users))
	}
}

// Of the last week, however few records there are, the last day is the one that is
// asked for; what was before it stays.
func TestEndingOn(t *testing.T) {
	t.Parallel()
	wib := time.FixedZone("WIB", 7*3600)
	for _, at := range []time.Time{
		time.Date(2031, time.January, 2, 23, 59, 0, 0, wib), time.Date(2031, time.January, 1, 17, 0, 0, 0, time.UTC),
	} {
		for _, orders := range []int64{2, 5, 40, 198, 199, 240, 10_000} {
			was := seed.New(orders)
			d := was.EndingOn(at)
			today, week := 0, 0
			for id := int64(1); id <= orders; id++ {
				o := d.Order(id)
				require.Equal(t, o.CreatedAt.In(wib).Format(time.DateOnly), o.Date)
				switch {
				case o.Date == "2031-01-02":
					today++
				case o.Date < "2031-01-02" && o.Date > "2030-12-26":
					week++
				default:
					require.Equal(t, was.Order(id), o)
				}
			}
			assert.Positive(t, today, orders)
			assert.Equal(t, orders >= 40, week > 0, orders)
			assert.Equal(t, "2031-01-02", d.Visit(d.Visits).CreatedAt.In(wib).Format(time.DateOnly))
			assert.Equal(t, "2026-02-02", d.Order(min(198, orders)).Date)
		}
	}
	assert.Equal(t, seed.Data{}, seed.Data{}.EndingOn(time.Now()))
	d := seed.New(240)
	last := time.Date(2026, time.February, 9, 12, 0, 0, 0, wib)
	for id := int64(1); id <= 240; id++ {
		require.Equal(t, d.Order(id), d.EndingOn(last).Order(id))
	}
}

// Nothing happens after the last day has ended, and nothing is changed before it is there.
func TestNothingIsAfterTheEnd(t *testing.T) {
	t.Parallel()
	for _, orders := range []int64{1, 2, 40, 240, 10_000} {
		d := seed.New(orders)
		for end, d := range map[string]seed.Data{
			"2026-02-09": d,
			"2031-01-02": d.EndingOn(time.Date(2031, time.January, 2, 3, 4, 5, 0, time.UTC)),
		} {
			for id := int64(1); id <= orders; id++ {
				o := d.Order(id)
				require.LessOrEqual(t, o.UpdatedAt.Add(7*time.Hour).Format(time.DateOnly), end, "%+v", o)
				require.False(t, o.UpdatedAt.Before(o.CreatedAt), "%+v", o)
			}
		}
		early := d.EndingOn(time.Date(2025, time.December, 1, 0, 0, 0, 0, time.UTC))
		for id := int64(1); id <= orders; id++ {
			o := early.Order(id)
			require.False(t, o.UpdatedAt.Before(o.CreatedAt), "%+v", o)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	d := seed.New(30)
	var text bytes.Buffer
	require.NoError(t, d.Write(&text, seed.Account{ID: 1, Email: "a@b.test"}))
	var got struct {
		Accounts []seed.Account
		Users    []seed.User
		Outlets  []seed.Outlet
		Orders   []seed.Order
		Visits   []seed.Visit
	}
	require.NoError(t, json.Unmarshal(text.Bytes(), &got))
	assert.Equal(t, []int{1, 12, 120, 30, 60}, []int{len(got.Accounts), len(got.Users), len(got.Outlets), len(got.Orders), len(got.Visits)})
	want := d.Order(30)
	want.Items = d.Items(30)
	assert.Equal(t, want, got.Orders[29])

	text.Reset()
	require.NoError(t, seed.Data{}.Write(&text))
	assert.JSONEq(t, `{"accounts":[],"users":[],"outlets":[],"orders":[],"visits":[]}`, text.String())
	full := errors.New("disk full")
	assert.ErrorIs(t, d.Write(failing{full}), full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
