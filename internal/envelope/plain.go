package envelope

import (
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/scan"
)

// Most elements of a list are plain: whole in the buffer, and JSON that package scan
// reads. They are scanned where they are, and the decoder is passed by. Whatever is not
// plain is the decoder's: what is cut by the buffer's end, near a bound, or no JSON at
// all. It then reads that one element from its start, so that nobody else judges it.

// A scanner reads records that stand plain in the buffer.
type scanner interface {
	// scan reads the object at the start of b, which has a zero byte at its end, and
	// returns its length. An object that it can't read is not touched again before a
	// decoder read it whole; the result is then below 0, the complement of where it
	// stopped.
	scan(b []byte) (end int)
	// scanned takes the record that was scanned last.
	scanned(object []byte, at location) error
}

// maxMisses is how often in a row the scanner is tried in vain before it is let be for
// the rest of the answer.
const maxMisses = 4

// scanElements scans the elements of an array as far as they are plain objects.
func (l *locator) scanElements(g *group) error {
	if l.scanner == nil || l.misses == maxMisses || !l.takeOver() {
		return nil
	}
	err := l.scanPlain(g)
	if bad := l.handBack(); err == nil {
		err = l.problem(bad)
	}
	return err
}

func (l *locator) scanPlain(g *group) error {
	body := &l.src.body
	cut := 0 // how much there was of an element that is not whole
	for {
		b := body.unread()
		if int64(len(b)) > l.src.limit-l.src.taken {
			return nil // the decoder counts the bytes up to the bound
		}
		start, end := l.nextPlain(b)
		if end > 0 {
			l.passBy(end)
			if err := l.scanner.scanned(b[start:end], g.at); err != nil {
				return err
			}
			g.at.index += g.step
			l.misses, cut = 0, 0
			continue
		}
		if at := ^end; at < len(b)-1 {
			if b[at] != ']' {
				l.misses++
			}
			return nil
		}
		// The element is read anew if there is twice as much of it: over a slow line the
		// decoder, which goes on where it stopped, is better.
		if have := len(b) - 1; have < 2*cut || !body.fill() {
			return nil
		} else {
			cut = have
		}
	}
}

// nextPlain scans the next element, which an object starts at start.
func (l *locator) nextPlain(b []byte) (start, end int) {
	i := scan.Space(b, 0)
	if l.hasElements {
		if b[i] != ',' {
			return 0, ^i
		}
		i = scan.Space(b, i+1)
	}
	if b[i] != '{' {
		return 0, ^i
	}
	if end = l.scanner.scan(b[i:]); end < 0 {
		return i, ^(i + ^end)
	}
	return i, i + end
}

// takeOver has the next elements of an array read from the buffer instead of by the
// decoder: what the decoder holds unread goes back there. It reports whether it does.
func (in *input) takeOver() bool {
	if in.depth > 0 || in.escaped != nil {
		return false
	}
	unread := in.dec.UnreadBuffer()
	if !in.src.body.putBack(unread) {
		return false
	}
	in.src.taken -= int64(len(unread))
	in.before += in.dec.InputOffset()
	in.nesting = nesting(in.nesting[:0], in.dec)
	_, n := in.dec.StackIndex(in.dec.StackDepth())
	in.scanning, in.hasElements = true, n > 0
	return true
}

// passBy passes over n bytes that were scanned, with an element at their end.
func (in *input) passBy(n int) {
	in.src.body.skip(n)
	in.src.taken += int64(n)
	in.before += int64(n)
	if !in.hasElements {
		in.hasElements = true
		in.nesting = append(in.nesting, `""`...)
	}
}

// handBack has the decoder read on behind what was scanned.
func (in *input) handBack() error {
	in.scanning = false
	in.src.nesting = in.nesting
	return in.restart(in.src, len(in.nesting))
}

// restart resets the decoder to from, which starts with that much nesting.
func (in *input) restart(from io.Reader, nesting int) error {
	in.before -= int64(nesting)
	in.dec.Reset(from, Lenient)
	for in.dec.InputOffset() < int64(nesting) {
		if _, err := in.dec.ReadToken(); err != nil {
			return err
		}
	}
	return nil
}
