package mirror

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// lastDay is the last of the sandbox's data.
var lastDay = pmpsmart.NewDate(2026, time.February, 9)

// noon is the clock of the tests, on that day.
func noon() time.Time { return lastDay.Time(pmpsmart.WIB).Add(12 * time.Hour) }

// notebook keeps what was said.
type notebook struct {
	mu       sync.Mutex
	notes    []string
	problems []string
}

func (n *notebook) Note(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.notes = append(n.notes, lang.English.Sprintf(format, args...))
}

func (n *notebook) Problem(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.problems = append(n.problems, lang.English.Sprintf(format, args...))
}

// world is a server and a mirror of it. The server behind the address can become
// another, with other data.
type world struct {
	t       *testing.T
	srv     *pmpsmarttest.Server
	handler atomic.Pointer[http.Handler]
	url     string
	client  *pmpsmart.Client
	name    string // of the database
	columns bool
	notes   *notebook
	events  []mirrordb.Change
	plan    Plan
}

func newWorld(t *testing.T, name string, opts ...pmpsmarttest.Option) *world {
	t.Helper()
	w := &world{t: t, name: name, notes: new(notebook), plan: Plan{Kinds: mirrordb.Kinds(), Lookback: 7}}
	w.become(opts...)
	front := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) { (*w.handler.Load()).ServeHTTP(out, in) }))
	t.Cleanup(front.Close)
	w.url = front.URL + "/api/v1"
	var err error
	w.client, err = pmpsmart.New(append(ClientOptions(), pmpsmart.WithBaseURL(w.url), pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password),
		pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: time.Millisecond, MaxWait: 2 * time.Millisecond}))...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = w.client.Close() })
	return w
}

// become puts another server in the place of the one that there was.
func (w *world) become(opts ...pmpsmarttest.Option) {
	w.t.Helper()
	w.srv = pmpsmarttest.NewServer(append([]pmpsmarttest.Option{pmpsmarttest.WithSeedEnd(lastDay), pmpsmarttest.WithClock(noon)}, opts...)...)
	srv := w.srv
	w.t.Cleanup(func() { _ = srv.Close() })
	w.through(srv)
}

// through sends requests through a handler.
func (w *world) through(h http.Handler) { w.handler.Store(&h) }

func sqliteName(t *testing.T) string { return filepath.Join(t.TempDir(), "pmpsmart.db") }

func (w *world) open() *mirrordb.DB {
	w.t.Helper()
	db, err := mirrordb.Open(w.t.Context(), w.name, mirrordb.Options{Source: mirrordb.Source{Server: "https://pmpsmart.test", Account: "a@pmpsmart.test"}, Columns: w.columns, Now: noon})
	require.NoError(w.t, err)
	return db
}

// run brings the mirror up to date. It forgets what was said and asked before.
func (w *world) run() (*Result, error) { return w.runUntil(w.t.Context(), nil) }

func (w *world) runUntil(ctx context.Context, progress func(int64)) (*Result, error) {
	w.t.Helper()
	db := w.open()
	defer func() { assert.NoError(w.t, db.Close()) }()
	w.notes, w.events = new(notebook), nil
	w.srv.ClearRequests()
	m := &Mirror{Client: w.client, DB: db, Notes: w.notes, Progress: progress, Now: noon, Changes: func(c []mirrordb.Change) error {
		w.events = append(w.events, c...)
		return nil
	}}
	return m.Run(ctx, w.plan)
}

// mustRun is a run that has nothing to complain of.
func (w *world) mustRun() *Result {
	w.t.Helper()
	result, err := w.run()
	require.NoError(w.t, err)
	require.Empty(w.t, w.notes.problems)
	require.True(w.t, result.OK())
	return result
}

// asked are the bodies of the requests for a list.
func (w *world) asked(op string) (bodies []string) {
	for _, r := range w.srv.Requests() {
		if r.Op == op {
			bodies = append(bodies, r.Body)
		}
	}
	return bodies
}

// changed are the changes of the last run, as "orders changed 5".
func (w *world) changed() map[mirrordb.What][]int64 {
	all := map[mirrordb.What][]int64{}
	for _, c := range w.events {
		all[c.What] = append(all[c.What], c.ID)
	}
	return all
}

// requireEqual fails unless the mirror has what the server has, and nothing else that has
// not vanished.
func (w *world) requireEqual() {
	w.t.Helper()
	require.Equal(w.t, w.server(), w.mirror())
}

// server is all that the server has, a text a record.
func (w *world) server() map[string][]string {
	ctx := w.t.Context()
	return map[string][]string{
		"orders":      drain(w.t, w.client.ListOrdersSeq(ctx, pmpsmart.OrderFilter{})),
		"visits":      drain(w.t, w.client.ListVisitsSeq(ctx, pmpsmart.VisitFilter{})),
		"json_orders": drain(w.t, w.client.FilterJSONOrdersSeq(ctx, pmpsmart.JSONOrderFilter{})),
		"outlets":     drain(w.t, w.client.ListOutletsSeq(ctx)),
		"salespeople": drain(w.t, w.client.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{})),
	}
}

// mirror is the same of the mirror.
func (w *world) mirror() map[string][]string {
	ctx := w.t.Context()
	r, err := mirrordb.OpenReader(ctx, w.name)
	require.NoError(w.t, err)
	defer r.Close()
	return map[string][]string{
		"orders":      drain(w.t, r.Orders(ctx, mirrordb.Range{})),
		"visits":      drain(w.t, r.Visits(ctx, mirrordb.Range{})),
		"json_orders": drain(w.t, r.JSONOrders(ctx, mirrordb.Range{})),
		"outlets":     drain(w.t, r.Outlets(ctx)),
		"salespeople": drain(w.t, r.Salespeople(ctx)),
	}
}

// drain returns records as texts, by their id.
func drain[T any](t *testing.T, records iter.Seq2[T, error]) []string {
	t.Helper()
	byID := map[int64]string{}
	for record, err := range records {
		require.NoError(t, err)
		id, text := canonical(t, record)
		byID[id] = text
	}
	return sorted(byID)
}

// canonical returns a record in a form of which there is one.
func canonical(t *testing.T, record any) (int64, string) {
	switch r := record.(type) {
	case pmpsmart.Order:
		r.CreatedAt, r.UpdatedAt = r.CreatedAt.UTC(), r.UpdatedAt.UTC()
		return r.ID, reorder(t, r)
	case pmpsmart.Visit:
		r.CreatedAt, r.UpdatedAt = r.CreatedAt.UTC(), r.UpdatedAt.UTC()
		return r.ID, reorder(t, r)
	case pmpsmart.Outlet:
		r.CreatedAt, r.UpdatedAt = r.CreatedAt.UTC(), r.UpdatedAt.UTC()
		return r.ID, reorder(t, r)
	case pmpsmart.User:
		r.CreatedAt, r.UpdatedAt = r.CreatedAt.UTC(), r.UpdatedAt.UTC()
		return r.ID, reorder(t, r)
	case pmpsmart.JSONOrder:
		r.CreatedAt, r.UpdatedAt = r.CreatedAt.UTC(), r.UpdatedAt.UTC()
		if r.Data != nil {
			r.Data = json.RawMessage(reorder(t, r.Data))
		}
		return r.ID, reorder(t, r)
	}
	t.Fatalf("a %T is no record", record)
	return 0, ""
}

func reorder(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	text := jsontext.Value(b)
	require.NoError(t, text.Format(jsontext.ReorderRawObjects(true)))
	return string(text)
}
