package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A decoding is a response and what becomes of it.
type decoding struct {
	op   string // a key of decoders
	body string
	want string // what readBy returns
}

// decoders are methods that show what they read.
var decoders = map[string]func(ctx context.Context, c *pmpsmart.Client) (string, error){
	"list": func(ctx context.Context, c *pmpsmart.Client) (string, error) {
		orders, err := c.ListOrders(ctx, pmpsmart.OrderFilter{})
		all := make([]string, 0, len(orders))
		for i := range orders {
			all = append(all, showOrder(&orders[i]))
		}
		return "[" + strings.Join(all, ", ") + "]", err
	},
	"get": func(ctx context.Context, c *pmpsmart.Client) (string, error) {
		order, err := c.GetOrder(ctx, 198)
		return showOrder(order), err
	},
	"update": func(ctx context.Context, c *pmpsmart.Client) (string, error) {
		order, err := c.UpdateOrderStatus(ctx, 198, pmpsmart.OrderOpen)
		return showOrder(order), err
	},
	"insert": func(ctx context.Context, c *pmpsmart.Client) (string, error) {
		order, err := c.InsertJSONOrder(ctx, pmpsmart.JSONOrderInput{Code: "A", Data: 1, Status: "completed"})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%d %s %s", order.ID, order.Code, order.Data), nil
	},
	"users": func(ctx context.Context, c *pmpsmart.Client) (string, error) {
		users, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{})
		all := make([]string, 0, len(users))
		for i := range users {
			all = append(all, fmt.Sprint(users[i].ID))
		}
		return "[" + strings.Join(all, ", ") + "]", err
	},
	"call": func(ctx context.Context, c *pmpsmart.Client) (string, error) {
		var out any
		err := c.Call(ctx, "x", nil, &out)
		return fmt.Sprint(out), err
	},
}

// showOrder returns what an order has: its id, then the rest by name.
func showOrder(o *pmpsmart.Order) string {
	if o == nil {
		return ""
	}
	text := fmt.Sprint(o.ID)
	created := ""
	if !o.CreatedAt.IsZero() {
		created = o.CreatedAt.UTC().Format(time.RFC3339)
	}
	for _, field := range [][2]string{{"code", o.Code}, {"status", string(o.Status)}, {"date", o.Date.String()}, {"created", created}, {"extra", o.Extra.String()}} {
		if field[1] != "" && field[1] != "{}" {
			text += " " + field[0] + "=" + field[1]
		}
	}
	return text
}

// readBy returns what becomes of a response: what is read, with the paths of drift, or the
// kind of error with its message and fields.
func readBy(t *testing.T, op string, s *server) string {
	var told []pmpsmart.Drift
	text, err := decoders[op](t.Context(), s.client(drifts(&told)))
	if err == nil {
		for _, d := range told {
			text += " drift at " + d.Path
		}
		return text
	}
	text = outcomeOf(err, nil)
	var refusal *pmpsmart.APIError
	if errors.As(err, &refusal) && text == "refused" {
		text += ": " + refusal.Message
		if refusal.Fields != nil {
			text += fmt.Sprint(" ", refusal.Fields)
		}
	}
	for _, kind := range []error{pmpsmart.ErrValidation, pmpsmart.ErrForbidden} {
		if errors.Is(err, kind) {
			text += ", " + kind.Error()
		}
	}
	return text
}

// status is the HTTP status before a body: "204 ", 200 where there is none.
var statusBefore = regexp.MustCompile(`^(\d{3}) `)

// serveDecoding serves a body. It may start with an HTTP status, or name a type of content
// other than JSON.
func serveDecoding(t *testing.T, body string) *server {
	status, media := http.StatusOK, "application/json"
	if found := statusBefore.FindStringSubmatch(body); found != nil {
		_, err := fmt.Sscan(found[1], &status)
		require.NoError(t, err)
		body = body[len(found[0]):]
	}
	if rest, isHTML := strings.CutPrefix(body, "text/html "); isHTML {
		media, body = "text/html", rest
	}
	if rest, isBroken := strings.CutPrefix(body, "breaks off "); isBroken {
		return serve(t, truncated(rest))
	}
	return serve(t, respond(status, body, "Content-Type", media))
}

// TestDecoding proves each row of the page on decoding.
func TestDecoding(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("docs/decoding.md")
	require.NoError(t, err)
	var rows []string
	for _, row := range regexp.MustCompile(`(?m)^\| (.*?) \| .* \|$`).FindAllStringSubmatch(string(page), -1) {
		if row[1] != "on the wire" && row[1] != "an HTTP success with" {
			rows = append(rows, row[1])
		}
	}
	require.ElementsMatch(t, rows, slices.Collect(maps.Keys(decodings)), "each row has a test, and each test a row")
	for row, cases := range decodings {
		t.Run(row, func(t *testing.T) {
			t.Parallel()
			for _, d := range cases {
				assert.Equal(t, d.want, readBy(t, d.op, serveDecoding(t, d.body)), "%s: %s", d.op, d.body)
			}
		})
	}
}

// TestDecodingInStrictMode: what is drift is an error in strict mode, and nothing else is.
func TestDecodingInStrictMode(t *testing.T) {
	t.Parallel()
	for row, cases := range decodings {
		for _, d := range cases {
			_, err := decoders[d.op](t.Context(), serveDecoding(t, d.body).client(pmpsmart.WithStrictDecoding()))
			isError := regexp.MustCompile(` drift at |^refused|^unclear|^unknown|^not found`).MatchString(d.want)
			assert.Equal(t, isError, err != nil, "%s: %s: %s: %v", row, d.op, d.body, err)
		}
	}
}

// TestNoNumberAsID: the page says how to read an id that is no number, and how to send it.
func TestNoNumberAsID(t *testing.T) {
	t.Parallel()
	const id = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"
	s := serve(t, success(`[{"id":"`+id+`","kode_order":"A"}]`))
	orders, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	var text string
	require.NoError(t, orders[0].Extra.Decode("id", &text))
	require.Equal(t, id, text)
	var one []pmpsmart.Order
	require.NoError(t, s.client().Call(t.Context(), "order/detail", map[string]any{"order_id": text}, &one))
	require.Equal(t, "A", one[0].Code)
	sent := s.Requests()
	require.JSONEq(t, `{"order_id":"`+id+`"}`, string(sent[len(sent)-1].Body))
}

const ok = `"status":"success","message":"ok"`

var decodings = map[string][]decoding{
	`a ` + "`status`" + ` of "success", "succes", "sukses", "ok", "berhasil", true, 1, 200 to 299 or "00"`: statuses("insert", "0 A 1", `"success"`, `"succes"`, `"sukses"`, `"OK"`, `"berhasil"`, `true`, `1`, `"1"`, `200`, `"201"`, `"00"`),
	"a flag of success that is true, or of failure that is false: `success`, `is_success`, `ok`, `sukses`, `result`, `response`; `error`, `is_error`, `gagal`": flags("insert", "0 A 1",
		`"success":true`, `"isSuccess":1`, `"ok":true`, `"sukses":true`, `"result":"ok"`, `"response":1`, `"error":false`, `"isError":false`, `"gagal":false`),
	`a ` + "`status`" + ` of "error", "fail…", "gagal", false or 0`: statuses("insert", "refused: x", `"error"`, `"failed"`, `"Gagal"`, `false`, `0`, `"0"`),
	"a `status` or `code` of 400 to 599": {
		{"list", `{"status":403,"message":"x"}`, "refused: x, forbidden"}, {"insert", `{"code":"422","message":"x"}`, "refused: x, refused by validation"},
		{"insert", `{"code":500,"message":"x"}`, "unknown"}, {"get", `{"status":"404","message":"x"}`, "not found"},
	},
	"a flag of success that is false, or of failure that is true; `errno` that is not 0; `errors` without data": flags("insert", "refused: x",
		`"success":false`, `"is_success":false`, `"ok":false`, `"sukses":"false"`, `"result":false`, `"response":0`, `"error":true`, `"isError":true`, `"gagal":true`, `"errno":1062`, `"errors":["y"]`, `"jsonapi":{"version":"1.1"},"errors":["y"]`),
	"an `exception` beside `file` or `trace`, or named like a class; a text that starts with `SQLSTATE[` in place of data": {
		{"insert", `{"exception":"E","message":"x","file":"a.php","line":3,"trace":[]}`, "refused: x"}, {"list", `{"message":"x","exception":"App\\SomeException"}`, "refused: x"},
		{"insert", `"SQLSTATE[40001]: x"`, "refused: SQLSTATE[40001]: x"},
	},
	"words that contradict each other": {{"insert", `{"status":"success","success":false,"message":"x"}`, "refused: x"}, {"list", `{"status":true,"code":403,"message":"x","data":[]}`, "refused: x, forbidden"}},
	"a known word of success, and nothing written by what else it says: false or 0 as data, `inserted: 0`, `failed_count: 1`, an `error` or `errors` without data": {
		{"insert", `{` + ok + `,"data":false}`, "unknown"}, {"insert", `{` + ok + `,"inserted":0}`, "unknown"}, {"insert", `{` + ok + `,"failed_count":1}`, "unknown"}, {"insert", `{` + ok + `,"errors":["x"]}`, "unknown"},
		{"insert", `{"ok":true,"error":"x"}`, "unknown"}, {"insert", `{` + ok + `,"inserted":1}`, "0 A 1"}, {"insert", `{` + ok + `,"data":{"id":7},"errors":["x"]}`, "7 A 1"}, {"update", `{"status":"success","error":"x"}`, "198 status=open drift at data"},
	},
	"a new record without an id, and with a status that may say that there is none": {
		{"insert", `{"kode_order":"A","status":"failed"}`, "unknown"}, {"insert", `{"id":null,"status":"queued"}`, "unknown"}, {"insert", `{"id":7,"status":"queued"}`, "7 A 1 drift at status"}, {"insert", `{"kode_order":"A","status":"completed"}`, "0 A 1"},
	},
	"a new record without an id, and with another code than was sent, or with what says that it was not written: `saved: false`, an `error` in it, `failed` as its name": {
		{"insert", `{` + ok + `,"data":{"kode_order":"Kode sudah ada."}}`, "unknown"}, {"insert", `{"kode_order":"Kode sudah ada."}`, "unknown"}, {"insert", `{` + ok + `,"data":{"kode_order":"A","saved":false}}`, "unknown"},
		{"insert", `{` + ok + `,"data":{"kode_order":"A","error":"x"}}`, "unknown"}, {"insert", `{` + ok + `,"data":{"kode_order":"A","errors":["x"]}}`, "unknown"}, {"insert", `{` + ok + `,"data":[{"kode_order":"A","success":false}]}`, "unknown"},
		{"insert", `{` + ok + `,"data":{"failed":[{"kode_order":"A"}]}}`, "unknown"}, {"insert", `{` + ok + `,"data":{"inserted":[],"failed":["A"]}}`, "unknown"}, {"insert", `{` + ok + `,"data":{"inserted":[]}}`, "unknown"},
		{"insert", `{` + ok + `,"data":{"id":7,"kode_order":"A","saved":false}}`, "7 A 1"}, {"insert", `{` + ok + `,"data":{"id":7,"kode_order":"B"}}`, "7 B 1 drift at data.kode_order"}, {"insert", `{` + ok + `,"data":{"kode_order":"A","error":null}}`, "0 A 1"},
	},
	"a new record without an id beside a message, outside of `data`, and no known word of success: what was sent may be repeated": {
		{"insert", `{"message":"x","data":{"kode_order":"A"}}`, "0 A 1"}, {"insert", `{"message":"x","input":{"kode_order":"A","status":"completed"}}`, "unknown"}, {"insert", `{"kode_order":"A","message":"x"}`, "unknown"},
		{"insert", `{` + ok + `,"data":{"kode_order":"A"}}`, "0 A 1"}, {"insert", `201 {"message":"x","data":{"kode_order":"A"}}`, "0 A 1"}, {"insert", `{"message":"x","data":{"id":7}}`, "7 A 1"},
	},
	"`errors` beside data, and no word of success but a number as HTTP has it": {
		{"list", `{"errors":["x"],"data":[{"id":1}]}`, "[1] drift at errors"}, {"get", `{"errors":["x"],"data":{"id":198}}`, "198 drift at errors"}, {"update", `{"errors":["x"],"data":{"id":198}}`, "198 status=open drift at errors"},
		{"insert", `{"errors":{"kode_order":["x"]},"data":{"id":7,"kode_order":"A"}}`, "unknown"}, {"insert", `{"status":200,"errors":["x"],"data":{"id":7}}`, "unknown"}, {"call", `{"errors":["x"],"data":{"id":7}}`, "unknown"},
		{"insert", `{"errors":[],"data":{"id":7}}`, "7 A 1"},
	},
	"a failure that has its `status` or `code` of 400 to 599 in data, beside a message": {
		{"get", `{"success":false,"data":{"name":"Not Found","message":"x","code":0,"status":404}}`, "not found"}, {"list", `{"success":false,"data":{"message":"x","status":403}}`, "refused: x, forbidden"},
	},
	"an error with `Fields` and without a 4xx or 5xx number": {
		{"insert", `{"status":"error","message":"x","errors":{"a":["b"]}}`, "refused: x map[a:[b]], refused by validation"},
		{"insert", `412 {"message":"x","errors":{"a":["b"]}}`, "refused: x map[a:[b]], refused by validation"},
	},
	`a ` + "`status`" + ` that nobody knows, such as "warning", "tidak", 2, -1, 302 or "01", and a record or a list`: {
		{"list", `{"status":"warning","data":[{"id":1}]}`, "[1] drift at status"}, {"list", `{"status":2,"data":[]}`, "[] drift at status"},
		{"get", `{"status":"tidak","data":{"id":198}}`, "198 drift at status"}, {"insert", `{"status":"01","data":{"id":7}}`, "7 A 1 drift at status"},
		{"update", `{"status":-1,"data":{"id":198}}`, "198 status=open drift at status"},
	},
	"a `status` that nobody knows, and no data": {
		{"list", `{"status":"warning"}`, "unclear"}, {"list", `{"status":302,"data":null}`, "unclear"}, {"get", `{"status":-1}`, "unclear"}, {"update", `{"status":"01"}`, "unclear"},
		{"insert", `{"status":"exists"}`, "unknown"}, {"call", `{"status":2}`, "unknown"},
	},
	"neither data nor a known word of success, for a list or `GetOrder`": {{"list", `{"message":"x"}`, "unclear"}, {"get", `{"message":"x"}`, "unclear"}},
	"neither data nor a known word of success, for an update":            {{"update", `{"message":"x"}`, "198 status=open drift at status"}},
	"no known word of success, for a create: `InsertJSONOrder` or `Call`": {
		{"insert", `{"message":"x"}`, "unknown"}, {"call", `{"message":"x"}`, "unknown"}, {"insert", `{"data":null}`, "unknown"}, {"insert", `{"data":{"id":0}}`, "unknown"},
		{"insert", `201 {"message":"x"}`, "0 A 1"}, {"insert", `204 `, "0 A 1"}, {"insert", `{"data":{"id":7}}`, "7 A 1"}, {"insert", `{"data":true}`, "0 A 1"}, {"insert", `{"message":"x","data":1}`, "0 A 1"},
		{"call", `{"data":{"id":7}}`, "map[id:7]"},
	},
	"an object of nothing but an envelope's words in the place of a record or a list, at any depth": {
		{"insert", `{` + ok + `,"data":{"status":"error","message":"x"}}`, "refused: x"}, {"list", `{"result":{"status":"error","message":"x"}}`, "refused: x"},
		{"get", `[{"status":"error","message":"x"}]`, "refused: x"}, {"list", `{"header":{"success":false,"message":"x"},"data":null}`, "refused: x"},
		{"insert", `{` + ok + `,"data":{"status":"warning","message":"x"}}`, "unknown"}, {"list", `[{` + ok + `,"data":[{"id":1}]}]`, "[1]"},
	},
	"a response inside another, or JSON that was encoded twice": {
		{"get", `{"headers":{},"original":{"data":{"id":198}},"exception":null}`, "198 drift at body"}, {"list", `"{\"data\":[{\"id\":1}]}"`, "[1] drift at body"},
	},

	"`message`, `msg`, `pesan`, `error` as a text, a list or an object": {
		{"get", `{"status":false,"message":"x\ny"}`, "refused: x y"}, {"get", `{"status":false,"msg":["x","y"]}`, "refused: x; y"}, {"get", `{"status":false,"pesan":"x"}`, "refused: x"},
		{"get", `{"error":"x"}`, "refused: x"}, {"get", `{"error":{"code":1,"message":"x"}}`, "refused: x"},
	},
	"HTML in a message": {{"get", `{"status":false,"message":"<p>Kode <b>A</b> &amp; B</p>"}`, "refused: Kode A & B"}},
	"a validator's errors by field, as `errors`, `message` or data": {
		{"insert", `{"errors":{"a":["b","c"],"d":"e"}}`, "refused: a: b; c; d: e map[a:[b c] d:[e]], refused by validation"},
		{"insert", `{"status":false,"message":{"a":["b"]}}`, "refused: a: b map[a:[b]], refused by validation"},
		{"insert", `{"status":false,"message":"x","data":{"a":["b"]}}`, "refused: x map[a:[b]], refused by validation"},
	},
	"a list of errors that name their field, wherever it stands: `field`, `loc`, `path`, `param`, `source.pointer`, `property` with `constraints` and `children`, `name` of `invalid-params`": {
		{"insert", `422 [{"field":"a","message":"b"}]`, "refused: a: b map[a:[b]], refused by validation"},
		{"insert", `{"success":false,"message":"x","issues":[{"path":["a",0],"message":"b"}]}`, "refused: x map[a.0:[b]], refused by validation"},
		{"insert", `400 {"message":[{"property":"a","children":[{"property":"c","constraints":{"isString":"b"}}]}]}`, "refused: a.c: b map[a.c:[b]], refused by validation"},
		{"insert", `400 {"error":{"message":"x","details":[{"param":"a","msg":"b"}]}}`, "refused: x map[a:[b]], refused by validation"},
		{"insert", `{"errors":[{"field":"a","message":"b"}]}`, "refused: a: b map[a:[b]], refused by validation"},
		{"insert", `422 {"detail":[{"loc":["body","a",0],"msg":"b"}]}`, "refused: a.0: b map[a.0:[b]], refused by validation"},
		{"insert", `{"errors":[{"detail":"b","source":{"pointer":"/data/attributes/a"}}]}`, "refused: a: b map[a:[b]], refused by validation"},
		{"insert", `400 {"title":"x","invalid-params":[{"name":"a","reason":"b"}]}`, "refused: a: b map[a:[b]], refused by validation"},
	},
	"an error or texts by rule for a field, and fields in fields": {
		{"insert", `422 {"message":"x","errors":{"a":{"message":"b","kind":"required"}}}`, "refused: x map[a:[b]], refused by validation"},
		{"insert", `422 {"message":"x","errors":{"a":{"_empty":"b","_max":"c"}}}`, "refused: x map[a:[b c]], refused by validation"},
		{"insert", `400 {"items":[{"qty":["b"]}]}`, "refused: items.0.qty: b map[items.0.qty:[b]], refused by validation"},
	},
	"an HTML page, a short text or nothing, with an HTTP error": {
		{"get", `403 text/html <html><title>Blokir</title></html>`, "refused: Blokir, forbidden"}, {"get", `403 Dilarang`, "refused: Dilarang, forbidden"}, {"get", `403 `, "refused: Forbidden, forbidden"},
	},

	"an array, at the top, under `data` or under a name": {
		{"list", `[{"id":1},null,{"id":2}]`, "[1, 2]"}, {"list", `{"data":[{"id":1}]}`, "[1]"}, {"list", `{` + ok + `,"orders":[{"id":1}]}`, "[1]"}, {"list", `{"data":{"orders":[{"id":1}]}}`, "[1]"},
	},
	"null, `[]`, `{}`, \"\" or false as data; 204 or 205; a known success without data": {
		{"list", `{` + ok + `,"data":null}`, "[]"}, {"list", `{"data":[]}`, "[]"}, {"list", `{"data":{}}`, "[]"}, {"list", `{` + ok + `,"data":""}`, "[]"}, {"list", `{"data":false}`, "[]"},
		{"list", `204 `, "[]"}, {"list", `205 `, "[]"}, {"list", `{` + ok + `}`, "[]"}, {"list", `[]`, "[]"},
	},
	"objects under keys":            {{"list", `{"data":{"7":{"id":7},"3":{"id":3}}}`, "[7, 3]"}, {"list", `{"data":{"a":{"id":7},"b":{"id":3}}}`, "[7, 3]"}},
	"one record in place of a list": {{"list", `{"data":{"id":1}}`, "[1]"}},
	"a page of a paginator of Laravel's, or of others": {
		{"list", `{"data":{"current_page":1,"data":[{"id":1}],"last_page":1}}`, "[1]"}, {"list", `{"data":[{"id":1}],"links":{"next":null},"meta":{"current_page":1}}`, "[1]"},
	},
	`words that say that more follow, in English or Indonesian: ` + "`remaining`, `done`, `sisa`, `selesai`, `masih_ada`" + `; a page "1 of 3"; a first page and a total`: {
		{"list", `{"data":[{"id":1}],"sisa":0,"remaining":0,"done":true,"selesai":true,"masih_ada":false,"page":"1 of 1"}`, "[1]"}, // what follows is in TestEveryPager
		{"list", `{"data":[{"id":1}],"sisa":2}`, "[1] drift at data"}, {"list", `{"data":[{"id":1}],"page":"1 of 3"}`, "[1] drift at data"}, {"list", `{"data":[{"id":1}],"page":1,"total":2}`, "[1] drift at data"},
	},
	"a next page that is one that came before, or that neither page nor cursor leads to": {
		{"list", `{"data":[{"id":1}],"has_more":true}`, "[1] drift at data"}, {"list", `{"data":{"current_page":1,"data":[{"id":1}],"last_page":9}}`, "[1] drift at data"},
		{"list", `{"data":[{"id":1}],"meta":{"current_page":1,"last_page":9}}`, "[1] drift at data"}, {"list", `{"data":[{"id":1}],"next_page_url":"/x?offset=15"}`, "[1] drift at data"},
	},
	"an element that wraps its record, or a group of records": {
		{"list", `{"data":[{"order":{"id":1,"kode_order":"A"},"outlet":{"x":2}}]}`, `[1 code=A extra={"outlet":{"x":2}}]`}, {"list", `{"data":[{"data":{"id":1,"kode_order":"A"}}]}`, "[1 code=A]"},
	},
	"an element without any field of the model": {{"list", `{"data":[{"x":1}]}`, `[0 extra={"x":1}] drift at data.*`}},
	"among elements that hold records, one that holds an empty list of them": {
		{"list", `{"data":[{"id":3,"orders":[{"id":1,"kode_order":"A","user_id":2,"outlet_id":3}]},{"id":4,"orders":[]}]}`, "[1 code=A]"},
		{"list", `{"data":[{"id":4,"orders":[]},{"id":3,"orders":[{"id":1,"kode_order":"A","user_id":2,"outlet_id":3}]}]}`, `[4 extra={"orders":[]}, 1 code=A] drift at data.*`},
	},
	"an element with an id and none of the model's own fields, which holds a list most like the model's records": {
		{"list", `{"data":[{"id":3,"name":"x","orders":[{"id":1,"kode_order":"A","user_id":2,"outlet_id":3}]}]}`, `[1 code=A extra={"name":"x"}]`}, {"users", `{"data":[{"id":3,"name":"x","users":[{"id":1,"name":"A","email":"a@b.id"}]}]}`, "[3] drift at data.*.users"},
	},
	"an element that is no object": {{"list", `{"data":[{"id":1},2]}`, "unclear"}},
	"several arrays in an object": {
		{"list", `{"data":{"summary":[{"status":"open","n":1}],"columns":["id"],"orders":[{"id":1,"kode_order":"A"}]}}`, "[1 code=A]"},
		{"list", `{"data":{"errors":[{"id":7,"kode_order":"A"}],"links":[{"id":8}],"orders":[{"id":1}]}}`, "[1]"},
		{"list", `{"data":{"orders":[{"id":1}],"others":[{"id":2}]}}`, "[1] drift at data.others"},
	},
	"an object with an id that holds a list most like the model's records": {{"list", `{"data":{"user":{"id":2,"orders":[{"id":1,"kode_order":"A"}]}}}`, "[1 code=A]"}},
	"groups by day, by number or by what a field says; arrays in an array": {
		{"list", `{"data":{"2026-02-02":[{"id":1}],"2026-02-01":[{"id":2}]}}`, "[1, 2]"}, {"list", `{"data":{"7":[{"id":1}],"3":[{"id":2}]}}`, "[1, 2]"},
		{"list", `{"data":{"open":[{"kode_order":"A","status":"open"}],"cancel":[{"kode_order":"B","status":"cancel"}]}}`, "[0 code=A status=open, 0 code=B status=cancel]"},
		{"list", `{"data":[[{"id":1}],[{"id":2}]]}`, "[1, 2]"},
	},
	"a response as an element of an array": {{"list", `[{"status":"success","data":[{"id":1}]}]`, "[1]"}, {"list", `[{"status":"error","message":"x"}]`, "refused: x"}},
	"null or nothing as data, or none, and a list most like the model's records beside it, be it as text": {
		{"list", `{"data":null,"orders":[{"id":1,"kode_order":"A"}]}`, "[] drift at orders"}, {"list", `{` + ok + `,"data":[],"orders":[{"id":1,"kode_order":"A"}]}`, "[] drift at orders"},
		{"list", `{"orders":[{"id":1,"kode_order":"A"}],"data":{}}`, "[] drift at orders"}, {"list", `{"data":[],"orders":[]}`, "[]"}, {"list", `{"data":[],"roles":[{"id":1,"name":"x"}],"links":[{"user_id":1}]}`, "[]"},
		{"list", `{"data":[{"id":2}],"orders":[{"id":1,"kode_order":"A"}]}`, "[2]"},
		{"list", `{` + ok + `,"payload":"[{\"id\":1,\"kode_order\":\"A\"}]"}`, "[] drift at payload"}, {"list", `{"statusCode":200,"body":"{\"data\":[{\"id\":1,\"kode_order\":\"A\"}]}"}`, "[] drift at body"},
		{"list", `{` + ok + `,"payload":"[]","note":"x"}`, "[]"},
	},
	"rows without the names of their fields": {{"list", `{"data":{"columns":["id"],"rows":[[1]]}}`, "unclear"}},
	"a total above the number of records that came: at the top, beside the list, in `meta`, `pagination` and the like, or in a header": {
		{"list", `{"data":[{"id":1}],"total":57}`, "[1] drift at data"}, {"list", `{"data":{"orders":[{"id":1}],"total_data":"57"}}`, "[1] drift at data"},
		{"list", `{"data":[{"id":1}],"meta":{"page":{"totalItems":57}}}`, "[1] drift at data"}, {"list", `{"recordsTotal":99,"recordsFiltered":57,"data":[{"id":1}]}`, "[1] drift at data"},
	},
	`a text such as "1 to 15 of 40" or "items 0-14/40" that says that not all came`: {
		{"list", `{"data":[{"id":1}],"showing":"1 to 1 of 40"}`, "[1] drift at data"}, {"list", `{"data":[{"id":1}],"meta":{"range":"items 0-0/40"}}`, "[1] drift at data"}, {"list", `{"data":[{"id":1}],"info":"Menampilkan 1 sampai 1 dari 1 data"}`, "[1]"},
	},
	"a paginator's words in an object of any other name beside the list, such as `result_info`": {
		{"list", `{"data":[{"id":1}],"result_info":{"page":1,"per_page":1,"total_count":57}}`, "[1] drift at data"}, {"list", `{"data":{"nav":{"halaman":1,"total_halaman":3},"list":[{"id":1}]}}`, "[1] drift at data"},
		{"list", `{"data":[{"id":1}],"extra":{"pagination":{"has_more":true}}}`, "[1] drift at data"}, {"list", `{"orders":[{"id":1}],"outlets":{"data":[{"id":5}],"current_page":1,"last_page":9}}`, "[1]"},
	},
	"a first page and a `total` below the number of its records": {{"list", `{"page":1,"total":1,"rows":[{"id":1},{"id":2}]}`, "[1, 2]"}, {"list", `{"page":1,"total":2,"rows":[{"id":1},{"id":2},{"id":3}]}`, "[1, 2, 3] drift at data"}},
	"an offset, a token of another name, or HTTP 206, that says that more records follow": {
		{"list", `{"data":[{"id":1}],"offset":0,"has_more":true}`, "[1] drift at data"}, {"list", `{"data":[{"id":1}],"nextPageToken":"x"}`, "[1] drift at data"}, {"list", `206 {"data":[{"id":1}]}`, "[1] drift at data"},
	},
	"a total in a summary or a record, with a fraction, or that may be the sum of the records' own": {
		{"list", `{"data":{"orders":[{"id":1}],"summary":{"total":57}}}`, "[1]"}, {"list", `{"data":{"id":1,"total":57}}`, `[1 extra={"total":57}]`}, {"list", `{"data":[{"id":1}],"total":"57.00"}`, "[1]"},
		{"list", `{"data":[{"id":1,"total":57}],"total":57}`, `[1 extra={"total":57}]`},
	},
	"an object, an array of one, an object under some name, at the top or under `data`": {
		{"get", `{"data":{"id":198}}`, "198"}, {"get", `{"data":[{"id":198}]}`, "198"}, {"get", `{"data":{"order":{"id":198}}}`, "198"}, {"get", `{"order":{"id":198}}`, "198"}, {"get", `{"id":198}`, "198"},
	},
	"a bare record with a `status` of its own": {{"get", `{"id":198,"status":"cancel"}`, "198 status=cancel"}, {"get", `{"id":198,"status":"error"}`, "198 status=error"}},
	"a record with an id beside a message, and a `status` that is a word": {
		{"get", `{"message":"x","id":198,"kode_order":"A","status":"cancel"}`, "198 code=A status=cancel"}, {"get", `{"message":"x","id":198,"kode_order":"A","status":"failed"}`, "198 code=A status=failed drift at status"},
	},
	"null, `[]`, `{}`, \"\", true, a number or a known success without data; 204 or 205": {
		{"get", `{"data":null}`, "not found"}, {"get", `{"data":[]}`, "not found"}, {"get", `{"data":{}}`, "not found"}, {"get", `{"data":""}`, "not found"}, {"get", `{"data":true}`, "not found"},
		{"get", `{"data":1}`, "not found"}, {"get", `{` + ok + `}`, "not found"}, {"get", `204 `, "not found"}, {"get", `205 `, "not found"},
		{"update", `{` + ok + `,"data":null}`, "198 status=open"}, {"update", `{` + ok + `,"data":[]}`, "198 status=open"}, {"update", `{` + ok + `,"data":1}`, "198 status=open"},
		{"update", `{` + ok + `}`, "198 status=open"}, {"update", `204 `, "198 status=open"}, {"insert", `205 `, "0 A 1"},
	},
	"a record of which every field is null or empty": {{"get", `{"data":{"id":null,"kode_order":"","items":[]}}`, "not found"}, {"update", `{` + ok + `,"data":{"id":null,"status":null}}`, "198 status=open"}},
	"false or 0 as data after an update that succeeded, or flags and counts such as `{\"saved\": false}`": {
		{"update", `{` + ok + `,"data":false}`, "198 status=open drift at data"}, {"update", `{` + ok + `,"data":0}`, "198 status=open drift at data"}, {"update", `{` + ok + `,"data":{"saved":false}}`, "198 status=open drift at data"},
	},
	"another record than was asked for, or than was sent, by id, code or status": {
		{"get", `{"data":{"id":5}}`, "5 drift at data.id"}, {"update", `{"data":{"id":198,"status":"cancel"}}`, "198 status=cancel drift at data.status"}, {"insert", `{"data":{"id":7,"kode_order":"B"}}`, "7 B 1 drift at data.kode_order"},
	},

	"a number in a string, a string for a number, 12.0 for 12, 0 or \"true\" for a bool, null or \"\" for anything": {
		{"get", `{"data":{"id":"198","kode_order":7}}`, "198 code=7"}, {"get", `{"data":{"id":198.0,"kode_order":null,"user_id":""}}`, "198"},
	},
	"a time as RFC 3339, SQL, a date, Unix seconds, a PHP DateTime, or a date and a time apart": {
		{"get", `{"data":{"id":198,"created_at":"2026-02-02T01:15:30.000000Z"}}`, "198 created=2026-02-02T01:15:30Z"}, {"get", `{"data":{"id":198,"created_at":"2026-02-02 08:15:30"}}`, "198 created=2026-02-02T01:15:30Z"},
		{"get", `{"data":{"id":198,"created_at":1769994930}}`, "198 created=2026-02-02T01:15:30Z"}, {"get", `{"data":{"id":198,"date_order":"2026-02-02","created_at":"2026-02-02"}}`, "198 date=2026-02-02 created=2026-02-01T17:00:00Z"},
		{"get", `{"data":{"id":198,"created_at":{"date":"2026-02-02 01:15:30.000000","timezone_type":3,"timezone":"UTC"}}}`, "198 created=2026-02-02T01:15:30Z"},
		{"get", `{"data":{"id":198,"created_at":{"date":"2026-02-02","time":"08:15:30"}}}`, "198 created=2026-02-02T01:15:30Z"},
	},
	"a year below 1, such as `0000-00-00 00:00:00`": {{"get", `{"data":{"id":198,"created_at":"0000-00-00 00:00:00"}}`, "198"}},
	"a code that is a bool, or a number that is no integer": {
		{"get", `{"data":{"id":198,"kode_order":true}}`, `198 code=true extra={"kode_order":true} drift at data.kode_order`},
		{"get", `{"data":{"id":198,"kode_order":1.0e+10}}`, `198 code=1.0e+10 extra={"kode_order":1.0e+10} drift at data.kode_order`},
	},
	"a value that can't be its field's type":  {{"get", `{"data":{"id":198,"user_id":"abc"}}`, `198 extra={"user_id":"abc"} drift at data.user_id`}},
	"a field that the struct does not have":   {{"get", `{"data":{"id":198,"total":7}}`, `198 extra={"total":7}`}},
	"an id that is no number, such as a UUID": {{"list", `{"data":[{"id":"9b1d"}]}`, `[0 extra={"id":"9b1d"}] drift at data.*.id`}},
	"`json_data` as JSON, as a string that holds JSON, or as another text": {
		{"insert", `{"data":{"id":7,"json_data":{"a":1}}}`, `7 A {"a":1}`}, {"insert", `{"data":{"id":7,"json_data":"{\"a\":1}"}}`, `7 A {"a":1}`}, {"insert", `{"data":{"id":7,"json_data":"{a"}}`, `7 A "{a"`},
	},
	"bytes that are no UTF-8, a name that comes twice, raw control characters in a string": {
		{"get", "{\"data\":{\"id\":198,\"kode_order\":\"\xe9\"}}", "198 code=\ufffd"}, {"get", `{"data":{"id":5,"id":198}}`, "198"}, {"get", "{\"data\":{\"id\":198,\"kode_order\":\"a\tb\"}}", "198 code=a\tb"},
	},

	"a byte-order mark or PHP's warnings before the JSON; JSON as `text/html`": {
		{"get", "\ufeff" + `{"data":{"id":198}}`, "198 drift at body"}, {"list", "<br />\n<b>Warning</b>: x<br />\n" + `{"data":[{"id":1}]}`, "[1] drift at body"}, {"get", `text/html {"data":{"id":198}}`, "198 drift at body"},
	},
	"a call around the JSON, as `callback(…)`, or a guard before it, as `)]}',` and `while(1);`": {
		{"get", `cb({"data":{"id":198}});`, "198 drift at body"}, {"list", `cb([])`, "[] drift at body"}, {"list", ")]}',\n" + `[{"id":1}]`, "[1] drift at body"}, {"list", `while(1);[]`, "[] drift at body"},
	},
	"behind the JSON: a byte-order mark, a script, a debug bar, PHP's warnings": {
		{"get", `{"data":{"id":198}}` + "\ufeff", "198 drift at body"}, {"list", `{"data":[{"id":1}]}<script>x({"a":1})</script>`, "[1] drift at body"}, {"insert", `{` + ok + `}` + "\nWarning: x", "0 A 1 drift at body"},
	},
	"a connection that breaks when the JSON is whole: no last chunk, a wrong length, a reset": {
		{"list", `breaks off {"data":[{"id":1}]}`, "[1] drift at body"}, {"insert", `breaks off {` + ok + `}`, "0 A 1 drift at body"}, {"insert", `breaks off {"status":"error","message":"x"}`, "refused: x"},
	},
	"HTML, an empty body, JSON cut short, two JSON values, a comma too many, single quotes, NaN, endless nesting": {
		{"list", `<html><title>x</title></html>`, "unclear"}, {"get", ``, "unclear"}, {"list", `{"data":[{"id":1}`, "unclear"}, {"get", `{"data":{"id":198}}{}`, "unclear"}, {"get", `{"data":NaN}`, "unclear"}, {"get", `{"data":{"id":198,}}`, "unclear"}, {"get", `{'data':{'id':198}}`, "unclear"},
		{"list", `{"data":` + strings.Repeat("[", 20_000), "unclear"}, {"insert", `<html></html>`, "unknown"},
	},
}

// statuses returns what becomes of each status of an envelope alone.
func statuses(op, want string, all ...string) (cases []decoding) {
	for _, status := range all {
		cases = append(cases, decoding{op, `{"status":` + status + `,"message":"x"}`, want})
	}
	return cases
}

// flags returns what becomes of each flag of an envelope alone.
func flags(op, want string, all ...string) (cases []decoding) {
	for _, flag := range all {
		cases = append(cases, decoding{op, `{` + flag + `,"message":"x"}`, want})
	}
	return cases
}
