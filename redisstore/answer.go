package redisstore

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
)

// An answerError is an answer that the script can't have returned. Something
// else than Redis, or a proxy that changes answers, may be at the other end.
type answerError struct {
	script string
	what   string // shows no value of the answer, which may be a token
}

func (e *answerError) Error() string {
	return "unexpected answer to the " + e.script + " script: " + e.what
}

// parse checks that answer is one of those that the script returns.
func (s *script) parse(answer any) ([]string, error) {
	values, err := stringsOf(answer)
	if err == nil {
		err = s.check(values)
	}
	if err != nil {
		return nil, &answerError{s.name, err.Error()}
	}
	return values, nil
}

func stringsOf(answer any) ([]string, error) {
	list, ok := answer.([]any)
	if !ok {
		return nil, fmt.Errorf("%s, want a list", kind(answer))
	}
	values := make([]string, len(list))
	for i, value := range list {
		if values[i], ok = value.(string); !ok {
			return nil, fmt.Errorf("value %d is %s, want a string", i+1, kind(value))
		}
	}
	return values, nil
}

func (s *script) check(values []string) error {
	if len(values) == 0 {
		return errors.New("an empty list")
	}
	tokens, follows := values, tokenOrEmpty
	if s.answers != nil {
		var known bool
		if follows, known = s.answers[values[0]]; !known {
			return fmt.Errorf("the first value, of %d bytes, is not a word that the script returns", len(values[0]))
		}
		tokens = values[1:]
	}
	want := 1
	if follows == nothing {
		want = 0
	}
	switch {
	case len(tokens) != want:
		return fmt.Errorf("the number of values is %d, want %d", len(values), len(values)-len(tokens)+want)
	case follows == number:
		if n, err := strconv.ParseUint(tokens[0], 10, 64); err != nil || strconv.FormatUint(n, 10) != tokens[0] {
			return fmt.Errorf("a value of %d bytes, want a number", len(tokens[0]))
		}
		return nil
	case want == 0 || tokens[0] == "" && follows == tokenOrEmpty || usable(tokens[0]):
		return nil
	}
	return fmt.Errorf("a token of %d bytes that can't be sent in a header", len(tokens[0]))
}

// kind returns what a value of an answer is, without the value.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "nil"
	case string:
		return "a string"
	case int64, float64, *big.Int:
		return "a number"
	case bool:
		return "a boolean"
	case []any:
		return "a list"
	case map[any]any:
		return "a map"
	case error:
		return "an error"
	}
	return fmt.Sprintf("a %T", v)
}
