package export

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// asked is what a list is asked for, of a window or of all days.
type asked struct {
	status, statusOrder, name, code, search string
	user, outlet                            int64 // 0 for all
	window                                  tool.Range
}

// A query is what an export is to hold: the records of one list, or of one a day.
type query struct {
	kind  *kind
	asked            // but for the window
	days  tool.Range // that were asked for; zero for all
	split bool       // by days, each a list of its own
	local bool       // nobody but the program selects the records
}

// mostDays bounds how many lists an export is split into: each is a request at least.
// A longer range is read in one list.
const mostDays = 3660

// newQuery reads the flags that select records. Of a range without an end, the end is
// today.
func (o *options) newQuery(k *kind, now time.Time) (*query, error) {
	if k.name == "orders" && !o.anyStatus {
		o.status = tool.Status(o.status)
	}
	q := &query{kind: k, asked: asked{
		status: o.status, statusOrder: o.statusOrder, name: o.name, code: o.code, search: o.search, user: o.user, outlet: o.outlet,
	}}
	var err error
	if q.days, err = o.days.Range(now); err != nil {
		return nil, err
	}
	for _, flag := range []struct {
		name  string
		given bool
	}{
		{"status", o.status != ""}, {"any-status", o.anyStatus}, {"status-order", o.statusOrder != ""}, {"name", o.name != ""}, {"code", o.code != ""},
		{"search", o.search != ""}, {"user", o.user != 0}, {"outlet", o.outlet != 0}, {"date", !q.days.IsZero()},
	} {
		if flag.given && !slices.Contains(k.flags, flag.name) {
			return nil, tool.Usagef("-%s does not go with %s", flag.name, k.name)
		}
	}
	if k.name == "orders" && o.status != "" && !tool.IsStatus(o.status) && !o.anyStatus {
		return nil, tool.Usagef("-status is %q; want open, pending, complete or cancel, or give -any-status too", o.status)
	}
	if today := pmpsmart.DateOf(now.In(pmpsmart.WIB)); !q.days.From.IsZero() && q.days.To.IsZero() {
		if q.days.To = today; today.Before(q.days.From) {
			return nil, tool.Usagef("-from %s is after today; give -to as well", q.days.From)
		}
	}
	n := q.days.Days()
	q.split = k.byDay && n > 0 && n <= mostDays
	return q, nil
}

// windows returns how many lists the query takes.
func (q *query) windows() int {
	if !q.split {
		return 1
	}
	return q.days.Days()
}

// ask returns what the i-th list is asked for.
func (q *query) ask(i int) asked {
	a := q.asked
	if q.split {
		day := q.days.From.AddDays(i)
		a.window = tool.Range{From: day, To: day}
	}
	return a
}

// What becomes of a record.
type fit uint8

const (
	fits     fit = iota
	misfit       // the server was not asked for it, or should not have sent it
	unsure       // it lacks a field that was asked for
	unwanted     // it is of another day, which the server could not be asked for
)

// judge returns how a record fits what the query is to hold.
func (q *query) judge(a asked, r *record) fit {
	result := fits
	for _, field := range []struct {
		asked, got string
		here       bool // the server can't be asked for it
	}{
		{a.status, r.status, q.local}, {a.statusOrder, r.statusOrder, q.local}, {a.code, r.code, q.local},
		{id(a.user), id(r.user), q.local || q.kind.name == "visits"}, {id(a.outlet), id(r.outlet), q.local || q.kind.name == "visits"},
	} {
		switch {
		case field.asked == "" || strings.EqualFold(field.asked, strings.TrimSpace(field.got)): // as databases compare
		case field.here:
			return unwanted
		case field.got == "":
			result = unsure
		default:
			return misfit
		}
	}
	switch {
	case q.days.IsZero():
		return result
	case !q.split && q.days.Has(r.day):
		return result
	case !q.split:
		return unwanted
	case r.day.IsZero():
		return unsure
	case a.window.Has(r.day), q.kind.zones && isNear(a.window, r.at):
		return result
	}
	return misfit
}

// isNear reports whether a moment may be of a window's days in some zone of the earth.
func isNear(w tool.Range, at time.Time) bool {
	const furthest = 26 * time.Hour // between two zones
	from, to := w.From.Time(pmpsmart.WIB).Add(-furthest), w.To.AddDays(1).Time(pmpsmart.WIB).Add(furthest)
	return at.After(from) && at.Before(to)
}

func id(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// pageOf returns the path of a list's page.
func pageOf(path string, page int) string { return path + "?page=" + strconv.Itoa(page) }
