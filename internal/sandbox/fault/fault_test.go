package fault_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
)

var ops = fault.Ops{"GetOrder": false, "ListOrders": true, "ListVisits": true}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, f := range []fault.Fault{
		{Kind: fault.Reset}, {Op: "ListOrders", Page: 2, Nth: 3, Kind: fault.LostAnswer, Wait: time.Hour}, {Page: 2, Kind: fault.Cut, Bytes: 7},
		{Kind: fault.Delay, Wait: 1}, {Kind: fault.Drip, Bytes: 7, Wait: 1}, {Kind: fault.Answer, Status: 503, Header: http.Header{}, Body: "x"},
		{Kind: fault.WrongType},
	} {
		assert.NoError(t, fault.NewScript(ops, 0, nil).Add(f), f)
	}
	for _, tt := range []struct {
		fault fault.Fault
		want  string
	}{
		{fault.Fault{}, `fault has the unknown kind "", known are reset, lost answer, delay, cut, answer, drip, wrong type`},
		{fault.Fault{Op: "Order", Kind: fault.Reset}, `unknown op "Order", known are GetOrder, ListOrders, ListVisits`},
		{fault.Fault{Op: "GetOrder", Nth: -1, Kind: fault.Reset}, "fault reset (GetOrder, next request) has the Nth -1; want 0 or more"},
		{fault.Fault{Kind: fault.Answer, Status: 600}, "fault answer (any op, next request) has the Status 600; want 200 to 599"},
		{fault.Fault{Kind: fault.Answer, Status: 199}, "fault answer (any op, next request) has the Status 199; want 200 to 599"},
		{fault.Fault{Kind: fault.Cut, Bytes: -2}, "fault cut (any op, next request) has the Bytes -2; want 0 or more"},
		{fault.Fault{Kind: fault.Delay, Wait: -time.Second}, "fault delay (any op, next request) has the Wait -1s; want none or more"},
		{fault.Fault{Op: "GetOrder", Page: 2, Kind: fault.Cut}, "fault cut (GetOrder, page 2, next request) names a page, but GetOrder is no list"},
		{fault.Fault{Nth: 3, Kind: fault.Delay}, "fault delay (any op, request 3) needs a Wait"},
		{fault.Fault{Kind: fault.Reset, Bytes: 1}, "fault reset (any op, next request) has Bytes, which are for the kinds cut and drip"},
		{fault.Fault{Kind: fault.Answer, Header: http.Header{"A b": {"x"}}}, `fault answer (any op, next request) has a Header that HTTP can't send: "A b"`},
		{fault.Fault{Kind: fault.Answer, Header: http.Header{"": {"x"}}}, `fault answer (any op, next request) has a Header that HTTP can't send: ""`},
		{fault.Fault{Kind: fault.Answer, Header: http.Header{"X-A": {"1", "a\nb"}}}, `fault answer (any op, next request) has a Header that HTTP can't send: "X-A"`},
		{fault.Fault{Kind: fault.Cut, Body: "x"}, "fault cut (any op, next request) has a Status, Header or Body, which are for the kind answer"},
	} {
		assert.EqualError(t, fault.NewScript(ops, 0, nil).Add(tt.fault), tt.want)
	}
}

func TestParseKind(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]fault.Kind{
		"lost answer": fault.LostAnswer, "lost_answer": fault.LostAnswer, "lost-answer": fault.LostAnswer, "lostAnswer": fault.LostAnswer,
		"lost": fault.LostAnswer, "status": fault.Answer, "WrongType": fault.WrongType, "RESET": fault.Reset, "": "", "api mati": "api mati",
	} {
		assert.Equal(t, want, fault.ParseKind(name), name)
	}
}

func TestWhichRequestMeetsAFault(t *testing.T) {
	t.Parallel()
	s := fault.NewScript(ops, 0, nil)
	require.NoError(t, s.Add(
		fault.Fault{Op: "GetOrder", Nth: 2, Kind: fault.Reset},
		fault.Fault{Op: "GetOrder", Kind: fault.Cut},
		fault.Fault{Op: "ListOrders", Page: 2, Kind: fault.Answer},
		fault.Fault{Nth: 6, Kind: fault.LostAnswer},
		fault.Fault{Op: "ListVisits", Kind: fault.WrongType},
	))
	var met []fault.Kind
	for _, request := range []struct {
		op   string
		page int64
	}{{"GetOrder", 0}, {"", 0}, {"GetOrder", 0}, {"ListOrders", 1}, {"ListOrders", 2}, {"ListOrders", 2}, {"ListOrders", 1}, {"GetOrder", 0}} {
		f := s.Next(request.op, request.page)
		if f == nil {
			f = &fault.Fault{}
		}
		met = append(met, f.Kind)
	}
	assert.Equal(t, []fault.Kind{fault.Cut, "", fault.Reset, "", fault.Answer, "", fault.LostAnswer, ""}, met)
	assert.Equal(t, []fault.Fault{{Op: "ListVisits", Kind: fault.WrongType}}, s.Unmet())
}

// Random faults depend on the seed and on the requests of one op.
func TestRandom(t *testing.T) {
	t.Parallel()
	chances := map[fault.Kind]float64{
		fault.Reset: 0.1, fault.LostAnswer: 0.1, fault.Cut: 0.1, fault.Answer: 0.1, fault.Delay: 0.02, fault.Drip: 0.02, fault.WrongType: 0.1,
	}
	run := func(seed uint64, others bool) (met []fault.Kind) {
		s := fault.NewScript(ops, seed, chances)
		var wg sync.WaitGroup
		if others {
			wg.Go(func() {
				for range 200 {
					s.Next("ListVisits", 1)
				}
			})
		}
		for range 200 {
			if f := s.Next("GetOrder", 0); f != nil {
				met = append(met, f.Kind)
			} else {
				met = append(met, "")
			}
		}
		wg.Wait()
		return met
	}
	first := run(1, false)
	assert.Equal(t, first, run(1, true))
	assert.NotEqual(t, first, run(2, false))
	for kind := range chances {
		assert.Contains(t, first, kind)
	}
	fine := slices.DeleteFunc(first, func(kind fault.Kind) bool { return kind != "" })
	assert.InDelta(t, 200*0.46, len(fine), 30)
}
