package envelope

import "strconv"

// A place is where in the answer a record stands, made text only when asked.
type place struct {
	path  string // of the list, "data"
	index int    // in the list, or -1 for a single record
}

// String is the place of one record: data.3.
func (p place) String() string {
	if p.index < 0 {
		return p.path
	}
	return join(p.path, strconv.Itoa(p.index))
}

// pattern is the place of any record of the list: data.*.
func (p place) pattern() string {
	if p.index < 0 {
		return p.path
	}
	return join(p.path, "*")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// orBody is the path of what may be the whole body.
func orBody(path string) string {
	if path == "" {
		return "body"
	}
	return path
}
