package laravel

import (
	"regexp"
	"sync"
)

// output keeps the end of PHP's standard error and finds the address in it.
type output struct {
	address chan string // gets the root URL once

	mu    sync.Mutex
	tail  []byte
	found bool
}

const keep = 64 << 10

var started = regexp.MustCompile(`Development Server \((http://127\.0\.0\.1:\d+)\) started`)

func newOutput() *output { return &output{address: make(chan string, 1)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tail = append(o.tail, p...)
	if len(o.tail) > keep {
		o.tail = append([]byte(nil), o.tail[len(o.tail)-keep:]...)
	}
	if match := started.FindSubmatch(o.tail); match != nil && !o.found {
		o.found = true
		o.address <- string(match[1])
	}
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.tail)
}
