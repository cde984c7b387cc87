package pmpsmarttest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// readReport returns a report of a server that has numbers in strings, times as SQL
// has them, pages under data.orders, and fields that nobody documented.
func readReport(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/report.json")
	require.NoError(t, err)
	return text
}

// rawPost returns the response to a request, as it came.
func rawPost(t *testing.T, srv *pmpsmarttest.Server, path, body string, headers ...string) string {
	t.Helper()
	session, err := srv.Client().Login(t.Context(), pmpsmarttest.Email, pmpsmarttest.Password)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/"+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+string(session.Token))
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(text)
}

// A likeness has the report's envelope, pages, fields and kinds.
func TestLikenessAnswersAsTheReportTells(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithReport(readReport(t)), pmpsmarttest.WithPerPage(2))
	got := rawPost(t, srv, "order", `{}`)
	assert.Regexp(t, `^{"sukses":true,"data":{"orders":\[{"id":"1","kode_order":"PMP-0000001","status":"complete","tgl_kirim":"2026-[-0-9]+","total":"[0-9]+\.00","user_id":"\d+","created_at":"2026-01-01 \d\d:\d\d:\d\d","sales":{"nama":"[A-Z][a-z ]+[A-Za-z]*","telepon":"08\d{9}"}},{.*}\],`+
		`"halaman":\d+,"current_page":1,"last_page":120,"total":"240"}}$`, got)
	assert.Equal(t, rawPost(t, srv, "order", `{}`), got, "the same record is the same")
	assert.Contains(t, rawPost(t, srv, "order", `{"page":120}`), `"current_page":120`)

	all, err := srv.Client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	assert.Len(t, all, 240)
	null := 0
	for _, o := range all {
		if string(o.Extra.Get("tgl_kirim")) == "null" {
			null++
		}
	}
	assert.InDelta(t, 240/4, null, 25, "a quarter of them was null")

	visits, err := srv.Client().ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	assert.Empty(t, visits, "the server had none")
	assert.Equal(t, `{"sukses":true,"data":[]}`, rawPost(t, srv, "visit", `{}`))
}

// What the report can't tell is as it is without it, and so is a request that asks for
// a style.
func TestLikenessElsewhereIsPlain(t *testing.T) {
	t.Parallel()
	srv, plain := newServer(t, pmpsmarttest.WithReport(readReport(t))), newServer(t)
	for _, request := range [][]string{
		{"master/outlet", `{}`}, {"user/sales", `{}`}, {"order/update", `{"order_id":7,"status":"pending"}`},
		{"order/detail", `{"order_id":99999}`}, {"order", `{"user_id":"x"}`}, {"order", `{}`, pmpsmarttest.StyleHeader, "plain"},
	} {
		want, got := rawPost(t, plain, request[0], request[1], request[2:]...), rawPost(t, srv, request[0], request[1], request[2:]...)
		if request[0] != "order/update" { // has the time of the change
			assert.Equal(t, want, got, request[0])
		}
		assert.Contains(t, want, "message")
	}
}

// State is kept: what was written is shown as it was written.
func TestLikenessKeepsState(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithReport(readReport(t)), pmpsmarttest.WithFaults(pmpsmarttest.Fault{Op: "ListOrders", Kind: pmpsmarttest.FaultAnswer, Status: 502}))
	c := srv.Client()
	order, created, err := c.EnsureJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "A-1", Data: json.RawMessage(`{"qty":7}`), Status: pmpsmart.JSONOrderCompleted})
	require.NoError(t, err)
	assert.True(t, created)
	_, created, err = c.EnsureJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "A-1", Data: json.RawMessage(`{"qty":7}`), Status: pmpsmart.JSONOrderCompleted})
	require.NoError(t, err)
	assert.False(t, created)
	found, err := c.FilterJSONOrders(t.Context(), pmpsmart.JSONOrderFilter{Code: "A-1"})
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, []any{order.ID, "A-1", `{"qty":7}`}, []any{found[0].ID, found[0].Code, string(found[0].Data)})

	for id := int64(1); id <= 4; id++ { // in whichever look
		_, err = c.UpdateOrderStatus(t.Context(), id, pmpsmart.OrderCancel)
		require.NoError(t, err)
	}
	canceled, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{Status: pmpsmart.OrderCancel})
	require.NoError(t, err)
	var ids []int64
	for _, o := range canceled {
		assert.Equal(t, pmpsmart.OrderCancel, o.Status)
		ids = append(ids, o.ID)
	}
	assert.Subset(t, ids, []int64{1, 2, 3, 4})

	var extra pmpsmart.Extra
	require.NoError(t, json.Unmarshal([]byte(`{"sales":{"nama":"Wulan"},"baru":1}`), &extra))
	srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{ID: 1000, Code: "B-1", Extra: extra}})
	all, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	last := all[len(all)-1]
	assert.Equal(t, []string{"B-1", `{"nama":"Wulan"}`, "1"}, []string{last.Code, string(last.Extra.Get("sales")), string(last.Extra.Get("baru"))})

	srv.ExpireTokens()
	_, err = c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	assert.Equal(t, 2, srv.Logins())
}

func TestLikenessRefusesWhatIsNoReport(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                       "pmpsmarttest: WithReport: the text is no report of the doctor",
		`{"pmpsmart_doctor":99}`: "pmpsmarttest: WithReport: the text is a report of form 99; this program reads forms up to 2",
	} {
		_, err := pmpsmarttest.Open("127.0.0.1:0", pmpsmarttest.WithReport([]byte(text)))
		assert.EqualError(t, err, want)
	}
	srv := newServer(t, pmpsmarttest.WithReport([]byte(`{"pmpsmart_doctor":1,"endpoints":[]}`))) // tells nothing
	orders, err := srv.Client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	assert.Len(t, orders, 240)
	empty := newServer(t, pmpsmarttest.WithReport(readReport(t)), pmpsmarttest.WithEmpty())
	jsonOrders, err := empty.Client().FilterJSONOrders(t.Context(), pmpsmart.JSONOrderFilter{})
	require.NoError(t, err)
	assert.Empty(t, jsonOrders)
}

func ExampleWithReport() {
	report, err := os.ReadFile("testdata/report.json") // of pmpsmart-doctor -o
	if err != nil {
		log.Fatal(err)
	}
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithReport(report))
	defer srv.Close()

	type Order struct {
		pmpsmart.Order
		Sales struct {
			Telepon string `json:"telepon"`
		} `json:"sales"`
	}
	order, err := pmpsmart.GetAs[Order](context.Background(), srv.Client(), "order/detail", map[string]any{"order_id": 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Code, len(order.Sales.Telepon))
	// Output:
	// PMP-0000001 11
}
