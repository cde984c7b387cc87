package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// Each button does what it says, which the server tells.
func TestButtons(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	for _, test := range []struct {
		name string
		run  func(*testing.T, *tab)
	}{
		{"the next insert", faultTheNextInsert}, {"faults", addFaults}, {"tokens", expireTokens}, {"style", setStyle},
		{"clock", setClock}, {"maintenance", goDown}, {"reset", reset},
	} {
		t.Run(test.name, func(t *testing.T) {
			tb.t = t
			tb.server.Reset()
			test.run(t, tb)
		})
	}
	tb.t = t
}

// The button for the next insert makes it lose its answer, and no more.
func faultTheNextInsert(t *testing.T, tb *tab) {
	tb.click("#fault-insert")
	tb.said("The next insert will lose its answer.")
	assert.Equal(t, []pmpsmarttest.Fault{{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer}}, tb.server.Unmet())
	tb.waitText("#fact-faults", "1")
	tb.waitText("#unmet-list", "answer lost · InsertJSONOrder")
	order := pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: 1, Status: pmpsmart.JSONOrderCompleted}
	_, err := tb.client().InsertJSONOrder(t.Context(), order)
	var unknown *pmpsmart.OutcomeUnknownError
	require.ErrorAs(t, err, &unknown)
	require.Len(t, tb.server.JSONOrders(), 1, "it is stored")
	tb.waitText("#fact-faults", "0")
	tb.wait(`document.querySelector("#unmet").hidden`)
	_, created, err := tb.client().EnsureJSONOrder(t.Context(), order)
	require.NoError(t, err)
	assert.False(t, created)
}

// The form adds a fault of each kind with the fields that the kind has.
func addFaults(t *testing.T, tb *tab) {
	tb.click("#fault-other summary")
	for _, tt := range []struct {
		kind   string
		fields map[string]string
		hidden string
		want   pmpsmarttest.Fault
	}{
		{"reset", nil, "bytes", pmpsmarttest.Fault{Kind: pmpsmarttest.FaultReset}},
		{"lost answer", map[string]string{"op": "UpdateOrderStatus", "nth": "3"}, "page", pmpsmarttest.Fault{Op: "UpdateOrderStatus", Nth: 3, Kind: pmpsmarttest.FaultLostAnswer}},
		{"delay", map[string]string{"op": "ListVisits", "page": "2", "wait_ms": "1500", "nth": ""}, "status", pmpsmarttest.Fault{Op: "ListVisits", Page: 2, Kind: pmpsmarttest.FaultDelay, Wait: 1500 * time.Millisecond}},
		{"cut", map[string]string{"op": "", "page": "", "wait_ms": "", "bytes": "40"}, "body", pmpsmarttest.Fault{Kind: pmpsmarttest.FaultCut, Bytes: 40}},
		{"answer", map[string]string{"op": "GetOrder", "status": "429", "retry_after": "7", "body": "nanti \"dulu\""}, "bytes", pmpsmarttest.Fault{
			Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 429, Header: http.Header{"Retry-After": {"7"}}, Body: "nanti \"dulu\"",
		}},
		{"drip", map[string]string{"op": "", "bytes": "8"}, "status", pmpsmarttest.Fault{Kind: pmpsmarttest.FaultDrip, Bytes: 8}},
		{"wrong type", nil, "body", pmpsmarttest.Fault{Kind: pmpsmarttest.FaultWrongType}},
	} {
		tb.fill("#fault-form [name=kind]", tt.kind)
		for name, value := range tt.fields {
			tb.fill("#fault-form [name="+name+"]", value)
		}
		assert.False(t, eval[bool](tb, fmt.Sprintf(`document.querySelector("#fault-form [name=%s]").checkVisibility()`, tt.hidden)), "%s has no %s", tt.kind, tt.hidden)
		tb.click("#fault-form button")
		tb.said("The fault waits for its request.")
		assert.Equal(t, []pmpsmarttest.Fault{tt.want}, tb.server.Unmet())
		tb.wait(`document.querySelectorAll("#unmet-list li").length === 1`)
		tb.click("#faults-clear")
		tb.said("No fault is waiting any more.")
		assert.Empty(t, tb.server.Unmet())
		tb.wait(`document.querySelector("#unmet").hidden`)
	}

	// A delay without a time is not sent: the browser says what is missing.
	tb.fill("#fault-form [name=kind]", "delay")
	tb.click("#fault-form button")
	assert.True(t, eval[bool](tb, `document.activeElement.name === "wait_ms" && document.activeElement.matches(":invalid")`))
	assert.Empty(t, tb.server.Unmet())

	// What the API refuses is said as the API says it.
	tb.fill("#fault-form [name=kind]", "answer")
	tb.fill("#fault-form [name=wait_ms]", "")
	tb.fill("#fault-form [name=retry_after]", "7")
	eval[bool](tb, `(document.querySelector("#fault-form [name=op]").append(new Option("Order")), true)`)
	tb.fill("#fault-form [name=op]", "Order")
	tb.click("#fault-form button")
	tb.waitText("#said.wrong", `unknown op "Order", known are`)
	assert.Len(t, tb.expectProblems("400"), 1)
}

func expireTokens(t *testing.T, tb *tab) {
	session, err := tb.client().Login(t.Context(), pmpsmarttest.Email, pmpsmarttest.Password)
	require.NoError(t, err)
	tb.waitText("#fact-logins", "1")
	tb.click("#expire")
	tb.said("All tokens have expired.")
	c, err := pmpsmart.New(pmpsmart.WithBaseURL(tb.server.URL), pmpsmart.WithToken(string(session.Token)))
	require.NoError(t, err)
	_, err = c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
	assert.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
}

func setStyle(t *testing.T, tb *tab) {
	styles := eval[[]string](tb, `[...document.querySelector("#style-form [name=style]").options].map((option) => option.value)`)
	var all []string
	for _, style := range pmpsmarttest.Styles() {
		all = append(all, string(style))
	}
	assert.Equal(t, all, styles)
	last := func() string {
		requests := tb.server.Requests()
		return requests[len(requests)-1].Answer
	}
	tb.fill("#style-form [name=style]", "bare")
	tb.click("#style-form button")
	tb.said("The style is set.")
	tb.waitText("#fact-style", "bare")
	_, err := tb.client().GetOrder(t.Context(), 198)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(last(), `{"id":198`), last())

	tb.fill("#style-form [name=op]", "GetOrder")
	tb.fill("#style-form [name=style]", "numbers=text")
	tb.click("#style-form button")
	tb.waitText("#fact-style", "bare and 1 other")
	tb.waitText("#styles-list", "GetOrder · numbers=text")
	_, err = tb.client().GetOrder(t.Context(), 198)
	require.NoError(t, err)
	assert.Contains(t, last(), `"data":{"id":"198"`)
	_, err = tb.client().ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(last(), `[{"id":`), last())
}

func setClock(t *testing.T, tb *tab) {
	stamp := func() time.Time {
		return tb.server.AddVisits(pmpsmart.Visit{Name: "Budi"})[0].CreatedAt
	}
	jakarta := time.FixedZone("", 7*3600) // the browser's zone
	tb.fill("#clock-form [name=now]", "2031-01-02T03:04:05")
	tb.click("#clock-form button")
	tb.said("The clock stands.")
	assert.WithinDuration(t, time.Date(2031, 1, 2, 3, 4, 5, 0, jakarta), stamp(), 0)
	tb.waitText("#fact-clock", "Jan 2, 2031, 3:04:05")
	tb.waitText("#fact-clock", "(stopped)")
	tb.fill("#advance-form [name=amount]", "1.5")
	tb.click("#advance-form button")
	tb.said("The clock was put forward.")
	assert.WithinDuration(t, time.Date(2031, 1, 2, 4, 34, 5, 0, jakarta), stamp(), 0)
	tb.click("#clock-real")
	tb.said("The clock shows the real time.")
	assert.WithinDuration(t, time.Now(), stamp(), time.Minute)
	tb.wait(`!document.querySelector("#fact-clock").textContent.includes("(")`)
	tb.fill("#advance-form [name=amount]", "2")
	tb.fill("#advance-form [name=unit]", "86400")
	tb.click("#advance-form button")
	tb.waitText("#fact-clock", "(ahead)")
	assert.WithinDuration(t, time.Now().AddDate(0, 0, 2), stamp(), time.Minute)
	today := time.Now().In(jakarta).AddDate(0, 0, 2).Format(time.DateOnly)
	tb.waitText("#data-table", today) // the sample data ends on the clock's day
}

func goDown(t *testing.T, tb *tab) {
	ask := func() *pmpsmart.APIError {
		_, err := tb.client().ListVisits(t.Context(), pmpsmart.VisitFilter{})
		if err == nil {
			return nil
		}
		var refused *pmpsmart.APIError
		require.ErrorAs(t, err, &refused)
		return refused
	}
	tb.fill("#down-form [name=retry_after_s]", "9")
	tb.click("#down-form button")
	tb.said("Every request is answered by 503 now.")
	assert.Equal(t, []any{503, 9 * time.Second}, []any{ask().HTTPStatus, ask().RetryAfter})
	tb.waitText("#fact-down", "down, 503 · Retry-After 9")
	tb.click("#up")
	tb.said("The sandbox is up again.")
	assert.Nil(t, ask())
	tb.fill("#down-form [name=retry_after_s]", "")
	tb.click("#down-form button")
	tb.waitText("#fact-down", "down, 503")
	assert.Equal(t, []any{503, time.Duration(0)}, []any{ask().HTTPStatus, ask().RetryAfter})
}

// A reset is asked about first, and then everything is as at the start.
func reset(t *testing.T, tb *tab) {
	work(tb)
	tb.click("#reset-form button")
	tb.wait(`document.querySelector("#confirm").open && document.activeElement.id === "confirm-no"`)
	tb.click("#confirm-no")
	tb.wait(`!document.querySelector("#confirm").open`)
	require.Len(t, tb.server.JSONOrders(), 2, "nothing is done yet")
	tb.click("#reset-form button")
	tb.click("#confirm-yes")
	tb.said("The sandbox is as at the start.")
	assert.Empty(t, tb.server.JSONOrders())
	assert.Empty(t, tb.server.Requests())
	assert.Empty(t, tb.server.Unmet())
	assert.Zero(t, tb.server.Logins())
	tb.waitText("#requests", "No request yet.")
	tb.waitText("#data-count", "240 in all")
	tb.fill("#reset-form [name=seed]", "5")
	tb.click("#reset-form button")
	tb.click("#confirm-yes")
	tb.waitText("#data-count", "5 in all")
	assert.Len(t, tb.server.Orders(), 5)
}
