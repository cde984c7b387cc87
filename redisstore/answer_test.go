package redisstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
)

// list returns an answer in RESP that is a list of strings.
func list(values ...string) string {
	return fmt.Sprintf("*%d", len(values)) + bulk(values...)
}

func bulk(values ...string) (text string) {
	for _, v := range values {
		text += fmt.Sprintf("\r\n$%d\r\n%s", len(v), v)
	}
	return text
}

// An answer that no script of ours returns is an error at once, which shows none
// of its values.
func TestUnexpectedAnswers(t *testing.T) {
	t.Parallel()
	const secret = "token-rahasia"
	long := strings.Repeat("r", maxTokenBytes+1)
	tests := map[string]map[string]string{
		"load": {
			"*0":                      "an empty list",
			list(secret, secret):      "the number of values is 2, want 1",
			"$-1":                     "nil, want a list",
			"*-1":                     "nil, want a list",
			"_":                       "nil, want a list",
			":1":                      "a number, want a list",
			",1.5":                    "a number, want a list",
			"#t":                      "a boolean, want a list",
			"+" + secret:              "a string, want a list",
			"%1\r\n+a\r\n+b":          "a map, want a list",
			"*1\r\n$-1":               "value 1 is nil, want a string",
			"*1\r\n:1":                "value 1 is a number, want a string",
			"*1\r\n*0":                "value 1 is a list, want a string",
			"*1\r\n-ERR " + secret:    "value 1 is an error, want a string",
			list(secret + "\n"):       "a token of 14 bytes that can't be sent in a header",
			list(" "):                 "a token of 1 bytes that can't be sent in a header",
			list(long):                "a token of 8193 bytes that can't be sent in a header",
			"*9223372036854775807":    "it claims a length that no memory can hold",
			"$9223372036854775806":    "it claims a length that no memory can hold",
			"*1\r\n$9223372036854775": "it claims a length that no memory can hold",
		},
		"lock": {
			"*0":                            "an empty list",
			list("newer"):                   "the number of values is 1, want 2",
			list("done"):                    "the number of values is 1, want 2",
			list("busy", secret):            "the number of values is 2, want 1",
			list("newer", secret, ""):       "the number of values is 3, want 2",
			list(secret, "newer"):           "the first value, of 13 bytes, is not a word that the script returns",
			list("newer", ""):               "a token of 0 bytes that can't be sent in a header",
			list("newer", secret+"\x00"):    "a token of 14 bytes that can't be sent in a header",
			list("done", secret+" "):        "a token of 14 bytes that can't be sent in a header",
			"*2" + bulk("newer") + "\r\n:1": "value 2 is a number, want a string",
			"*2\r\n$-1\r\n$-1":              "value 1 is nil, want a string",
			":0":                            "a number, want a list",
		},
		"delete": {
			"*0":                 "an empty list",
			list("busy"):         "the first value, of 4 bytes, is not a word that the script returns",
			list("done", secret): "the number of values is 2, want 1",
			":1":                 "a number, want a list",
		},
	}
	for script, answers := range tests {
		for answer, what := range answers {
			var scripts atomic.Int64
			s := New(answering(t, func(int64) string { scripts.Add(1); return answer }), WithPatience(time.Hour))
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			var got pmpsmart.Token
			var err error
			switch script {
			case "load":
				got, err = s.Load(ctx, account)
			case "lock":
				got, err = s.Replace(ctx, account, "t0", never(t))
			case "delete":
				err = s.Delete(ctx, account, "t0")
			}
			cancel()
			if want := "redis token store: unexpected answer to the " + script + " script: " + what; fmt.Sprint(err) != want || got != "" {
				t.Errorf("%.40q:\ngot  %q, %v\nwant %s", answer, string(got), err, want)
			}
			if strings.Contains(fmt.Sprintf("%#v", err), "rahasia") {
				t.Errorf("%.40q: %#v", answer, err)
			}
			if n := scripts.Load(); script == "lock" && n != 2 { // it may have the lock
				t.Errorf("%.40q: %d scripts, want one that releases the lock", answer, n)
			}
		}
	}
}

// The token of a login is there, and the answer to the script that stores it is
// none.
func TestUnexpectedAnswerAfterLogin(t *testing.T) {
	t.Parallel()
	for answer, what := range map[string]string{
		"*0":                  "an empty list",
		list("done"):          "the number of values is 1, want 2",
		list("newer"):         "the number of values is 1, want 2",
		list("newer", "a b"):  "a token of 3 bytes that can't be sent in a header",
		list("done", "", ""):  "the number of values is 3, want 2",
		"$-1":                 "nil, want a list",
		list("busy", "token"): "the number of values is 2, want 1",
	} {
		rdb := answering(t, func(n int64) string {
			if n == 0 {
				return list("done", "")
			}
			return answer
		})
		got, err := New(rdb, WithPatience(time.Hour)).Replace(t.Context(), account, "", returns("t1"))
		if want := "redis token store: unexpected answer to the store script: " + what; fmt.Sprint(err) != want || got != "" {
			t.Errorf("%q:\ngot  %q, %v\nwant %s", answer, string(got), err, want)
		}
	}
}

// A server that says it stored another token than it was given is not believed.
func TestStoredTokenIsThatOfTheLogin(t *testing.T) {
	t.Parallel()
	rdb := answering(t, func(n int64) string {
		if n == 0 {
			return list("done", "")
		}
		return list("done", "foreign")
	})
	if got, err := New(rdb).Replace(t.Context(), account, "", returns("t1")); got != "t1" || err != nil {
		t.Errorf("%q, %v", string(got), err)
	}
}

// Half an answer, and one without an end, are waited out, not for longer than
// patience or the context allows.
func TestAnswersWithoutAnEnd(t *testing.T) {
	t.Parallel()
	endless := func(start, more string) func(int64, io.Writer) bool {
		return func(_ int64, w io.Writer) bool {
			_, err := io.WriteString(w, start)
			for err == nil {
				_, err = io.WriteString(w, more)
				time.Sleep(time.Millisecond) // not to fill the memory of the machine
			}
			return false
		}
	}
	for name, answer := range map[string]func(int64, io.Writer) bool{
		"half, then closed":      func(_ int64, w io.Writer) bool { _, _ = io.WriteString(w, "*1\r\n$8\r\nhalf"); return false },
		"half, then nothing":     func(_ int64, w io.Writer) bool { _, _ = io.WriteString(w, "*1\r\n$8\r\nhalf"); return true },
		"nothing":                func(int64, io.Writer) bool { return true },
		"closed":                 func(int64, io.Writer) bool { return false },
		"a line without an end":  endless("+", "half"),
		"a list without an end":  endless("*1000000\r\n", "$4\r\nhalf\r\n"),
		"a value without an end": endless("*1\r\n$100000000\r\n", "half"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rdb := serveScripts(t, answer)
			began := time.Now()
			_, err := New(rdb, WithPatience(200*time.Millisecond)).Load(t.Context(), account)
			if want := "redis token store: no answer from Redis for 200ms"; !strings.HasPrefix(fmt.Sprint(err), want) || strings.Contains(err.Error(), "half") {
				t.Errorf("got %v, want %s", err, want)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			_, err = New(rdb, WithPatience(time.Hour)).Load(ctx, account)
			if want := "redis token store: no answer from Redis: "; !strings.HasPrefix(fmt.Sprint(err), want) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want %s", err, want)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
	t.Run("once", func(t *testing.T) {
		t.Parallel()
		holds(t, New(serveScripts(t, func(n int64, w io.Writer) bool {
			if n == 0 {
				_, _ = io.WriteString(w, "*1\r\n$2\r\nt")
				return false
			}
			_, _ = io.WriteString(w, list("t1")+"\r\n")
			return true
		}), WithPatience(30*time.Second)), account, "t1")
	})
}
