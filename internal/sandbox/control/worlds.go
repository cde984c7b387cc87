package control

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// worldsPrefix is the path under which the worlds are.
const worldsPrefix = "/_worlds/"

// How many worlds there may be, and after how long without a request one is dropped.
const (
	maxWorlds = 500
	worldIdle = time.Hour
)

// What a world keeps of its requests: less than a sandbox alone, since there may be many.
const (
	worldRequests = 1000
	worldKept     = 1 << 20
)

// A world is a sandbox of its own under a path of its own. The main one has no id.
type world struct {
	id    string
	box   *sandbox.Sandbox
	start sandbox.Config

	used   time.Time // guarded by worlds.mu
	active int       // requests
}

// worlds are those that were made and not dropped.
type worlds struct {
	mu     sync.Mutex
	byID   map[string]*world
	closed bool
}

// worldPath returns the id of a world's path, and what follows.
func worldPath(path string) (id, rest string, found bool) {
	path, found = strings.CutPrefix(path, worldsPrefix)
	if !found {
		return "", "", false
	}
	id, rest, found = strings.Cut(path, "/")
	if !found {
		return path, "", true
	}
	return id, "/" + rest, true
}

// use returns the world of an id, nil if there is none; leave must follow.
func (ws *worlds) use(id string) *world {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w := ws.byID[id]
	if w != nil && w.isIdle(time.Now()) {
		ws.drop(w)
		w = nil
	}
	if w != nil {
		w.active++
		w.used = time.Now()
	}
	return w
}

func (ws *worlds) leave(w *world) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w.active--
	w.used = time.Now()
}

func (w *world) isIdle(now time.Time) bool { return w.active == 0 && now.Sub(w.used) > worldIdle }

// drop forgets a world and ends its waiting; the lock is held.
func (ws *worlds) drop(w *world) {
	delete(ws.byID, w.id)
	w.box.Stop()
}

// add adds a world if there is room, and drops those that nobody uses.
func (ws *worlds) add(w *world) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	now := time.Now()
	for _, old := range ws.byID {
		if old.isIdle(now) {
			ws.drop(old)
		}
	}
	switch {
	case ws.closed:
		return &mistake{http.StatusConflict, "the server ends"}
	case len(ws.byID) >= maxWorlds:
		return &mistake{http.StatusTooManyRequests, fmt.Sprintf("there are %d worlds, which is the most; DELETE those that are done with (one that is not used for %s is dropped)", maxWorlds, worldIdle)}
	}
	w.used = now
	ws.byID[w.id] = w
	return nil
}

// remove forgets a world and returns it, nil if there is none.
func (ws *worlds) remove(id string) *world {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w := ws.byID[id]
	if w != nil {
		ws.drop(w)
	}
	return w
}

// finish takes no more worlds, and no more requests to those that there are.
func (ws *worlds) finish() {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.closed = true
	for _, w := range ws.byID {
		w.box.Finish()
	}
}

// close drops all worlds and takes no more.
func (ws *worlds) close() error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.closed = true
	for _, w := range ws.byID {
		ws.drop(w)
	}
	return nil
}

// unknownWorld answers a request to a world that is not there.
func (s *Server) unknownWorld(w http.ResponseWriter, r *http.Request, id, rest string) {
	if r.Header.Get("Origin") != "" && !strings.HasPrefix(rest, Prefix) {
		w.Header().Set("Access-Control-Allow-Origin", "*") // as a world's API would say
	}
	(&call{s: s, w: w, r: r}).fail(http.StatusNotFound, noWorld(id))
}

func noWorld(id string) string {
	return fmt.Sprintf("no world %q: it was never made, was deleted, or was not used for %s", shown(id), worldIdle)
}

// A worldJSON says what a world is at first. What it leaves out is as the server is.
type worldJSON struct {
	Seed              *int64      `json:"seed"`
	Empty             bool        `json:"empty"`
	Style             *string     `json:"style"`
	Email             string      `json:"email"`
	Password          string      `json:"password"`
	Now               *string     `json:"now"`
	ManyTokens        *bool       `json:"many_tokens"`
	Unique            *bool       `json:"unique"`
	UniqueOutletCodes *bool       `json:"unique_outlet_codes"`
	UniqueOutlets     *bool       `json:"unique_outlets"` // the same, as the flag has it
	PerPage           *int64      `json:"per_page"`
	RateLimit         *int64      `json:"rate_limit"`
	MaxBody           *int64      `json:"max_body"`
	DelayMS           float64     `json:"delay_ms"`
	Faults            []faultJSON `json:"faults"`

	SeedEnd      *string            `json:"seed_end"`
	StyleFor     map[string]string  `json:"style_for"` // by op
	RandomFaults map[string]float64 `json:"random_faults"`
	RandomSeed   *uint64            `json:"random_seed"`
}

func (c *call) addWorld() (any, error) {
	var in worldJSON
	if err := c.readIfAny(&in, `{"seed":5,"style":"loose"}`); err != nil {
		return nil, err
	}
	w := &world{id: strings.ToLower(rand.Text()), start: c.s.config.Start}
	if err := in.apply(&w.start); err != nil {
		return nil, err
	}
	var err error
	if w.box, err = sandbox.New(w.start); err != nil {
		return nil, faultMistake(err)
	}
	if err := c.s.worlds.add(w); err != nil {
		w.box.Stop()
		return nil, err
	}
	base := c.origin() + worldsPrefix + w.id
	return created{struct {
		ID         string `json:"id"`
		BaseURL    string `json:"base_url"`
		ControlURL string `json:"control_url"`
		Email      string `json:"email"`
		Password   string `json:"password"`
	}{w.id, base + sandbox.Prefix, base + Prefix, w.start.Email, w.start.Password}}, nil
}

// listWorlds returns the worlds that there are, the latest used first.
func (c *call) listWorlds() (any, error) {
	type worldJSON struct {
		ID         string `json:"id"`
		BaseURL    string `json:"base_url"`
		ControlURL string `json:"control_url"`
		Used       string `json:"used"` // when it had its latest request
	}
	all := []worldJSON{}
	for _, w := range c.s.worlds.byUse() {
		base := c.origin() + worldsPrefix + w.id
		all = append(all, worldJSON{w.id, base + sandbox.Prefix, base + Prefix, w.used.UTC().Format(time.RFC3339Nano)})
	}
	return map[string]any{"worlds": all}, nil
}

// byUse returns copies of the worlds, the latest used first.
func (ws *worlds) byUse() (all []world) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, w := range ws.byID {
		all = append(all, *w)
	}
	slices.SortFunc(all, func(a, b world) int { return b.used.Compare(a.used) })
	return all
}

// apply makes the changes to a start.
func (in *worldJSON) apply(start *sandbox.Config) (err error) {
	start.DataFile = ""
	start.MaxRequests, start.MaxKept = worldRequests, worldKept
	limit := int64(start.PerMinute)
	for _, change := range []func() error{
		func() error { return in.applyAccount(start) },
		func() error { return in.applyData(start) },
		func() error { return in.applyStyles(start) },
		func() error { return in.applyRandomFaults(start) },
		func() error { return applyNumber("per_page", in.PerPage, 1_000_000, &start.PerPage) },
		func() error { return applyNumber("max_body", in.MaxBody, 64<<20, &start.MaxBody) },
		func() error { return applyNumber("rate_limit", in.RateLimit, 1_000_000_000, &limit) },
	} {
		if err := change(); err != nil {
			return err
		}
	}
	start.PerMinute = int(limit)
	set(&start.ManyTokens, in.ManyTokens)
	set(&start.UniqueCodes, in.Unique)
	set(&start.UniqueOutlets, in.UniqueOutletCodes)
	set(&start.UniqueOutlets, in.UniqueOutlets)
	if in.DelayMS != 0 {
		if start.Delay, err = milliseconds("delay_ms", in.DelayMS); err != nil {
			return err
		}
	}
	start.Faults, err = toFaults(in.Faults)
	return err
}

func (in *worldJSON) applyAccount(start *sandbox.Config) error {
	if in.Email == "" && in.Password == "" {
		return nil
	}
	start.Email, start.Password = cmp.Or(in.Email, start.Email), cmp.Or(in.Password, start.Password)
	return checkAccount(start.Email, start.Password)
}

// applyData sets the sample data and the clock that it ends by.
func (in *worldJSON) applyData(start *sandbox.Config) error {
	switch {
	case in.Empty && in.Seed != nil:
		return badRequest("empty and seed exclude each other")
	case in.Empty:
		start.Data = seed.Data{}
	}
	if in.Now != nil {
		now, err := parseNow(*in.Now)
		if err != nil {
			return err
		}
		start.Now = func() time.Time { return now }
	}
	if err := applySeed(start, in.Seed); err != nil || in.SeedEnd == nil {
		return err
	}
	day, err := time.Parse(time.DateOnly, *in.SeedEnd)
	if err != nil || day.Year() < 1970 || day.Year() > 9000 {
		return badRequest("seed_end: %q; want a day such as 2026-02-09, in the years from 1970 to 9000", shown(*in.SeedEnd))
	}
	start.Data, start.EndToday = start.Data.EndingOn(day), false
	return nil
}

// applyStyles sets the styles of all endpoints, and on top of them those of one each.
func (in *worldJSON) applyStyles(start *sandbox.Config) error {
	if err := applyStyle(start, in.Style); err != nil {
		return err
	}
	start.StylesFor = slices.Clone(start.StylesFor) // the server's
	for _, op := range slices.Sorted(maps.Keys(in.StyleFor)) {
		if err := sandbox.Ops().Check(op); err != nil {
			return badRequest("style_for: %v", err)
		}
		start.StylesFor = append(start.StylesFor, sandbox.StylesFor{Op: op, Styles: sandbox.SplitStyles(in.StyleFor[op])})
	}
	return nil
}

// applyRandomFaults sets what goes wrong at random.
func (in *worldJSON) applyRandomFaults(start *sandbox.Config) error {
	if in.RandomSeed != nil {
		start.RandomSeed = *in.RandomSeed
	}
	if in.RandomFaults == nil {
		return nil
	}
	start.Chances = map[fault.Kind]float64{}
	for name, chance := range in.RandomFaults {
		start.Chances[fault.ParseKind(name)] += chance
	}
	if err := fault.CheckChances("random_faults", start.Chances); err != nil {
		return badRequest("%v", err)
	}
	return nil
}

func set(to, from *bool) {
	if from != nil {
		*to = *from
	}
}

func applyNumber(name string, n *int64, most int64, to *int64) error {
	if n == nil {
		return nil
	}
	if *n < 1 || *n > most {
		return badRequest("%s: %d; want 1 to %d", name, *n, most)
	}
	*to = *n
	return nil
}

func (c *call) dropWorld() (any, error) {
	w := c.s.worlds.remove(c.id)
	if w == nil {
		return nil, &mistake{http.StatusNotFound, noWorld(c.id)}
	}
	return unmet(w.box.Unmet()), nil
}
