package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A swarm is the processes and the clients that post to them.
type swarm struct {
	t     *testing.T
	trial trial
	env   []string
	args  []string

	mu        sync.Mutex
	processes []*process

	posts, gaveUp, failed atomic.Int64
}

func newSwarm(t *testing.T, c trial, env, args []string) *swarm {
	s := &swarm{t: t, trial: c, env: env, args: args, processes: make([]*process, c.processes)}
	var starting sync.WaitGroup
	for i := range s.processes { // at once: all of them make the tables
		starting.Go(func() { s.processes[i] = startProcess(t, env, args...) })
	}
	starting.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return s
}

func (s *swarm) all() []*process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*process(nil), s.processes...)
}

// killOne kills a process and starts another in its place.
func (s *swarm) killOne(i int) {
	s.t.Helper()
	i %= len(s.processes)
	s.all()[i].kill()
	next := startProcess(s.t, s.env, s.args...)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.processes[i] = next
}

// post posts every order, and is done when each has been accepted.
func (s *swarm) post() <-chan struct{} {
	done := make(chan struct{})
	next := make(chan int)
	var clients sync.WaitGroup
	for client := range s.trial.clients {
		random := rand.New(rand.NewPCG(11, uint64(client)))
		clients.Go(func() {
			for n := range next {
				s.postOne(random, n)
				if random.IntN(5) == 0 { // twice
					s.postOne(random, n)
				}
			}
		})
	}
	go func() {
		defer close(done)
		for n := range s.trial.orders {
			next <- n
		}
		close(next)
		clients.Wait()
	}()
	return done
}

// postOne posts an order until it is accepted, by whatever process. Some clients give
// up after a few milliseconds, and ask again.
func (s *swarm) postOne(random *rand.Rand, n int) {
	code := codeOf(n)
	body := fmt.Sprintf(`{"code":%q,"status":"completed","data":%s}`, code, dataOf(code))
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline) && s.t.Context().Err() == nil; {
		patience := 20 * time.Second
		if random.IntN(6) == 0 {
			patience = time.Duration(1+random.IntN(20)) * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(s.t.Context(), patience)
		all := s.all()
		got, err := call(ctx, http.MethodPost, all[random.IntN(len(all))].url+"/orders", body)
		cancel()
		s.posts.Add(1)
		switch {
		case err != nil:
			s.gaveUp.Add(1)
		case got.status == http.StatusServiceUnavailable:
			s.failed.Add(1)
		case got.status == http.StatusAccepted || got.status == http.StatusOK:
			if got.order.Code != code || !strings.HasPrefix(got.location, "/orders/ORD%2F") {
				s.t.Errorf("%s was answered %s at %s", code, got.body, got.location)
			}
			return
		default:
			s.t.Errorf("%s: %d %s", code, got.status, got.body)
			return
		}
	}
}
