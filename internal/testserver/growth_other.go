//go:build !unix

package testserver

import "time"

var started = time.Now()

func processorTime() time.Duration { return time.Since(started) }
