package pmpsmarttest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// The state is the server's database: tables of rows, accounts and their tokens.
// What changes in it goes through write and the token methods alone, which tell
// the journal first.
type state struct {
	now    func() time.Time
	single bool // a login ends the account's former token
	unique bool // a kode_order is inserted once

	uniqueOutlets bool // no two outlets get the same kode_outlet

	lock       sync.RWMutex
	data       seed.Data
	users      *table[seed.User]
	outlets    *table[seed.Outlet]
	orders     *table[seed.Order]
	visits     *table[seed.Visit]
	jsonOrders *table[seed.JSONOrder]
	codes      map[string][]int64 // the ids of JSON orders by their code
	lastItem   int64              // the greatest id of an item
	accounts   []*seed.Account
	tokens     map[string]string // the account's email by the token's digest
	logins     int
	journal    *journal // nil keeps everything in memory alone
}

func newState(data seed.Data) *state {
	st := &state{
		data:       data,
		users:      newTable("users", data.Users, data.User, func(u *seed.User) *int64 { return &u.ID }),
		outlets:    newTable("outlets", data.Outlets, data.Outlet, func(o *seed.Outlet) *int64 { return &o.ID }),
		orders:     newTable("orders", data.Orders, data.Order, func(o *seed.Order) *int64 { return &o.ID }),
		visits:     newTable("visits", data.Visits, data.Visit, func(v *seed.Visit) *int64 { return &v.ID }),
		jsonOrders: newTable("json_orders", 0, nil, func(o *seed.JSONOrder) *int64 { return &o.ID }),
		codes:      map[string][]int64{},
		lastItem:   data.Orders * seed.MaxItems,
		tokens:     map[string]string{},
	}
	st.orders.changed = st.noteItems
	st.jsonOrders.changed = st.indexCode
	return st
}

// stamp is now as a database keeps it, in whole seconds.
func (st *state) stamp() time.Time { return st.now().UTC().Truncate(time.Second) }

// write puts a row into its table, with an id and times where it has none. The
// caller holds the lock.
func write[T any](st *state, t *table[T], row *T, created, updated *time.Time) error {
	switch id := t.id(row); {
	case *id < 0:
		return fmt.Errorf("id %d is below 1", *id)
	case *id == 0:
		if *id = t.next(); *id == 0 {
			return fmt.Errorf("%s: no id is left", t.name)
		}
	}
	if created.IsZero() {
		*created = st.stamp()
	}
	if updated.IsZero() {
		*updated = *created
	}
	if err := st.journal.add(t.name, row); err != nil {
		return err
	}
	t.put(*row)
	return nil
}

func (st *state) writeUser(u *seed.User) error {
	return write(st, st.users, u, &u.CreatedAt, &u.UpdatedAt)
}

func (st *state) writeOutlet(o *seed.Outlet) error {
	return write(st, st.outlets, o, &o.CreatedAt, &o.UpdatedAt)
}

func (st *state) writeVisit(v *seed.Visit) error {
	return write(st, st.visits, v, &v.CreatedAt, &v.UpdatedAt)
}

func (st *state) writeOrder(o *seed.Order) error {
	last := st.lastItem
	for i := range o.Items {
		item := &o.Items[i]
		if item.ID == 0 {
			if last == math.MaxInt64 {
				return errors.New("items: no id is left")
			}
			item.ID = last + 1
		}
		last = max(last, item.ID)
	}
	return write(st, st.orders, o, &o.CreatedAt, &o.UpdatedAt)
}

// noteItems has the ids of items go on after those of an order.
func (st *state) noteItems(_, o *seed.Order) {
	for _, item := range o.Items {
		st.lastItem = max(st.lastItem, item.ID)
	}
}

func (st *state) writeJSONOrder(o *seed.JSONOrder) error {
	return write(st, st.jsonOrders, o, &o.CreatedAt, &o.UpdatedAt)
}

// indexCode notes under which code an order is found, and no longer under that
// of the order whose place it took.
func (st *state) indexCode(former, o *seed.JSONOrder) {
	ids := st.codes[former.Code]
	if i, there := slices.BinarySearch(ids, former.ID); there {
		st.codes[former.Code] = slices.Delete(ids, i, i+1)
	}
	ids = st.codes[o.Code]
	i, _ := slices.BinarySearch(ids, o.ID)
	st.codes[o.Code] = slices.Insert(ids, i, o.ID)
}

// items are an order's: the sample data's until they are given.
func (st *state) items(o *seed.Order) []seed.Item {
	if o.Items == nil && o.ID <= st.data.Orders {
		return st.data.Items(o.ID)
	}
	return o.Items
}

// addAccount lets somebody log in; an account of that email gets the password.
func (st *state) addAccount(name, email, password, role string) {
	st.lock.Lock()
	defer st.lock.Unlock()
	if a := st.account(email); a != nil {
		a.Name, a.Password, a.Role = name, password, role
		return
	}
	now := st.stamp()
	st.accounts = append(st.accounts, &seed.Account{
		ID: int64(len(st.accounts)) + 1, Name: name, Email: email, Password: password, Role: role, CreatedAt: now, UpdatedAt: now,
	})
}

func (st *state) account(email string) *seed.Account {
	for _, a := range st.accounts {
		if a.Email == email {
			return a
		}
	}
	return nil
}

// A tokenChange is a login, a logout (of a token without an account) or the end
// of all tokens. Tokens themselves are kept nowhere.
type tokenChange struct {
	Email  string `json:"email,omitempty"`
	Digest string `json:"digest,omitempty"`
}

// login gives the account a new token, or false where email and password are
// not an account's.
func (st *state) login(email, password string) (a seed.Account, token string, ok bool, err error) {
	st.lock.Lock()
	defer st.lock.Unlock()
	account := st.account(email)
	if account == nil || account.Password != password {
		return a, "", false, nil
	}
	token = newToken()
	if err := st.changeTokens(tokenChange{email, digest(token)}); err != nil {
		return a, "", false, err
	}
	st.logins++
	account.UpdatedAt = st.stamp()
	return *account, token, true, nil
}

// logout ends one token.
func (st *state) logout(token string) error {
	st.lock.Lock()
	defer st.lock.Unlock()
	return st.changeTokens(tokenChange{Digest: digest(token)})
}

// expire ends all tokens.
func (st *state) expire() error {
	st.lock.Lock()
	defer st.lock.Unlock()
	return st.changeTokens(tokenChange{})
}

func (st *state) changeTokens(c tokenChange) error {
	if err := st.journal.add(tokensTable, c); err != nil {
		return err
	}
	st.applyTokens(c)
	return nil
}

func (st *state) applyTokens(c tokenChange) {
	switch {
	case c.Digest == "":
		clear(st.tokens)
	case c.Email == "":
		delete(st.tokens, c.Digest)
	default:
		if st.single {
			maps.DeleteFunc(st.tokens, func(_, email string) bool { return email == c.Email })
		}
		st.tokens[c.Digest] = c.Email
	}
}

// authenticate gives the account of a token.
func (st *state) authenticate(token string) (seed.Account, bool) {
	st.lock.RLock()
	defer st.lock.RUnlock()
	email, ok := st.tokens[digest(token)]
	if account := st.account(email); ok && account != nil {
		return *account, true
	}
	return seed.Account{}, false
}

// newToken is 60 letters and digits, as Laravel's Str::random gives them.
func newToken() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	random := make([]byte, 60)
	rand.Read(random)
	for i, b := range random {
		random[i] = letters[int(b)%len(letters)]
	}
	return string(random)
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
