package patience

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// A patientTransport sends requests again while its Keeper is patient.
type patientTransport struct {
	*Keeper
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper. It returns the last answer or error as it came.
func (p *patientTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	a, ok := ctx.Value(attemptKey{}).(*attempt)
	if !ok {
		a = new(attempt)
	}
	var began time.Time // of the failures
	for n := 1; ; n++ {
		request, err := again(r, n)
		if err != nil {
			return nil, err
		}
		resp, err := p.send(request)
		if ctx.Err() != nil {
			return resp, err
		}
		v := judge(resp, err)
		if began.IsZero() {
			began = time.Now()
		}
		deadline := began.Add(p.patienceWith(v))
		wait, repeat := p.heed(a, v, n)
		if !repeat || time.Until(deadline) <= wait {
			return p.last(resp, v, a), err
		}
		resp = keep(resp)
		if retry.Sleep(ctx, wait) != nil {
			return resp, err
		}
		a.ticket = p.enter(ctx, deadline)
		switch {
		case ctx.Err() != nil:
			return resp, err
		case time.Until(deadline) <= 0:
			return p.last(resp, v, a), err
		}
	}
}

// patienceWith returns how long a request may go on failing as the verdict says. One page
// that the server can't make is no reason to wait for as long as for the server.
func (p *patientTransport) patienceWith(v verdict) time.Duration {
	const share = 6
	if v.kind == alone {
		return p.patience / share
	}
	return p.patience
}

// heed tells the gate of the verdict on the n-th request of an attempt. It returns whether
// the request is to be sent again: after a wait of its own, and once the gate lets it.
func (p *patientTransport) heed(a *attempt, v verdict, n int) (wait time.Duration, repeat bool) {
	mayRepeat := v.mayRepeat(a.class) && p.patience > 0
	switch {
	case v.kind == fine:
		p.good(&a.ticket)
		return 0, false
	case v.kind == refused, !p.askedOnly && v.kind == hiccup && (a.ticket.probe || p.isDown(a, n)):
		again := p.bad(&a.ticket, v.why, v.asked)
		return 0, again && mayRepeat
	case p.askedOnly:
		mayRepeat = false
	}
	p.leave(&a.ticket, v.why.Status != 0)
	return pause(n), mayRepeat
}

// isDown reports whether the n-th failure of a request, a lost connection or a gateway's,
// is that of the server: it is the third, and nobody had a good answer in between.
func (p *patientTransport) isDown(a *attempt, n int) bool {
	goods := p.goodAnswers()
	if n == 1 {
		a.goods = goods
	}
	return n > 2 && goods == a.goods
}

// pause returns the wait after the n-th failure of a request alone.
func pause(n int) time.Duration {
	const first, most = 100 * time.Millisecond, 30 * time.Second
	wait := most
	if n < 10 {
		wait = min(first<<(n-1), most)
	}
	return wait + rand.N(first)
}

// again returns the request to be sent for the n-th time.
func again(r *http.Request, n int) (*http.Request, error) {
	if n == 1 {
		return r, nil
	}
	clone := r.Clone(r.Context())
	if r.Body == nil || r.Body == http.NoBody {
		return clone, nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	clone.Body = body
	return clone, nil
}

// keep reads a response that is not the last, so that its connection is used again, and
// returns it as one that can still be read.
func keep(resp *http.Response) *http.Response {
	if resp == nil {
		return nil
	}
	const most = 64 << 10
	body, _ := io.ReadAll(io.LimitReader(resp.Body, most))
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp
}

// last returns the response to a request that is not sent again here. A client that reads
// in it to come back after a wait for which the Keeper had no patience would wait after
// all; one that reads of a longer wait than it knows gives up.
func (p *patientTransport) last(resp *http.Response, v verdict, a *attempt) *http.Response {
	if resp != nil && v.why.Asked && v.asked <= p.patience && v.mayRepeat(a.class) {
		resp.Header.Del("Retry-After")
	}
	return resp
}
