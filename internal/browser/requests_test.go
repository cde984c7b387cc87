package browser

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// Requests appear while one looks, the latest on top, and a click shows both bodies.
func TestRequests(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	assert.Contains(t, tb.text("#requests"), "No request yet.")
	work(tb)
	first := lines(tb.text("#requests-table tbody tr:first-child"))
	assert.Regexp(t, `^\d\d:\d\d:\d\d\.\d{3}\tListOutlets POST /master/outlet\t503\tanother answer\t[\d.,]+ m?s$`, strings.Join(first, "\t"))
	assert.Contains(t, tb.text("#requests-table"), "no answer")
	assert.Equal(t, "11 shown", tb.text("#requests-count"))

	tb.click("#requests-table tbody tr:nth-child(6)") // anywhere on the row
	tb.wait(`document.querySelector("#request-dialog").open`)
	assert.Equal(t, "GetOrder", tb.text("#request-title"))
	assert.Equal(t, "POST /api/v1/order/detail", tb.text("#request-line"))
	assert.Equal(t, "{\n  \"order_id\": 198\n}", tb.text("#request-body"))
	assert.True(t, strings.HasPrefix(tb.text("#request-answer"), "{\n  \"status\": \"success\",\n  \"message\": "), tb.text("#request-answer"))
	assert.Contains(t, tb.text("#request-answer"), "\n    \"kode_order\": \"PMP-0000198\",\n")
	side := eval[[]float64](tb, `["body", "answer"].map((name) => document.querySelector("#request-" + name).getBoundingClientRect()).flatMap((box) => [box.x, box.y])`)
	assert.Less(t, side[0], side[2], "side by side")
	assert.Equal(t, side[1], side[3], "side by side")
	tb.click("#older")
	tb.waitText("#request-body", "100000")
	tb.click("#newer")
	tb.waitText("#request-body", "198")
	_, err := tb.client().ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	tb.wait(`document.querySelectorAll("#requests-table tbody tr").length > 11`)
	assert.Equal(t, "GetOrder", tb.text("#request-title"), "what comes changes nothing of what is looked at")
	tb.click("#request-close")
	tb.wait(`!document.querySelector("#request-dialog").open && document.activeElement.textContent === "GetOrder"`)

	tb.fill("#requests-search", "json/order KASIR")
	tb.waitText("#requests-count", "2 of 13")
	assert.Len(t, lines(tb.text("#requests-table tbody")), 2)
	tb.fill("#requests-search", "tidak ada")
	tb.waitText("#requests-count", "0 of 13")
	assert.Contains(t, tb.text("#requests"), "Nothing matches the search.")
	tb.fill("#requests-search", "")
	tb.waitText("#requests-count", "13 shown")

	tb.click("#pause")
	_, err = tb.client().ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	tb.waitText("#requests-count", "13 shown · 2 waiting")
	tb.click("#pause")
	tb.waitText("#requests-count", "15 shown")
	tb.click("#clear")
	tb.said("The requests are forgotten.")
	tb.wait(`document.querySelectorAll("#requests-table tbody tr").length === 0`)
	assert.Empty(t, tb.server.Requests())
}

// Of very many requests the latest are shown, and how many are not.
func TestManyRequests(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	for range 450 {
		resp, err := http.Post(tb.server.URL+"/visit", "application/json", strings.NewReader("{}"))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
	}
	tb.wait(`(() => {
		const text = document.querySelector("#requests-count").textContent;
		const [shown, left] = [...text.matchAll(/\d+/g)].map(Number);
		return shown + left === 450 && document.querySelectorAll("#requests-table tbody tr").length === shown && shown <= 300;
	})()`)
}

// The command of curl sends the same again, and has no secret.
func TestCurl(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	tb := open(t, reader{}, pmpsmarttest.WithManyTokens())
	c := tb.client()
	session, err := c.Login(t.Context(), pmpsmarttest.Email, pmpsmarttest.Password)
	require.NoError(t, err)
	_, err = c.UpdateOrderStatus(t.Context(), 7, pmpsmart.OrderComplete)
	require.NoError(t, err)
	odd := "{\"kode_order\":\"K '\\\"$HOME`id`!\\\\\",\n\"json_data\":\"{}\",\"status\":\"completed\",\"x\":\"\x1b[201~\x7f\u0085é\"}"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tb.server.URL+"/json/order?a[]=1&b={2,3}&token=rahasia", strings.NewReader(odd))
	require.NoError(t, err)
	r.Header = http.Header{"Authorization": {"Bearer " + string(session.Token)}, "Content-Type": {"application/json"}, "X-Odd": {`it's "$HOME"`, ""}}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	resp, err = http.Post(tb.server.URL+"/visit%20a?", "text/plain", strings.NewReader("@/etc/hostname"))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())

	before := tb.server.Requests()
	require.Len(t, before, 5, "and the one that a redirect led to")

	tb.wait(`document.querySelectorAll("#requests-table tbody tr").length === 5`)
	tb.click("#requests-table tbody tr:last-child button")
	for i := range before {
		tb.wait(`document.querySelector("#request-dialog").open`)
		command := eval[string](tb, `document.querySelector("#curl").textContent`)
		for _, secret := range []string{string(session.Token), pmpsmarttest.Password, "rahasia"} {
			assert.NotContains(t, command, secret)
		}
		assert.NotRegexp(t, regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f-\x9f]`), strings.ReplaceAll(command, "é", "e"), "what a terminal might obey")
		assert.Equal(t, strings.Contains(command, "$TOKEN"), strings.Contains(tb.text("#curl-help"), "TOKEN"))
		assert.Equal(t, strings.Contains(command, "$PASSWORD"), strings.Contains(tb.text("#curl-help"), "PASSWORD"))
		bash(t, command, "TOKEN="+string(session.Token), "PASSWORD="+pmpsmarttest.Password)
		tb.click("#newer")
		if i+1 < len(before) {
			tb.wait(`document.querySelector("#curl").textContent !== ` + quoted(command))
		}
	}
	after := tb.server.Requests()
	require.Len(t, after, 10)
	for i, want := range before {
		got := after[5+i]
		for _, header := range []http.Header{want.Header, got.Header} {
			for _, name := range []string{"User-Agent", "Accept-Encoding", "Content-Length", "Connection"} {
				header.Del(name)
			}
		}
		if want.Header.Get("X-Odd") != "" {
			assert.Equal(t, []string{`it's "$HOME"`, ""}, got.Header["X-Odd"])
		}
		assert.Equal(t, []any{want.Op, want.Method, want.Path, want.Query, want.Header, want.Body, want.Status},
			[]any{got.Op, got.Method, got.Path, got.Query, got.Header, got.Body, got.Status})
	}

	tb.click("#copy-curl")
	tb.said("Copied.")
}

// bash runs a command as somebody does who has pasted it.
func bash(t *testing.T, command string, environment ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", command)
	cmd.Env = append(os.Environ(), append(environment, "LC_ALL=C.UTF-8")...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s\n%s", command, out)
}
