package envelope

import "github.com/pmpsmart/pmpsmart-go/internal/scan"

// Most elements of a list are plain: whole in the buffer, and JSON that package scan
// reads. They are scanned where they are, and the decoder is passed by. Whatever is not
// plain is the decoder's: what is cut by the buffer's end, near a bound, or no JSON at
// all. It then reads that one element from its start, so that nobody else judges it.

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
			if err := l.scanner.scanned(b[start:end], &g.at); err != nil {
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
		have := len(b) - 1
		if have < 2*cut || !body.fill() {
			return nil
		}
		cut = have
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
