package envelope

import "strconv"

// A location is where in an answer a record stands, made text only when asked.
type location struct {
	path  string // of the list, "data"
	index int    // in the list, or -1 for a single record
	inner string // in an element that wraps it, "order"
}

// String returns the path of the record: data.3.
func (l location) String() string {
	path := l.path
	if l.index >= 0 {
		path = joinPath(path, strconv.Itoa(l.index))
	}
	return joinPath(path, l.inner)
}

// pattern returns the path of any record of the list: data.*.
func (l location) pattern() string {
	path := l.path
	if l.index >= 0 {
		path = joinPath(path, "*")
	}
	return joinPath(path, l.inner)
}

// joinPath joins paths of which one may be empty.
func joinPath(path, name string) string {
	switch {
	case path == "":
		return name
	case name == "":
		return path
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

// The elements of a list may be what the records belong to: outlets with their orders,
// say. One without any looks like a record that has an id, and is none.
type emptyGroups struct {
	name   string   // of the member that holds the records, once that is known
	lone   []byte   // the first element that may be a group without records
	loneAt location // where it stands
}
