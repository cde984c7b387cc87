package control_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/control"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// events are what GET /events answers.
type events struct {
	Cursor   string
	Fresh    bool
	Skipped  int
	Requests []map[string]any
	Status   map[string]any
}

func (s *server) events(after string) (e events) {
	s.t.Helper()
	text := s.steer(200, "GET /events?after="+url.QueryEscape(after), "")
	require.NoError(s.t, json.Unmarshal([]byte(text), &e), text)
	return e
}

// The events have what it takes to send a request again, but for its secrets.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := start(t)
	before := s.events("")
	assert.True(t, before.Fresh)
	token := s.login()
	s.send(http.MethodPost, s.api+"/order/detail?page=2&token=rahasia-query", `{"order_id":198}`,
		"Authorization", "Bearer "+token, "Accept", "application/json", "Content-Type", "application/json", "X-Style", "bare", "X-Note", "see "+token, "Cookie", "a="+token)
	s.send(http.MethodPost, s.api+"/visit", strings.Repeat("x", 70<<10))
	e := s.events(before.Cursor)
	require.Len(t, e.Requests, 3)
	assert.False(t, e.Fresh)
	text, err := json.Marshal(e)
	require.NoError(t, err)
	for _, secret := range []string{password, token, "rahasia-query"} {
		assert.NotContains(t, string(text), secret)
	}
	detail := e.Requests[1]
	at, err := time.Parse(time.RFC3339Nano, detail["time"].(string))
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), at, time.Minute)
	header := detail["header"].(map[string]any)
	assert.Equal(t, []any{"bare"}, header["X-Style"])
	assert.Equal(t, []any{"see [redacted]"}, header["X-Note"])
	assert.NotContains(t, header, "Cookie")
	assert.NotContains(t, header, "Authorization")
	assert.Equal(t, []any{"GetOrder", "page=2&token=[redacted]", `{"order_id":198}`, 200.0, true, 16.0, false},
		[]any{detail["op"], detail["query"], detail["body"], detail["status"], detail["bearer"], detail["received"], detail["body_cut"]})
	assert.Equal(t, []any{false, 71680.0, true}, []any{e.Requests[2]["bearer"], e.Requests[2]["received"], e.Requests[2]["body_cut"]})
	assert.Empty(t, s.events(e.Cursor).Requests)

	for range 250 {
		s.send(http.MethodPost, s.api+"/visit", "")
	}
	many := s.events(e.Cursor)
	assert.Equal(t, []int{200, 50}, []int{len(many.Requests), many.Skipped})
	s.steer(204, "DELETE /requests", "")
	assert.True(t, s.events(many.Cursor).Fresh)
}

func TestStatusOfEvents(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.events("").Status
	assert.NotEmpty(t, got["now"])
	assert.NotEmpty(t, got["data"])
	delete(got, "now")
	delete(got, "data")
	assert.Equal(t, map[string]any{"clock": "real", "down": false, "retry_after_s": 0.0, "logins": 0.0, "style": "plain",
		"styles": map[string]any{}, "faults": 0.0, "unmet": []any{}}, got)
	s.login()
	s.steer(204, "POST /clock", `{"now":"2031-01-02T03:04:05+07:00"}`)
	s.steer(204, "POST /down", `{"retry_after_s":9}`)
	s.steer(204, "POST /style", `{"style":"bare","op":"GetOrder"}`)
	s.steer(204, "POST /faults", "["+strings.Repeat(`{"kind":"reset"},`, 60)+`{"kind":"reset"}]`)
	got = s.events("").Status
	assert.Equal(t, []any{"2031-01-02T03:04:05+07:00", "stopped", true, 9.0, 1.0, map[string]any{"GetOrder": "bare"}, 61.0},
		[]any{got["now"], got["clock"], got["down"], got["retry_after_s"], got["logins"], got["styles"], got["faults"]})
	assert.Len(t, got["unmet"], 50)
	s.steer(204, "POST /clock", `{}`)
	s.steer(204, "POST /clock", `{"advance_s":60}`)
	assert.Equal(t, "ahead", s.events("").Status["clock"])
}

func TestOptions(t *testing.T) {
	t.Parallel()
	s := start(t)
	var got struct {
		BaseURL      string            `json:"base_url"`
		Ops          map[string]string `json:"ops"`
		Lists        map[string]bool   `json:"lists"`
		Kinds        []string          `json:"kinds"`
		Applications []string          `json:"applications"`
		Styles       []string          `json:"styles"`
	}
	require.NoError(t, json.Unmarshal([]byte(s.steer(200, "GET /options", "")), &got))
	assert.Equal(t, s.api, got.BaseURL)
	assert.Len(t, got.Ops, 12)
	assert.Equal(t, []any{"order/detail", false, true}, []any{got.Ops["GetOrder"], got.Lists["GetOrder"], got.Lists["ListOrders"]})
	for _, kind := range got.Kinds {
		s.steer(204, "POST /faults", `[{"kind":"`+kind+`","wait_ms":1}]`)
	}
	for _, style := range got.Styles {
		text, err := json.Marshal(map[string]string{"style": style})
		require.NoError(t, err)
		s.steer(204, "POST /style", string(text))
		told := s.events("").Status["style"].(string)
		assert.True(t, told == style || slices.Contains(got.Applications, told), "%s is told as %s", style, told)
		assert.True(t, told == style || !slices.Contains(got.Applications, style), "%s is told as %s", style, told)
	}
	assert.Contains(t, got.Applications, "plain")
	w, in := s.world("")
	require.NoError(t, json.Unmarshal([]byte(in.steer(200, "GET /options", "")), &got))
	assert.Equal(t, w.BaseURL, got.BaseURL)
	assert.Subset(t, shape.Styles(), got.Applications)
}

// Records are found by the words of their values, whatever the case.
func TestFind(t *testing.T) {
	t.Parallel()
	s := start(t, func(_ *control.Config, c *sandbox.Config) { c.Data = seed.Data{} })
	s.steer(201, "POST /outlets", `[{"nama_outlet":"Toko Melati","alamat":"Jl. Kenanga 1/2"},{"nama_outlet":"Toko Mawar","alamat":"Jl. Kenanga 3","catatan":{"id":[77]}},`+
		`{"nama_outlet":"Warung CAFÉ","alamat":null}]`)
	type answer struct {
		Records []struct {
			ID int `json:"id"`
		} `json:"records"`
		Found, Total int
	}
	find := func(query string) (ids []int, found, total int) {
		var a answer
		require.NoError(t, json.Unmarshal([]byte(s.steer(200, "GET /outlets?"+query, "")), &a))
		for _, r := range a.Records {
			ids = append(ids, r.ID)
		}
		return ids, a.Found, a.Total
	}
	for query, want := range map[string][]int{
		"search=":             {1, 2, 3},
		"search=toko":         {1, 2},
		"search=TOKO+kenanga": {1, 2},
		"search=1%2F2":        {1},
		"search=caf%C3%A9":    {3},
		"search=77":           {2},
		"search=nama_outlet":  nil,
		"search=toko&last=1":  {2},
		"last=2":              {2, 3},
	} {
		ids, found, total := find(query)
		assert.Equal(t, want, ids, query)
		assert.Equal(t, 3, total)
		if !strings.Contains(query, "last") {
			assert.Equal(t, len(want), found)
		}
	}
	_, found, _ := find("search=toko&last=1")
	assert.Equal(t, 2, found)
	for _, last := range []string{"0", "-1", "10001", "x"} {
		assert.Contains(t, s.steer(400, "GET /outlets?last="+last, ""), "want 1 to 10000")
	}
	assert.Contains(t, s.steer(400, "GET /outlets?q=x", ""), `unknown parameter \"q\" in the query, known is last, search`)
	s.steer(400, "POST /outlets?search=x", "[]")
}

func TestListWorlds(t *testing.T) {
	t.Parallel()
	s := start(t)
	assert.Equal(t, `{"worlds":[]}`+"\n", s.steer(200, "GET /worlds", ""))
	a, _ := s.world("")
	b, _ := s.world("")
	var got struct{ Worlds []map[string]string }
	text := s.steer(200, "GET /worlds", "")
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	require.Len(t, got.Worlds, 2)
	assert.NotContains(t, text, password)
	assert.Equal(t, []string{b.ID, b.BaseURL, b.ControlURL, a.ID}, []string{got.Worlds[0]["id"], got.Worlds[0]["base_url"], got.Worlds[0]["control_url"], got.Worlds[1]["id"]})
	s.steer(200, "DELETE /worlds/"+b.ID, "")
	assert.NotContains(t, s.steer(200, "GET /worlds", ""), b.ID)
}
