package export

import (
	"bytes"
	"hash/fnv"
	"math"
	"strconv"
)

// A recordKey is that by which a record is known again in another run too: its id, or a
// negative hash of it where the server sent none.
type recordKey int64

// keyOf returns the key of a record's line.
func keyOf(line []byte) recordKey {
	if id := idOf(line); id > 0 {
		return recordKey(id)
	}
	hash := fnv.New64a()
	_, _ = hash.Write(line) // never fails
	return math.MinInt64 | recordKey(hash.Sum64()>>1)
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
