package loose

import "bytes"

// A NameIndex finds what names stand for, whatever case and separators they are
// written with: KODE_ORDER, kodeOrder and kode-order are one. It is made once and
// never changes.
type NameIndex struct {
	slots []slot // a hash table with linear probing, of a length that is a power of 2
}

type slot struct {
	name string // in its normal form, "" where the slot is free
	at   int
}

// NewNameIndex makes an index of names. Of two names that are one the first counts.
func NewNameIndex(names ...string) *NameIndex {
	size := 16
	for size < 3*len(names) { // small enough to stay in the cache
		size *= 2
	}
	x := &NameIndex{make([]slot, size)}
	for at, name := range names {
		h, n := hash([]byte(name))
		i, found := x.find(h, []byte(name))
		if found || n == 0 {
			continue
		}
		x.slots[i] = slot{NormalName(name), at}
	}
	return x
}

// NormalName returns a name as an index compares it: in lower case and without
// separators.
func NormalName(name string) string {
	text := make([]byte, 0, len(name))
	for _, c := range []byte(name) {
		if c = normal[c]; c != 0 {
			text = append(text, c)
		}
	}
	return string(text)
}

// Find returns the place that a member's name, still in quotes, had among the names
// of the index, or -1.
func (x *NameIndex) Find(quoted []byte) int {
	name := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		name = []byte(Unquote(quoted))
	}
	h, n := hash(name)
	if n == 0 {
		return -1
	}
	if i, found := x.find(h, name); found {
		return x.slots[i].at
	}
	return -1
}

// find returns the slot of a name, or the free one where it would be.
func (x *NameIndex) find(h uint32, name []byte) (i int, found bool) {
	mask := len(x.slots) - 1
	for i = int(h) & mask; x.slots[i].name != ""; i = (i + 1) & mask {
		if isNormal(name, x.slots[i].name) {
			return i, true
		}
	}
	return i, false
}

// normal has what each byte of a name becomes in the normal form, 0 for a
// separator.
var normal = func() (t [256]byte) {
	for c := range t {
		t[c] = byte(c)
	}
	for c := 'A'; c <= 'Z'; c++ {
		t[c] = byte(c + 'a' - 'A')
	}
	t['_'], t['-'], t[' '] = 0, 0, 0
	return t
}()

// hash returns the hash of a name's normal form, and its length. It is FNV-1a.
func hash(name []byte) (h uint32, n int) {
	h = 2166136261
	for _, c := range name {
		if c = normal[c]; c != 0 {
			h = (h ^ uint32(c)) * 16777619
			n++
		}
	}
	return h ^ h>>15, n
}

// isNormal reports whether want is the normal form of name.
func isNormal(name []byte, want string) bool {
	n := 0
	for _, c := range name {
		if c = normal[c]; c == 0 {
			continue
		}
		if n == len(want) || want[n] != c {
			return false
		}
		n++
	}
	return n == len(want)
}
