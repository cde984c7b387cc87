package transport

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// A keepAlive is how long the server says that it keeps an idle connection, which
// net/http does not heed. A request on a connection that the server is closing is
// lost, and of an insert it is not known whether it was done.
type keepAlive struct{ most atomic.Int64 } // how long a connection may have been idle, and 1 ns more; 0 for any time

// note takes over what a response says.
func (k *keepAlive) note(raw *http.Response) {
	if raw.ProtoMajor != 1 { // HTTP/2 has no such header, and shares connections
		k.most.Store(0)
		return
	}
	for _, value := range raw.Header["Keep-Alive"] {
		for part := range strings.SplitSeq(value, ",") {
			name, text, _ := strings.Cut(part, "=")
			if !strings.EqualFold(strings.TrimSpace(name), "timeout") {
				continue
			}
			if seconds, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31); err == nil {
				k.most.Store(int64(idleLimit(time.Duration(seconds)*time.Second)) + 1)
			}
		}
	}
}

// idleLimit returns how long a connection may have been idle to be used again,
// where the server closes it after timeout: less, since the request takes its time
// on the way.
func idleLimit(timeout time.Duration) time.Duration {
	return max(min(timeout*4/5, timeout-500*time.Millisecond), 0)
}

// isOver reports whether the server may be closing a connection that was idle for
// that long.
func (k *keepAlive) isOver(idle time.Duration) bool {
	most := k.most.Load()
	return most != 0 && int64(idle) >= most
}
