package envelope

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
