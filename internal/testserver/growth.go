package testserver

import "time"

// Growth returns how many times as much processor time large takes as small: that
// of the best of several runs of each, since other programs and the garbage
// collector disturb some. There are no more runs once the result is well below
// limit. It must not run beside other tests.
func Growth(limit float64, small, large func()) float64 {
	least := [2]time.Duration{time.Hour, time.Hour}
	for n := range 6 {
		for i, f := range []func(){small, large} {
			began := processorTime()
			f()
			least[i] = min(least[i], max(processorTime()-began, 20*time.Microsecond))
		}
		if n > 0 && least[1].Seconds() < limit/2*least[0].Seconds() {
			break
		}
	}
	return least[1].Seconds() / least[0].Seconds()
}
