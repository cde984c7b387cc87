package pmpsmarttest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// rules say what a request must bring, in Laravel's words: "required|integer".
// They stand in the order in which the errors are told.
type rules []struct{ field, rules string }

// A check is one of Laravel's validation rules: what it asks of a value that is
// not nil, and what it says where that is not so.
type check struct {
	ok      func(in input, value any, parameter string) bool
	message string
}

var checks = map[string]check{
	"string":         {isString, "The :attribute must be a string."},
	"integer":        {isInteger, "The :attribute must be an integer."},
	"email":          {isEmail, "The :attribute must be a valid email address."},
	"date":           {isDate, "The :attribute is not a valid date."},
	"after_or_equal": {isAfterOrEqual, "The :attribute must be a date after or equal to :parameter."},
	"in":             {isIn, "The selected :attribute is invalid."},
	"max":            {isShort, "The :attribute must not be greater than :parameter characters."},
}

const (
	requiredMessage = "The :attribute field is required."
	uniqueMessage   = "The :attribute has already been taken."
)

// validate gives the errors of each field that has any, nil where all is well.
// taken tells for the rule unique whether a text is there already.
func (in input) validate(rules rules, taken func(string) bool) object {
	var fields object
	for _, field := range rules {
		if messages := in.complaints(field.field, field.rules, taken); len(messages) > 0 {
			fields = append(fields, member{field.field, messages})
		}
	}
	return fields
}

// complaints are what one field's rules say, in their order.
func (in input) complaints(field, rules string, taken func(string) bool) (messages []any) {
	value := in[field]
	for rule := range strings.SplitSeq(rules, "|") {
		name, parameter, _ := strings.Cut(rule, ":")
		message := ""
		switch {
		case name == "required":
			if isAbsent(value) {
				return []any{say(requiredMessage, field, "")}
			}
		case value == nil || name == "nullable":
		case name == "unique":
			// Laravel asks the database for nothing that is wrong already.
			if text, ok := value.(string); ok && len(messages) == 0 && taken(text) {
				message = uniqueMessage
			}
		case !checks[name].ok(in, value, parameter):
			message = checks[name].message
		}
		if message != "" {
			messages = append(messages, say(message, field, parameter))
		}
	}
	return messages
}

// say fills in a message: names stand in it in words.
func say(message, field, parameter string) string {
	message = strings.ReplaceAll(message, ":attribute", strings.ReplaceAll(field, "_", " "))
	return strings.ReplaceAll(message, ":parameter", strings.ReplaceAll(parameter, "_", " "))
}

func isAbsent(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func isString(_ input, value any, _ string) bool {
	_, ok := value.(string)
	return ok
}

func isInteger(_ input, value any, _ string) bool {
	_, ok := phpInt(value)
	return ok
}

// isEmail is looser than a mail server and about as loose as RFC 5322.
func isEmail(_ input, value any, _ string) bool {
	text, ok := value.(string)
	at := strings.LastIndexByte(text, '@')
	if !ok || at < 1 || at == len(text)-1 {
		return false
	}
	local, domain := text[:at], text[at+1:]
	return !strings.ContainsAny(local, " \t@\"(),:;<>[\\]") && !strings.ContainsAny(domain, " \t@\"(),:;<>\\_/!") &&
		!strings.Contains(text, "..") && local[0] != '.' && !strings.HasSuffix(local, ".") &&
		domain[0] != '.' && domain[0] != '-' && !strings.HasSuffix(domain, ".") && !strings.HasSuffix(domain, "-")
}

func isIn(_ input, value any, parameter string) bool {
	switch value.(type) {
	case []any, map[string]any:
		return false
	}
	return slices.Contains(strings.Split(parameter, ","), phpString(value))
}

// isShort counts letters, or the members of an array.
func isShort(_ input, value any, parameter string) bool {
	most, _ := phpInt(parameter)
	switch v := value.(type) {
	case []any:
		return int64(len(v)) <= most
	case map[string]any:
		return int64(len(v)) <= most
	case string:
		return int64(utf8.RuneCountInString(v)) <= most
	}
	return int64(len(phpString(value))) <= most
}

func isDate(_ input, value any, _ string) bool {
	_, ok := parseDate(phpString(value), time.UTC)
	return ok && isScalar(value)
}

func isAfterOrEqual(in input, value any, parameter string) bool {
	date, ok := dateOf(value, time.UTC)
	start, given := dateOf(in[parameter], time.UTC)
	switch {
	case !given:
		return isScalar(value)
	case !ok:
		return false
	}
	return !date.Before(start)
}

func isScalar(value any) bool {
	switch value.(type) {
	case string, json.Number:
		return true
	}
	return false
}

// dateForms are those of PHP's many that people send.
var dateForms = []string{
	time.DateOnly, time.DateTime, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
	"2006/01/02", "2006/1/2", "2006-1-2", "01/02/2006", "1/2/2006", "02-01-2006", "2-1-2006", "02.01.2006", "20060102",
	"2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006",
}

// parseDate reads a date, in loc where it names no zone.
func parseDate(text string, loc *time.Location) (time.Time, bool) {
	for _, form := range dateForms {
		if t, err := time.ParseInLocation(form, text, loc); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// dateOf gives the date that an application makes of a valid one: a number is
// Unix seconds to Carbon, whatever the validator took it for.
func dateOf(value any, loc *time.Location) (time.Time, bool) {
	switch v := value.(type) {
	case string:
		return parseDate(v, loc)
	case json.Number:
		const most = 1e12 // no date is past it
		seconds, _ := v.Float64()
		return time.Unix(int64(min(max(seconds, -most), most)), 0).In(loc), true
	}
	return time.Time{}, false
}
