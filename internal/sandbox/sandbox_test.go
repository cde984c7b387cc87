package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The account of a test's server.
const (
	email    = "sandbox@pmpsmart.test"
	password = "bukan-rahasia"
)

// A server is a sandbox that listens.
type server struct {
	*sandbox.Sandbox
	listener *sandbox.Listener
	url      string
}

// start starts a server that the test's end closes.
func start(t *testing.T, changes ...func(*sandbox.Config)) *server {
	t.Helper()
	srv := open(t, changes...)
	t.Cleanup(func() { assert.NoError(t, srv.close()) })
	return srv
}

func open(t *testing.T, changes ...func(*sandbox.Config)) *server {
	t.Helper()
	config := sandbox.Default()
	config.Email, config.Password = email, password
	for _, change := range changes {
		change(&config)
	}
	box, err := sandbox.New(config)
	require.NoError(t, err)
	listener, err := sandbox.Listen("127.0.0.1:0", box)
	require.NoError(t, err)
	return &server{box, listener, listener.URL}
}

func (s *server) close() error {
	s.Stop()
	if err := s.listener.Close(); err != nil {
		return err
	}
	return s.Close()
}

// Changes of a test's Config.

func atNoon(c *sandbox.Config) {
	c.Now = func() time.Time { return time.Date(2026, time.March, 1, 5, 0, 0, 0, time.UTC) }
}

func uniqueCodes(c *sandbox.Config) { c.UniqueCodes = true }

func empty(c *sandbox.Config) { c.Data = seed.Data{} }

func styled(styles ...string) func(*sandbox.Config) {
	return func(c *sandbox.Config) {
		var err error
		if c.Form, err = c.Form.With(styles...); err != nil {
			panic(err)
		}
	}
}

// post makes a request and reads what there is of the response's body.
func post(t *testing.T, url, token, body string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	req.Header = http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

// loggedIn returns a function that makes requests with a token of the account.
func loggedIn(t *testing.T, srv *server) func(path, body string) string {
	t.Helper()
	text, err := post(t, srv.url+"/auth/login", "", `{"email":"`+email+`","password":"`+password+`"}`)
	require.NoError(t, err)
	token := token60.FindString(text)
	require.NotEmpty(t, token, text)
	return func(path, body string) string {
		t.Helper()
		text, err := post(t, srv.url+"/"+path, token, body)
		require.NoError(t, err)
		return text
	}
}

// ids returns the ids of a list in the style plain.
func ids(t *testing.T, list string) []int64 {
	t.Helper()
	var body struct{ Data []struct{ ID int64 } }
	require.NoError(t, json.Unmarshal([]byte(list), &body), list)
	all := []int64{}
	for _, record := range body.Data {
		all = append(all, record.ID)
	}
	return all
}

// Rows that are added are what the API lists, and what the collection returns.
func TestCollections(t *testing.T) {
	t.Parallel()
	srv := start(t, empty, atNoon)
	added, err := srv.Visits().Add(seed.Visit{ID: 3, Name: "Budi", Extra: json.RawMessage(`{"foto":1}`)}, seed.Visit{Name: "Siti"})
	require.NoError(t, err)
	const first = `{"id":3,"name":"Budi","user_id":null,"outlet_id":null,"created_at":"2026-03-01T05:00:00.000000Z","updated_at":"2026-03-01T05:00:00.000000Z","foto":1}`
	require.Len(t, added, 2)
	assert.Equal(t, first, string(added[0]))
	assert.Equal(t, added, slices.Collect(srv.Visits().All()))
	list := loggedIn(t, srv)("visit", "{}")
	assert.Equal(t, `{"status":"success","message":"Data order berhasil diambil","data":[`+first+`,`+string(added[1])+`]}`, list)

	added, err = srv.Visits().Add(seed.Visit{}, seed.Visit{ID: -1}, seed.Visit{})
	assert.EqualError(t, err, "id -1 is below 1")
	assert.Len(t, added, 1, "the rows before it have been added")
	assert.Len(t, slices.Collect(srv.Visits().All()), 3)
	for _, n := range []int{len(slices.Collect(srv.Orders().All())), len(slices.Collect(srv.Users().All())), len(slices.Collect(srv.Outlets().All())), len(slices.Collect(srv.JSONOrders().All()))} {
		assert.Zero(t, n)
	}
}

// What can't be kept is not acknowledged, then and later.
func TestDataFileThatCanNotBeWritten(t *testing.T) {
	t.Parallel()
	srv := open(t, func(c *sandbox.Config) { c.DataFile = filepath.Join(t.TempDir(), "data") })
	request := loggedIn(t, srv)
	require.NoError(t, srv.CloseDataFile())
	for range 2 {
		assert.Contains(t, request("json/order", `{"kode_order":"K","json_data":"{}","status":"s"}`), "Server Error")
		assert.Contains(t, request("master/outlet/update", `{"id_outlet":88,"kode_outlet":"BARU"}`), "Server Error")
		assert.Contains(t, request("order/update", `{"order_id":198,"status":"cancel"}`), "Server Error")
		assert.Contains(t, request("auth/logout", ""), "Server Error")
	}
	assert.Contains(t, request("json/order/get/filter", ""), `"data":[]`)
	assert.Contains(t, request("order/detail", `{"order_id":198}`), `"status":"pending"`)
	assert.ErrorIs(t, srv.ExpireTokens(), os.ErrClosed)
	assert.ErrorIs(t, srv.close(), os.ErrClosed)
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*sandbox.Config){
		`unknown style "odd", known are plain, `: func(c *sandbox.Config) {
			c.StylesFor = []sandbox.StylesFor{{Op: "ListOrders", Styles: []string{"odd"}}}
		},
		`fault has the unknown kind "", known are reset, `: func(c *sandbox.Config) { c.Faults = []fault.Fault{{}} },
		"no such file or directory":                        func(c *sandbox.Config) { c.DataFile = filepath.Join(t.TempDir(), "none", "data") },
	} {
		config := sandbox.Default()
		change(&config)
		_, err := sandbox.New(config)
		assert.ErrorContains(t, err, want)
	}
}

func TestListen(t *testing.T) {
	t.Parallel()
	srv := start(t)
	assert.True(t, srv.listener.Loopback)
	assert.Regexp(t, `^http://127\.0\.0\.1:\d+/api/v1$`, srv.url)
	all, err := sandbox.Listen(":0", srv)
	require.NoError(t, err)
	assert.True(t, all.Loopback, "it is reached by loopback")
	assert.Regexp(t, `^http://127\.0\.0\.1:\d+/api/v1$`, all.URL)
	_, err = post(t, all.URL+"/visit", "", "")
	assert.NoError(t, err)
	require.NoError(t, all.Close())
	_, err = sandbox.Listen(strings.TrimSuffix(strings.TrimPrefix(srv.url, "http://"), sandbox.Prefix), srv)
	assert.ErrorContains(t, err, "listen tcp 127.0.0.1:")
}

// A sandbox that has stopped ends what waits on purpose, and its connections.
func TestStop(t *testing.T) {
	t.Parallel()
	srv := open(t, func(c *sandbox.Config) {
		c.Faults = []fault.Fault{{Op: "ListVisits", Kind: fault.LostAnswer, Wait: time.Hour}}
	})
	failed := make(chan error, 1)
	go func() {
		_, err := post(t, srv.url+"/visit", "", "")
		failed <- err
	}()
	require.Eventually(t, func() bool { return srv.Unmet() == nil }, 30*time.Second, time.Millisecond)
	srv.Stop()
	assert.Error(t, <-failed)
	_, err := post(t, srv.url+"/visit", "", "")
	assert.Error(t, err, "further requests are refused")
	require.NoError(t, srv.close())
	assert.Equal(t, fault.LostAnswer, srv.Requests()[0].Fault)
}

// A code that is to be unique is checked along with all else.
func TestUniqueOutletCodes(t *testing.T) {
	t.Parallel()
	srv := start(t, func(c *sandbox.Config) { c.UniqueOutlets = true })
	request := loggedIn(t, srv)
	assert.Contains(t, request("master/outlet/update", `{"id_outlet":88,"kode_outlet":"BARU"}`), `"status":"success"`)
	assert.Equal(t, `{"message":"The given data was invalid.","errors":{"id_outlet":["The id outlet must be an integer."],"kode_outlet":["The kode outlet has already been taken."]}}`,
		request("master/outlet/update", `{"id_outlet":"x","kode_outlet":"BARU"}`))
	assert.Contains(t, request("master/outlet/update", `{"id_outlet":88,"kode_outlet":"BARU"}`), `"status":"success"`, "its own")
}

// JSON orders are found by code, text and the day, in WIB, on which they came.
func TestFilters(t *testing.T) {
	t.Parallel()
	srv := start(t, empty)
	at := func(day, hour int) time.Time { return time.Date(2026, time.May, day, hour, 0, 0, 0, time.UTC) }
	_, err := srv.JSONOrders().Add(
		seed.JSONOrder{ID: 5, Code: "A-1", Data: `{"kota":"Cirebon"}`, Status: "completed", CreatedAt: at(1, 16)},
		seed.JSONOrder{Code: "a-2", Status: "draft", StatusOrder: "baru", CreatedAt: at(1, 17)}, // May 2 in WIB
		seed.JSONOrder{ID: 2, Code: "B", Status: "completed", CreatedAt: at(3, 16)},
	)
	require.NoError(t, err)
	request := loggedIn(t, srv)
	for filter, want := range map[string][]int64{
		`{}`: {2, 5, 6}, `{"search":"A-"}`: {5, 6}, `{"search":"cirebon"}`: {5}, `{"kode_order":"A-1"}`: {5}, `{"kode_order":"A-"}`: {},
		`{"status":"completed"}`: {2, 5}, `{"status_order":"baru"}`: {6}, `{"start_date":"2026-05-02"}`: {2, 6}, `{"end_date":"2026-05-02"}`: {5, 6},
		`{"start_date":"2026-05-02","end_date":"2026-05-02","status":"completed"}`: {},
	} {
		assert.Equal(t, want, ids(t, request("json/order/get/filter", filter)), filter)
	}
}
