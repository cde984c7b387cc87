package envelope

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
)

// An order is the record that these tests read: a field of every kind, known
// words among them, as the client's own models have.
type order struct {
	ID, UserID, OutletID int64
	Code, Status         string
	Day                  day
	CreatedAt, UpdatedAt time.Time
	Extra                string
}

type day struct {
	year  int
	month time.Month
	day   int
}

var orders = NewModel(
	func(o *order, object string, _ *time.Location) { o.Extra = object },
	func(o *order) string { return o.Extra },
	Int("id", func(o *order) *int64 { return &o.ID }),
	String("kode_order", func(o *order) *string { return &o.Code }),
	String("status", func(o *order) *string { return &o.Status }, "open", "pending", "complete", "cancel"),
	Day("date_order", func(o *order, year int, month time.Month, d int) { o.Day = day{year, month, d} },
		func(o *order, b []byte) []byte {
			if o.Day == (day{}) {
				return append(b, "null"...)
			}
			return fmt.Appendf(b, `"%04d-%02d-%02d"`, o.Day.year, o.Day.month, o.Day.day)
		}),
	Int("user_id", func(o *order) *int64 { return &o.UserID }),
	Int("outlet_id", func(o *order) *int64 { return &o.OutletID }),
	Time("created_at", func(o *order) *time.Time { return &o.CreatedAt }),
	Time("updated_at", func(o *order) *time.Time { return &o.UpdatedAt }),
)

var wib = time.FixedZone("WIB", 7*3600)

// asJSON are the options of a client's usual call.
var asJSON = Options{ContentType: "application/json", Location: wib, MaxBytes: 1 << 20}

// A row says where it stands and what it is, so that a failure is one click
// away.
type row struct{ name, at string }

func named(name string) row {
	_, file, line, _ := runtime.Caller(1)
	return row{name, fmt.Sprintf("%s:%d", filepath.Base(file), line)}
}

// run runs the row's test beside the others.
func (r row) run(t *testing.T, test func(t *testing.T)) {
	t.Run(r.name, func(t *testing.T) {
		t.Parallel()
		t.Log("row at " + r.at)
		test(t)
	})
}

// A result is all that the reading of a list comes to.
type result struct {
	Records []order
	Answer  Answer
	Err     string
}

func readList(body io.Reader, o Options) result {
	g := orders.Gather()
	defer g.Free()
	a, err := g.Read(body, o)
	return result{g.Join(), said(a), textOf(err)}
}

// said is the answer without the start of its body.
func said(a *Answer) Answer {
	answer := *a
	answer.Head, answer.First = nil, nil // these have tests of their own
	answer.Success, answer.Unclear, answer.Payload, answer.Record, answer.Path, answer.Single = false, false, NoPayload, false, "", false
	return answer
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A way is how the bytes of a list come, and how its records are taken. The same must
// come of each.
type way struct {
	name string
	read func(body string, o Options) result
}

var ways = []way{
	{"a byte a read", in(iotest.OneByteReader)},
	{"halves", in(iotest.HalfReader)},
	{"the end with the data", in(iotest.DataErrReader)},
	{"chunks", in(inChunks)},
	{"each record bounded", perRecord(in(nil))},
	{"each record bounded, a byte a read", perRecord(in(iotest.OneByteReader))},
	{"one at a time, into the same record", perRecord(oneAtATime)},
}

// in reads a list whose bytes come through split.
func in(split func(io.Reader) io.Reader) func(string, Options) result {
	return func(body string, o Options) result {
		if split == nil {
			return readList(strings.NewReader(body), o)
		}
		return readList(split(strings.NewReader(body)), o)
	}
}

func perRecord(read func(string, Options) result) func(string, Options) result {
	return func(body string, o Options) result {
		o.PerRecord = true
		return read(body, o)
	}
}

func oneAtATime(body string, o Options) result {
	var record order
	got := result{Records: []order{}}
	a, err := List(strings.NewReader(body), orders, o, func() *order { record = order{}; return &record }, func() bool {
		got.Records = append(got.Records, record)
		return true
	})
	got.Answer, got.Err = said(a), textOf(err)
	return got
}

// readEveryWay reads a list in one piece, and in every other way.
func readEveryWay(t testing.TB, body string, o Options) result {
	t.Helper()
	return readWays(t, body, o, ways...)
}

// readTwoWays reads a list in one piece, and in one other way that number chooses: a
// fuzz target tries them all, and is not slowed down by each.
func readTwoWays(t testing.TB, body string, o Options, number uint64) result {
	t.Helper()
	return readWays(t, body, o, ways[number%uint64(len(ways))])
}

func readWays(t testing.TB, body string, o Options, ways ...way) result {
	t.Helper()
	whole := readList(strings.NewReader(body), o)
	for _, way := range ways {
		assert.Equal(t, whole, way.read(body, o), way.name)
	}
	return whole
}

// splits are readers of the same bytes in other pieces.
func splits(body string) map[string]io.Reader {
	return map[string]io.Reader{
		"a byte a read":         iotest.OneByteReader(strings.NewReader(body)),
		"halves":                iotest.HalfReader(strings.NewReader(body)),
		"the end with the data": iotest.DataErrReader(strings.NewReader(body)),
		"chunks":                inChunks(strings.NewReader(body)),
	}
}

func inChunks(r io.Reader) io.Reader { return &chunks{r, rand.New(rand.NewPCG(1, 1))} }

// chunks reads up to 64 bytes at a time, sometimes none.
type chunks struct {
	r      io.Reader
	random *rand.Rand
}

func (c *chunks) Read(p []byte) (int, error) {
	return c.r.Read(p[:min(len(p), c.random.IntN(64))])
}
