package mirror

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

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

// world is a server and a mirror of it.
type world struct {
	t      *testing.T
	srv    *pmpsmarttest.Server
	client *pmpsmart.Client
	name   string // of the database
	drifts *Drifts
	notes  *notebook
	events []mirrordb.Change
	plan   Plan
}

func newWorld(t *testing.T, name string, opts ...pmpsmarttest.Option) *world {
	t.Helper()
	opts = append([]pmpsmarttest.Option{pmpsmarttest.WithSeedEnd(lastDay)}, opts...)
	w := &world{
		t: t, srv: pmpsmarttest.NewServer(opts...), name: name, drifts: new(Drifts), notes: new(notebook),
		plan: Plan{Kinds: mirrordb.Kinds(), Lookback: 7},
	}
	t.Cleanup(func() { w.srv.Close() })
	w.client = w.srv.Client(pmpsmart.WithDriftHandler(w.drifts.Handle))
	return w
}

func sqliteName(t *testing.T) string { return filepath.Join(t.TempDir(), "pmpsmart.db") }

func (w *world) source() mirrordb.Source { return mirrordb.Source{Server: "the sandbox"} }

func (w *world) open() *mirrordb.DB {
	w.t.Helper()
	db, err := mirrordb.Open(w.t.Context(), w.name, mirrordb.Options{Source: w.source(), Now: noon})
	require.NoError(w.t, err)
	return db
}

// run brings the mirror up to date. It forgets what was said and asked before.
func (w *world) run() (*Result, error) {
	w.t.Helper()
	db := w.open()
	defer func() { assert.NoError(w.t, db.Close()) }()
	w.notes, w.events = new(notebook), nil
	w.srv.ClearRequests()
	m := &Mirror{Client: w.client, DB: db, Notes: w.notes, Drifts: w.drifts, Now: noon, Changes: func(c []mirrordb.Change) error {
		w.events = append(w.events, c...)
		return nil
	}}
	return m.Run(w.t.Context(), w.plan)
}

func (w *world) mustRun() *Result {
	w.t.Helper()
	result, err := w.run()
	require.NoError(w.t, err)
	require.Empty(w.t, w.notes.problems)
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

func TestFirstRun(t *testing.T) {
	w := newWorld(t, sqliteName(t))
	result := w.mustRun()
	for k, c := range result.Kinds {
		t.Logf("%s %+v", k, *c)
	}
	_ = strings.Join
	_ = context.Background
	result = w.mustRun()
	for k, c := range result.Kinds {
		t.Logf("%s %+v", k, *c)
	}
	t.Log(w.asked("ListOrders"))
	t.Log(w.notes, len(w.events))
}
