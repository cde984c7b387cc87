package export

import (
	"bytes"
	"hash/fnv"
	"strconv"
)

// A recordKey is that by which a record is known again: its id, or a hash of it where the
// server sent none; and a sum of all of it, by which a repeat that differs is told from
// one that does not.
type recordKey struct {
	key uint64
	sum uint32
}

const noID = 1 << 63 // of the key of a record without an id

// keyOf returns the key of a record's line.
func keyOf(line []byte) recordKey {
	hash := fnv.New64a()
	_, _ = hash.Write(line) // never fails
	h := hash.Sum64()
	k := recordKey{key: h | noID, sum: uint32(h) ^ uint32(h>>32)}
	if id := idOf(line); id > 0 {
		k.key = uint64(id)
	}
	return k
}

// idOf returns the id of a record's line, which starts with it; 0 where there is none.
func idOf(line []byte) int64 {
	rest, ok := bytes.CutPrefix(line, []byte(`{"id":`))
	if !ok {
		return 0
	}
	end := bytes.IndexAny(rest, ",}")
	if end < 0 {
		return 0
	}
	id, err := strconv.ParseInt(string(rest[:end]), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// A keySet has the keys of many records. Ids that follow each other, as a database gives
// them, take some nine bytes each.
type keySet map[uint64]*keyBlock

const blockSize = 8

type keyBlock struct {
	there uint8
	sums  [blockSize]uint32
}

// add puts a key into the set. It reports whether it was there before, and if so whether
// with another sum.
func (s keySet) add(k recordKey) (repeats, differs bool) {
	block := s[k.key/blockSize]
	if block == nil {
		block = new(keyBlock)
		s[k.key/blockSize] = block
	}
	at := k.key % blockSize
	if block.there&(1<<at) != 0 {
		return true, block.sums[at] != k.sum
	}
	block.there |= 1 << at
	block.sums[at] = k.sum
	return false, false
}
