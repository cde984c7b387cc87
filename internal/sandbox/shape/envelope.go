package shape

import (
	"net/http"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

// envelope returns the documented one.
func (f *Form) envelope(message string, data any) php.Object {
	return append(f.words(message), php.Member{"data", data})
}

// hollow returns an envelope with the JSON of a way as its data, or without data.
func (f *Form) hollow(message, way string) php.Object {
	if way == "none" {
		return f.words(message)
	}
	return f.envelope(message, php.Raw(way))
}

// nothing returns the response of a success that has nothing to show: without content
// for the way 204, else an envelope with the JSON of the way as its data, or without data.
func (f *Form) nothing(message, way string) Response {
	if way == "204" {
		return Response{Status: http.StatusNoContent}
	}
	return ok(f.hollow(message, way))
}

// words returns what an envelope says of a success.
func (f *Form) words(message string) php.Object {
	return append(statusMember(f.status), f.messageMember(message)...)
}

// statusMember returns the member that a way of the aspect status or failure
// names, if any.
func statusMember(way string) php.Object {
	if way == "none" {
		return nil
	}
	if name, value, found := strings.Cut(way, ":"); found && isWord(name) {
		return php.Object{{name, php.Raw(value)}}
	}
	return php.Object{{"status", php.Raw(way)}}
}

func (f *Form) messageMember(message string) php.Object {
	switch f.message {
	case "list":
		return php.Object{{"message", []any{message}}}
	case "null":
		return php.Object{{"message", nil}}
	case "none":
		return nil
	}
	return php.Object{{"message", message}}
}
