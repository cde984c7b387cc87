package report

import (
	"github.com/pmpsmart/pmpsmart-go"
)

// A result is what -json prints.
type result struct {
	Range         dates                          `json:"range"`
	Asked         dates                          `json:"asked"`
	By            string                         `json:"by"`
	Orders        []periodCount                  `json:"orders"`
	Totals        map[pmpsmart.OrderStatus]int64 `json:"totals"`
	Total         int64                          `json:"total_orders"`
	UndatedOrders int64                          `json:"undated_orders"`
	Visits        []visitCount                   `json:"visits"`
	TotalVisits   int64                          `json:"total_visits"`
	UndatedVisits int64                          `json:"undated_visits"`
	OutOfRange    []find                         `json:"out_of_range"`
	Conflicts     []find                         `json:"conflicts"`
	Missing       []string                       `json:"missing"`
	Files         []string                       `json:"files"`
}

// dates are the ends of a range, "" for one that is open.
type dates struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type periodCount struct {
	Start    string                         `json:"start"`
	End      string                         `json:"end"`
	Orders   int64                          `json:"orders"`
	Statuses map[pmpsmart.OrderStatus]int64 `json:"statuses"`
}

func (r *report) result(files []string) result {
	shown := r.shown()
	out := result{
		Range: dates{shown.From.String(), shown.To.String()}, Asked: dates{r.asked.From.String(), r.asked.To.String()}, By: r.by,
		Orders: []periodCount{}, Totals: r.totals(), UndatedOrders: r.undatedOrders,
		Visits: r.visits(), UndatedVisits: r.undatedVisits,
		OutOfRange: append([]find{}, r.outOfRange.all...), Conflicts: append([]find{}, r.conflicts.all...),
		Missing: []string{}, Files: append([]string{}, files...),
	}
	for _, one := range r.rows() {
		out.Orders = append(out.Orders, periodCount{one.Start.String(), one.End.String(), one.total(), one.Counts})
	}
	for _, n := range out.Totals {
		out.Total += n
	}
	for _, v := range out.Visits {
		out.TotalVisits += v.Visits
	}
	for _, f := range r.failures {
		out.Missing = append(out.Missing, f.list)
	}
	return out
}
