package programs

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/pmpsmart/pmpsmart-go"
)

// Bench measures EnsureJSONOrder with a locker, or none, on a server that has no orders
// and does no work.
func Bench(b *testing.B, locker pmpsmart.Locker) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "filter") {
			_, _ = io.WriteString(w, `{"status":"success","message":"ok","data":[]}`)
			return
		}
		_, _ = io.WriteString(w, `{"status":"success","message":"ok","data":{"id":1}}`)
	}))
	defer srv.Close()
	c, err := pmpsmart.New(pmpsmart.WithBaseURL(srv.URL), pmpsmart.WithToken("token"), pmpsmart.WithLocker(locker))
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	n := 0
	for b.Loop() {
		n++
		in := pmpsmart.JSONOrderInput{Code: "PMP-" + strconv.Itoa(n), Data: n, Status: pmpsmart.JSONOrderCompleted}
		if _, created, err := c.EnsureJSONOrder(b.Context(), in); err != nil || !created {
			b.Fatal(created, err)
		}
	}
}
