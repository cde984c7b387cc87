package illuminate

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

// Rules are the rules of each field, in Laravel's words: "required|integer".
// Errors come in the order of the fields.
type Rules []struct{ Field, Rules string }

// A check is one of Laravel's rules: what it demands of a value that is not nil,
// and its message.
type check struct {
	ok      func(in Input, value any, parameter string) bool
	message string
}

var checks = map[string]check{
	"string":         {isString, "The :attribute must be a string."},
	"integer":        {isInteger, "The :attribute must be an integer."},
	"email":          {isEmail, "The :attribute must be a valid email address."},
	"date":           {isDate, "The :attribute is not a valid date."},
	"after_or_equal": {isAfterOrEqual, "The :attribute must be a date after or equal to :parameter."},
	"in":             {isIn, "The selected :attribute is invalid."},
	"max":            {isAtMost, "The :attribute must not be greater than :parameter characters."},
}

const (
	requiredMessage = "The :attribute field is required."
	uniqueMessage   = "The :attribute has already been taken."
)

// Validate returns the messages of each field that breaks a rule, nil if none
// does. taken reports for the rule unique whether a text is taken already.
func (in Input) Validate(rules Rules, taken func(string) bool) php.Object {
	var fields php.Object
	for _, field := range rules {
		if messages := in.messages(field.Field, field.Rules, taken); len(messages) > 0 {
			fields = append(fields, php.Member{field.Field, messages})
		}
	}
	return fields
}

// messages returns those of the rules that a field breaks.
func (in Input) messages(field, rules string, taken func(string) bool) (messages []any) {
	value := in[field]
	for rule := range strings.SplitSeq(rules, "|") {
		name, parameter, _ := strings.Cut(rule, ":")
		message := ""
		switch {
		case name == "required":
			if isAbsent(value) {
				return []any{RequiredMessage(field)}
			}
		case value == nil || name == "nullable":
		case name == "unique":
			// Laravel does not query the database for a value that broke another rule.
			if text, ok := value.(string); ok && len(messages) == 0 && taken(text) {
				message = uniqueMessage
			}
		case !checks[name].ok(in, value, parameter):
			message = checks[name].message
		}
		if message != "" {
			messages = append(messages, fillIn(message, field, parameter))
		}
	}
	return messages
}

// RequiredMessage returns the message of a required field that is missing.
func RequiredMessage(field string) string { return fillIn(requiredMessage, field, "") }

// fillIn replaces the placeholders of a message.
func fillIn(message, field, parameter string) string {
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

func isString(_ Input, value any, _ string) bool {
	_, ok := value.(string)
	return ok
}

func isInteger(_ Input, value any, _ string) bool {
	_, ok := php.Int(value)
	return ok
}

func isEmail(_ Input, value any, _ string) bool {
	text, ok := value.(string)
	return ok && IsEmail(text)
}

// IsEmail reports whether the rule email lets a text pass: that is more lenient
// than a mail server and about as lenient as RFC 5322.
func IsEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	if at < 1 || at == len(text)-1 {
		return false
	}
	local, domain := text[:at], text[at+1:]
	return !strings.ContainsAny(local, " \t@\"(),:;<>[\\]") && !strings.ContainsAny(domain, " \t@\"(),:;<>\\_/!") &&
		!strings.Contains(text, "..") && local[0] != '.' && !strings.HasSuffix(local, ".") &&
		domain[0] != '.' && domain[0] != '-' && !strings.HasSuffix(domain, ".") && !strings.HasSuffix(domain, "-")
}

func isIn(_ Input, value any, parameter string) bool {
	switch value.(type) {
	case []any, map[string]any:
		return false
	}
	return slices.Contains(strings.Split(parameter, ","), php.String(value))
}

// isAtMost counts characters, or the elements of an array.
func isAtMost(_ Input, value any, parameter string) bool {
	most, _ := php.Int(parameter)
	switch v := value.(type) {
	case []any:
		return int64(len(v)) <= most
	case map[string]any:
		return int64(len(v)) <= most
	case string:
		return int64(utf8.RuneCountInString(v)) <= most
	}
	return int64(len(php.String(value))) <= most
}

func isDate(_ Input, value any, _ string) bool {
	_, ok := php.Date(php.String(value), time.UTC)
	return ok && isScalar(value)
}

func isAfterOrEqual(in Input, value any, parameter string) bool {
	date, ok := toDate(value, time.UTC)
	start, given := toDate(in[parameter], time.UTC)
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

// Date returns a value that has been validated as a date, in loc if it names no
// zone, and whether there is one.
func (in Input) Date(name string, loc *time.Location) (time.Time, bool) { return toDate(in[name], loc) }

// toDate makes a date of a value as Carbon does, to which a number is Unix
// seconds, whatever the validator took it for.
func toDate(value any, loc *time.Location) (time.Time, bool) {
	switch v := value.(type) {
	case string:
		return php.Date(v, loc)
	case json.Number:
		const most = 1e12 // no date is past it
		seconds, _ := v.Float64()
		return time.Unix(int64(min(max(seconds, -most), most)), 0).In(loc), true
	}
	return time.Time{}, false
}
