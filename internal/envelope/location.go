package envelope

import "strconv"

// A location is where in an answer a record stands, made text only when asked.
type location struct {
	path  string // of the list, "data"
	index int    // in the list, or -1 for a single record
}

// String returns the path of the record: data.3.
func (l location) String() string {
	if l.index < 0 {
		return l.path
	}
	return joinPath(l.path, strconv.Itoa(l.index))
}

// pattern returns the path of any record of the list: data.*.
func (l location) pattern() string {
	if l.index < 0 {
		return l.path
	}
	return joinPath(l.path, "*")
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// orBody returns the path of what may be the whole body.
func orBody(path string) string {
	if path == "" {
		return "body"
	}
	return path
}
