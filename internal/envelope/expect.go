package envelope

import "strconv"

// maxAhead is how many bytes of memory there may be for the records to come for each
// byte that came: a server may name any length, and records of a byte or two.
const maxAhead = 32

// expects returns about how many more records come, each of which takes size bytes of
// memory, by the length of the body and of the records so far; 0 if that is not known.
func (r *reader) expects(size int64) int {
	if r.length < 0 {
		r.length = bodyLength(&r.Options)
	}
	read := r.offset()
	rest := min(r.length, r.maxBytes) - r.src.skipped - read
	if rest <= 0 || r.count == 0 || r.depth > 0 {
		return 0
	}
	perRecord := max(read/int64(r.count), 1)
	more := rest/perRecord + rest/perRecord/64 // it's better to have some too many
	return int(min(more+1, maxAhead*read/size))
}

// bodyLength returns the length of a body that is not compressed, 0 if it is not known.
func bodyLength(o *Options) int64 {
	if o.Header.Get("Content-Encoding") != "" {
		return 0
	}
	length, _ := strconv.ParseInt(o.Header.Get("Content-Length"), 10, 64)
	return max(length, 0)
}
