package control_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A request that is wrong says how, in one line, and changes nothing.
func TestMistakes(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, tt := range []struct {
		request, body string
		status        int
		want          string
	}{
		{"GET /nope", "", 404, `no path "/_sandbox/nope", known are /_sandbox/accounts, /_sandbox/clock, `},
		{"GET /orders/1", "", 404, `no path "/_sandbox/orders/1", known are `},
		{"GET /worlds/a/b", "", 404, `no path "/_sandbox/worlds/a/b", known are `},
		{"POST /health", "", 405, "no method POST of /_sandbox/health, known are GET, HEAD"},
		{"PUT /requests", "", 405, "no method PUT of /_sandbox/requests, known are DELETE, GET, HEAD"},
		{"GET /reset", "", 405, "no method GET of /_sandbox/reset, known are POST"},
		{"GET /health?x=1", "", 400, `unknown parameter "x" in the query: /_sandbox/health has none`},
		{"GET /requests?page=1", "", 400, `unknown parameter "page" in the query, known is op`},
		{"GET /requests?op=Order", "", 400, `unknown op "Order", known are FilterJSONOrders, `},
		{"DELETE /requests?op=Order", "", 400, `unknown op "Order", known are FilterJSONOrders, `},
		{"DELETE /requests?op=Login&op=Logout", "", 400, "the query names 2 ops; want one, or none for all"},
		{"POST /faults", "", 400, `the body is empty; want JSON such as [{"op":"GetOrder","kind":"delay","wait_ms":2000}]`},
		{"POST /faults", `{"kind":"reset"}`, 400, `the body is an object; want an array such as [{"op":`},
		{"POST /faults", "[\n {\"kind\":}]", 400, "the body is no JSON: line 2, column 10: "},
		{"POST /faults", `[{"kind":"reset"}`, 400, "the body is no JSON: line 1, column 18: "},
		{"POST /faults", `[{"kind":"reset","kind":"cut"}]`, 400, "the body is no JSON: line 1, column 18: duplicate"},
		{"POST /faults", `[] []`, 400, "the body is no JSON: line 1, column 4: "},
		{"POST /faults", `[{"knd":"reset"}]`, 400, "unknown member [0].knd, known are op, page, nth, kind, wait_ms, bytes, status, header, body"},
		{"POST /faults", `[{"kind":"fire"}]`, 400, `fault has the unknown kind "fire", known are reset, lost answer, delay, `},
		{"POST /faults", `[{"kind":"reset"},{"op":"Order","kind":"reset"}]`, 400, `fault 2 of 2: unknown op "Order", known are `},
		{"POST /faults", `[{"kind":"reset","nth":"2"}]`, 400, `[0].nth: want a whole number, got a text`},
		{"POST /faults", `[{"kind":"reset","nth":2.5}]`, 400, `[0].nth: want a whole number, got 2.5`},
		{"POST /faults", `[{"kind":7}]`, 400, `[0].kind: want a text, got a number`},
		{"POST /faults", `[{"kind":"delay"}]`, 400, "fault delay (any op, next request) needs a wait_ms"},
		{"POST /faults", `[{"kind":"delay","wait_ms":-1}]`, 400, "wait_ms: -1; want 0 to 86400000"},
		{"POST /faults", `[{"kind":"cut","status":500}]`, 400, "fault cut (any op, next request) has a status, header or body, which are for the kind answer"},
		{"POST /faults", `[{"kind":"answer","header":{"Retry-After":"7"}}]`, 400, "[0].header.Retry-After: want an array, got a text"},
		{"POST /faults", `[{"kind":"answer","header":{"Retry After":["7"]}}]`, 400, `fault answer (any op, next request) has a header that HTTP can't send: "Retry After"`},
		{"POST /faults", `[7]`, 400, "[0]: want an object, got a number"},
		{"POST /style", `{"style":"aneh"}`, 400, `unknown style "aneh", known are plain, strings, `},
		{"POST /style", `{"style":"plain","op":"Order"}`, 400, `unknown op "Order", known are `},
		{"POST /style", `{}`, 400, `style is missing; want {"style":"loose","op":""}`},
		{"POST /style", `["loose"]`, 400, `the body is an array; want an object such as {"style":"loose","op":""}`},
		{"POST /reset", `{"seed":-1}`, 400, "seed: -1; want 0 to 2147483647 orders"},
		{"POST /reset", `{"sed":1}`, 400, "unknown member sed, known are seed, style"},
		{"POST /reset", `{"style":"aneh"}`, 400, `style: unknown style "aneh", known are `},
		{"POST /clock", `{"now":"besok"}`, 400, `now: "besok"; want a time with its zone, `},
		{"POST /clock", `{"now":"2031-01-02T03:04:05"}`, 400, `now: "2031-01-02T03:04:05"; want a time with its zone, `},
		{"POST /clock", `{"advance_s":-1}`, 400, `advance_s: -1; want 0 to `},
		{"POST /clock", `{"now":"2031-01-02T03:04:05Z","advance_s":1}`, 400, "now and advance_s exclude each other"},
		{"POST /clock", ``, 400, "the body is empty; want JSON such as"},
		{"POST /down", `{"retry_after_s":"9"}`, 400, "retry_after_s: want a number, got a text"},
		{"POST /up", `{"x":1}`, 400, "unknown member x: this request needs no body"},
		{"POST /up", `[]`, 400, "the body is an array: this request needs no body"},
		{"POST /accounts", `{"email":"gudang","password":"x"}`, 400, `email: "gudang" is no email address`},
		{"POST /accounts", `{"email":"a@b.id"}`, 400, "password: want a text without white space around it"},
		{"POST /orders", `{"kode_order":"K"}`, 400, "the body is an object; want an array such as ["},
		{"POST /orders", `[7]`, 400, "[0]: want an object, got a number"},
		{"POST /orders", `[{},{"user_id":"abc"}]`, 400, `[1].user_id: want a whole number, got "abc"`},
		{"POST /orders", `[{"id":-1}]`, 400, "[0].id: want a whole number from 1, or none for the next one, got -1"},
		{"POST /orders", `[{"date_order":"02-02-2026"}]`, 400, `[0].date_order: want a day such as "2026-02-02", got "02-02-2026"`},
		{"POST /orders", `[{"created_at":"kemarin"}]`, 400, `[0].created_at: want a time such as "2026-02-02T08:15:30+07:00", got "kemarin"`},
		{"POST /orders", `[{"userId":1}]`, 400, "[0].userId: the API's name of it is user_id"},
		{"POST /orders", `[{"items":[{"nama":"Kopi"}]}]`, 400, "[0].items: unknown member [0].nama, known are id, nama_produk, qty, harga"},
		{"POST /orders", `[{"items":7}]`, 400, `[0].items: want an array such as [{"nama_produk":"Kopi","qty":2,"harga":14500}], got 7`},
		{"POST /outlets", "[{\"kode_outlet\":\"\xff\"}]", 400, "the body is no JSON: line 1, column 18: invalid UTF-8"},
		{"POST /outlets", strings.Repeat(" ", 9<<20), 413, "the body is larger than 8388608 bytes; send it in parts"},
		{"POST /worlds", `{"seed":-1}`, 400, "seed: -1; want 0 to"},
		{"POST /worlds", `{"now":"x"}`, 400, `now: "x"; want a time`},
		{"POST /worlds", `{"per_page":0}`, 400, "per_page: 0; want 1 to 1000000"},
		{"POST /worlds", `{"empty":true,"seed":1}`, 400, "empty and seed exclude each other"},
		{"POST /worlds", `{"faults":[{"kind":"delay"}]}`, 400, "fault delay (any op, next request) needs a wait_ms"},
		{"POST /worlds", `{"seed_end":"besok"}`, 400, `seed_end: "besok"; want a day such as 2026-02-09`},
		{"POST /worlds", `{"style_for":{"Order":"loose"}}`, 400, `style_for: unknown op "Order", known are `},
		{"POST /worlds", `{"style_for":{"ListOrders":"aneh"}}`, 400, `unknown style "aneh", known are `},
		{"POST /worlds", `{"random_faults":{"reset":0.6,"cut":0.6}}`, 400, "random_faults has invalid chances: map[cut:0.6 reset:0.6]"},
		{"POST /worlds", `{"random_faults":{"api":0.6}}`, 400, `fault has the unknown kind "api", known are reset, `},
		{"POST /worlds", `{"sytle":"loose"}`, 400, "unknown member sytle, known are seed, empty, style, email, password, now, many_tokens, "},
		{"DELETE /worlds/abc", "", 404, `no world "abc": it was never made, was deleted, or was not used for 1h0m0s`},
	} {
		var in struct{ Error string }
		text := s.steer(tt.status, tt.request, tt.body)
		require.NoError(t, json.Unmarshal([]byte(text), &in), text)
		assert.True(t, strings.HasPrefix(in.Error, tt.want), "%s %s\n got: %s\nwant: %s", tt.request, tt.body[:min(len(tt.body), 99)], in.Error, tt.want)
		assert.NotContains(t, in.Error, "\n")
	}
	assert.Equal(t, "GET, HEAD", s.send(http.MethodPost, s.control+"/health", "").Header.Get("Allow"))
	assert.Len(t, records(t, s.steer(200, "GET /orders", "")), 240)
	assert.Equal(t, `{"unmet":[]}`+"\n", s.steer(200, "GET /faults", ""))
	a := s.send(http.MethodGet, strings.Replace(s.control, "_sandbox", "_worlds/abc/api/v1/order", 1), "")
	assert.Equal(t, 404, a.Status)
	assert.True(t, strings.HasPrefix(a.Body, `{"error":"no world \"abc\"`), a.Body)
}
