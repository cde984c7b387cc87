package testserver

import "time"

// Growth returns how many times as much processor time large takes as small: that
// of the best of several runs of each, since other programs and the garbage
// collector disturb some. It must not run beside other tests.
func Growth(small, large func()) float64 {
	least := [2]time.Duration{time.Hour, time.Hour}
	for n := range 6 {
		for i, f := range []func(){small, large} {
			began := processorTime()
			f()
			least[i] = min(least[i], max(processorTime()-began, 20*time.Microsecond))
		}
		if n > 0 && least[1] < 8*least[0] {
			break
		}
	}
	return least[1].Seconds() / least[0].Seconds()
}
