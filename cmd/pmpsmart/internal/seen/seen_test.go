package seen

import (
	"math"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSet(t *testing.T) {
	t.Parallel()
	s := NewSet()
	for _, id := range []int64{1, 2, 15, 16, 17, math.MaxInt64} {
		assert.Equal(t, New, s.Add(id, []byte("a")), id)
	}
	assert.Equal(t, Repeat, s.Add(16, []byte("a")))
	assert.Equal(t, Another, s.Add(16, []byte("b")))
	assert.Equal(t, Repeat, s.Add(16, []byte("a")), "the first is the one that counts")
	assert.Equal(t, New, s.Add(0, []byte("a")), "without an id")
	assert.Equal(t, New, s.Add(0, []byte("b")))
	assert.Equal(t, Repeat, s.Add(0, []byte("a")))
}

func TestSetOfAMillion(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := NewSet()
	for id := range int64(1_000_000) {
		if s.Add(id+1, strconv.AppendInt(nil, id, 10)) != New {
			t.Fatal(id)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	assert.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(10<<20))
	runtime.KeepAlive(s)
}
