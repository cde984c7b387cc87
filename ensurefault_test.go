package pmpsmart_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// createFaults are the faults of a create: those of each class, and those that only a
// record can have.
var createFaults = append([]fault{
	{name: "a list of two", answer: success(`[{"id":1},{"id":2}]`), create: 1, unknown: true},
	{name: "an element that is no record", answer: success(`[7]`), create: 1, unknown: true},
	{name: "two answers", answer: respond(200, `{"status":"success"} {"status":"error"}`), create: 1, unknown: true},
	{name: "NaN", answer: success(`{"id":NaN}`), create: 1, unknown: true},
	{name: "a message alone", answer: respond(200, `{"message":"Order berhasil disimpan"}`), create: 1, unknown: true},
	{name: "a message and no data", answer: respond(200, `{"message":"x","data":null}`), create: 1, unknown: true},
	{name: "a message and a list of nothing", answer: respond(200, `{"message":"x","data":[]}`), create: 1, unknown: true},
	{name: "an unknown status", answer: respond(200, `{"status":"Token is Expired"}`), create: 1, unknown: true},
	{name: "a warning", answer: respond(200, `{"status":"warning","message":"x"}`), create: 1, unknown: true},
	{name: "a status of another kind", answer: respond(200, `{"status":-5,"message":"Unauthenticated."}`), create: 1, unknown: true},
	{name: "an object of nothing", answer: respond(200, `{}`), create: 1, unknown: true},
	{name: "a text", answer: respond(200, `"Order sedang diproses"`), create: 1, unknown: true},
	{name: "no, beside a success", answer: respond(200, `{"status":"success","data":false}`), create: 1, unknown: true},
	{name: "nothing inserted, beside a success", answer: respond(200, `{"status":"success","inserted":0}`), create: 1, unknown: true},
	{name: "an error beside a success", answer: respond(200, `{"ok":true,"error":"x"}`), create: 1, unknown: true},
	{name: "a record that failed", answer: respond(200, `{"kode_order":"PMP-3903001","status":"failed"}`), create: 1, unknown: true},
	{name: "no", answer: respond(200, `{"data":false}`), create: 1, unknown: true},
}, faults...)

func TestInsertAfterEachFault(t *testing.T) {
	t.Parallel()
	for _, f := range createFaults[:len(createFaults)-len(faults)] { // TestRetriesByClass has the others
		s := serve(t, f.answer)
		_, err := s.client().InsertJSONOrder(t.Context(), anOrder)
		var open *pmpsmart.OutcomeUnknownError
		require.ErrorAs(t, err, &open, f.name)
		require.Len(t, s.Requests(), 1, f.name)
	}
}

// What says that the order is stored is no fault, and is not looked behind.
func TestEnsureBelievesASuccess(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"a word":      respond(200, `{"status":"sukses","message":"x"}`),
		"a flag":      respond(200, `{"ok":true}`),
		"a record":    respond(200, `{"id":1,"kode_order":"PMP-3903001"}`),
		"a count":     respond(200, `{"data":1}`),
		"yes":         respond(200, `{"data":true}`),
		"201":         respond(201, `{"message":"x"}`),
		"201 of none": respond(201, ""),
		"204":         respond(204, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) { store(); answer(w, r) }
			_, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
			require.NoError(t, err)
			require.True(t, created)
			inserts, lookups := b.Counts()
			require.Equal(t, [2]int{1, 1}, [2]int{inserts, lookups})
		})
	}
}

// An insert that returns an order of another code is looked behind, and never repeated.
func TestEnsureWhereTheInsertReturnsAnotherOrder(t *testing.T) {
	t.Parallel()
	for _, stored := range []bool{true, false} {
		b := newOrderBook(t)
		b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
			if stored {
				store()
			}
			success(`{"id":50,"kode_order":"PMP-1","status":"completed"}`)(w, r)
		}
		order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
		inserts, lookups := b.Counts()
		require.Equal(t, [2]int{1, 2}, [2]int{inserts, lookups})
		if stored {
			require.NoError(t, err)
			require.True(t, created)
			require.Equal(t, anOrder.Code, order.Code)
			continue
		}
		var open *pmpsmart.OutcomeUnknownError
		require.ErrorAs(t, err, &open)
		require.ErrorContains(t, err, `data.kode_order: want "PMP-3903001", got "PMP-1": the insert returned another order`)
	}
}

// Whatever the response to an insert is, and whether the order was stored or not, there
// is one order in the end, or an error that says so.
func TestEnsureAfterEachFault(t *testing.T) {
	t.Parallel()
	for _, f := range createFaults {
		for _, stored := range []bool{true, false} {
			t.Run(fmt.Sprint(f.name, " stored ", stored), func(t *testing.T) {
				t.Parallel()
				inBubbleIfSilent(t, f.name, func(t *testing.T) { ensureAfter(t, f, stored) })
			})
		}
	}
}

// ensureAfter ensures an order whose first two inserts end in the fault.
func ensureAfter(t *testing.T, f fault, stored bool) {
	b := newOrderBook(t)
	b.OnInsert = func(n int, w http.ResponseWriter, r *http.Request, store func()) {
		if n > 2 || stored {
			store()
		}
		if n > 2 {
			success(`{"id":1}`)(w, r)
			return
		}
		f.answer(w, r)
	}
	order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
	inserts, lookups := b.Counts()
	counts := [2]int{inserts, lookups}
	switch retried := f.unknown || f.create > 1; {
	case stored && (retried || f.mayBeTaken()):
		require.NoError(t, err)
		// What a server refused without having stored it, by its own word, is
		// another program's if it is there.
		require.Equal(t, f.unknown, created)
		require.Equal(t, [2]int{1, 2}, counts)
	case retried:
		require.NoError(t, err)
		require.True(t, created, "it is this call's insert that stands")
		require.Equal(t, [2]int{3, 3}, counts, "a look before each insert")
	default:
		var open *pmpsmart.OutcomeUnknownError
		require.NotErrorAs(t, err, &open)
		require.ErrorContains(t, err, "pmpsmart: EnsureJSONOrder: insert: "+f.want)
		require.Equal(t, 1, inserts)
		require.Equal(t, f.mayBeTaken(), lookups == 2)
		return
	}
	require.Equal(t, int64(1), order.ID)
	b.requireOnce(t, anOrder.Code)
}

// mayBeTaken reports whether a refusal may be due to an order of the same code.
func (f fault) mayBeTaken() bool {
	switch f.name {
	case "422", "an address that has moved", "a redirect that keeps a POST", "a failure in a 200":
		return true
	}
	return false
}

// An insert whose token was rejected may have been done all the same: there is a look
// before it is sent again with the token of a login.
func TestEnsureLooksBeforeItInsertsWithAnotherToken(t *testing.T) {
	t.Parallel()
	const created, found, refused = "created", "found", "refused"
	for name, form := range expiredForms {
		for _, want := range []string{created, found, refused} {
			t.Run(name+" "+want, func(t *testing.T) {
				t.Parallel()
				b := newOrderBook(t)
				var logins, inserts atomic.Int32
				b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
					if strings.HasSuffix(r.URL.Path, "auth/login") {
						logins.Add(1)
						success(`{"api_token":"token-of-the-login"}`)(w, r)
						return
					}
					n := inserts.Add(1)
					if want == found || want == created && n > 1 {
						store()
					}
					if n > 1 && want != refused {
						success(`{"id":1}`)(w, r)
						return
					}
					form(w, r)
				}
				c := b.client(pmpsmart.WithToken(expiredToken), pmpsmart.WithCredentials("a@b.id", "rahasia-123"))
				order, isOurs, err := c.EnsureJSONOrder(t.Context(), anOrder)
				require.EqualValues(t, 1, logins.Load())
				if want == refused {
					require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
					require.Empty(t, b.Rows(anOrder.Code))
					require.EqualValues(t, 2, inserts.Load())
					return
				}
				require.NoError(t, err)
				b.requireOnce(t, anOrder.Code)
				require.Equal(t, anOrder.Code, order.Code)
				require.Equal(t, want == created, isOurs)
			})
		}
	}
}
