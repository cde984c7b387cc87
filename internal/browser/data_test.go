package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// The tables show the state as it is now, the latest first, and can be searched.
func TestData(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	tb.waitText("#data-count", "240 in all · the latest 100 are shown")
	head := lines(tb.text("#data-table thead"))
	assert.Equal(t, "id\tkode_order\tstatus\tdate_order\ttotal\toutlet_id\tuser_id\tupdated_at", strings.Join(head, "\t"))
	assert.Contains(t, tb.text("#data-table tbody tr:first-child"), "PMP-0000240")
	tb.fill("#data-search", "pmp-00001 COMPLETE")
	tb.wait(`/^\d+ of 240$/.test(document.querySelector("#data-count").textContent)`)
	for _, row := range lines(tb.text("#data-table tbody")) {
		assert.Regexp(t, `\tPMP-00001\d\d\tcomplete\t`, row)
	}
	tb.fill("#data-search", "tidak ada")
	tb.waitText("#data-count", "0 of 240")
	assert.Contains(t, tb.text("#data"), "Nothing matches the search.")
	tb.fill("#data-search", "")
	tb.waitText("#data-count", "240 in all")

	tb.click("#data-kinds input[value=json-orders]")
	tb.waitText("#data", "There is none.")
	order, err := tb.client().InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: map[string]int{"a": 1}, Status: pmpsmart.JSONOrderCompleted})
	require.NoError(t, err)
	tb.waitText("#data-table tbody tr:first-child", "PMP-3903001")
	assert.Equal(t, "1 in all", tb.text("#data-count"))
	_, err = tb.client().UpdateJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: order.Code, Data: 2, Status: "dikirim"})
	require.NoError(t, err)
	tb.waitText("#data-table tbody tr:first-child", "dikirim")

	for kind, want := range map[string]string{"outlets": "OUT-120", "users": "@", "visits": "60 in all"} {
		tb.click("#data-kinds input[value=" + kind + "]")
		tb.waitText("#data", want)
	}
	tb.server.AddUsers(pmpsmart.User{ID: 1<<53 + 1, Name: "Besar"})
	tb.click("#data-kinds input[value=users]")
	tb.waitText("#data-table", "9007199254740993") // no float has it
	tb.click("#data-table tbody tr:first-child button")
	tb.waitText("#record-text", `"id": 9007199254740993`)
	assert.Equal(t, "Users · 9007199254740993", tb.text("#record-title"))
}

// The page of a world steers the world alone.
func TestWorlds(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	assert.False(t, eval[bool](tb, `document.querySelector("#world").checkVisibility()`))
	tb.click("#worlds summary")
	tb.waitText("#worlds-list", "There is none.")
	tb.click("#world-add")
	tb.said("A world was made.")
	tb.click("#worlds-list a")
	tb.wait(`location.pathname.startsWith("/_worlds/") && document.querySelector("#base-url")?.textContent`)
	tb.wait(`document.querySelector("#fact-style").textContent !== "–"`)
	base := tb.text("#base-url")
	id := strings.Split(base, "/")[4]
	assert.Equal(t, strings.TrimSuffix(tb.server.URL, "/api/v1")+"/_worlds/"+id+"/api/v1", base)
	assert.Contains(t, tb.text("#world"), id)
	c, err := pmpsmart.New(pmpsmart.WithBaseURL(base), pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password))
	require.NoError(t, err)
	_, err = c.GetOrder(t.Context(), 198)
	require.NoError(t, err)
	tb.wait(`document.querySelectorAll("#requests-table tbody tr").length === 2`)
	tb.click("#expire")
	tb.said("All tokens have expired.")
	tb.click("#fault-insert")
	tb.waitText("#fact-faults", "1")
	assert.Empty(t, tb.server.Requests())
	assert.Empty(t, tb.server.Unmet())
	r, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, tb.server.ControlURL()+"/worlds/"+id, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	tb.waitText("#lost", `no world "`+id+`"`)
	tb.click("#world a")
	tb.wait(`location.pathname === "/_sandbox/" && document.querySelector("#fact-faults")?.textContent === "0"`)
	for _, problem := range tb.expectProblems("404") {
		assert.Contains(t, problem, "/_worlds/"+id+"/_sandbox/events")
	}
}

// The page asks as long as it is seen, and says when nobody answers.
func TestLookingEnds(t *testing.T) {
	t.Parallel()
	server := pmpsmarttest.NewServer(pmpsmarttest.WithControl())
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	var broken atomic.Bool
	var mu sync.Mutex
	counts := map[string]int{} // of looks by the browser's name
	looks := func(name string) int {
		mu.Lock()
		defer mu.Unlock()
		return counts[name]
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			mu.Lock()
			counts[r.UserAgent()]++
			mu.Unlock()
			if broken.Load() {
				panic(http.ErrAbortHandler)
			}
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	tb := openAt(t, server, front.URL+"/_sandbox", reader{})
	require.Eventually(t, func() bool { return looks("test") > 2 }, patience, tick, "it goes on looking")

	broken.Store(true)
	tb.waitText("#lost", "The sandbox does not answer.")
	assert.True(t, eval[bool](tb, `document.querySelector("#lost").checkVisibility()`))
	broken.Store(false)
	tb.wait(`document.querySelector("#lost").hidden`)
	for _, problem := range tb.expectProblems("/_sandbox/events") {
		assert.Contains(t, problem, "/_sandbox/events")
	}

	tb.run(chromedp.Navigate("about:blank"))
	left := looks("test")
	openAt(t, server, front.URL+"/_sandbox", reader{agent: "other"})
	require.Eventually(t, func() bool { return looks("other") > 2 }, patience, tick)
	assert.Equal(t, left, looks("test"), "the page that was left looks no more")
}
