package lang

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// An Error is an error whose message can be put into a language.
type Error struct {
	text    Text
	wrapped []error
}

// Errorf returns an error as fmt.Errorf does, that Language.Error can translate.
func Errorf(format string, args ...any) error {
	e := &Error{text: Text{format, args}}
	for _, arg := range args {
		if err, ok := arg.(error); ok && strings.Contains(format, "%w") {
			e.wrapped = append(e.wrapped, err)
		}
	}
	return e
}

// Error returns the message in English.
func (e *Error) Error() string { return e.text.In(English) }

// In returns the message in a language.
func (e *Error) In(l Language) string { return e.text.In(l) }

// Unwrap returns the errors that the message was made of by %w.
func (e *Error) Unwrap() []error { return e.wrapped }

// Error returns the message of an error in the language, on one line: that of a joined
// error is its errors' with semicolons between them.
func (l Language) Error(err error) string {
	switch e := err.(type) { //nolint:errorlint // each level has its own message
	case nil:
		return ""
	case translatable:
		return oneLine(l.foreign(e.In(l)))
	case interface{ Unwrap() []error }:
		if isJoined(err, e.Unwrap()) {
			texts := make([]string, 0, len(e.Unwrap()))
			for _, inner := range e.Unwrap() {
				if text := l.Error(inner); !slices.Contains(texts, text) { // two writes meet one full disk
					texts = append(texts, text)
				}
			}
			return strings.Join(texts, "; ")
		}
	}
	return oneLine(l.translateInner(err))
}

// isJoined reports whether err is one of errors.Join.
func isJoined(err error, inner []error) bool { return err.Error() == errors.Join(inner...).Error() }

// translateInner puts the part of a message that is an Error's into the language: that
// of an error that wraps one with a message of its own.
func (l Language) translateInner(err error) string {
	text := err.Error()
	if inner, ok := errors.AsType[*Error](err); ok {
		text = strings.Replace(text, inner.Error(), inner.In(l), 1)
	}
	return l.foreign(l.explain(text))
}

// explain puts what the library says to who writes programs into the words of who runs
// this one.
func (l Language) explain(text string) string {
	if !strings.Contains(text, "pmpsmart: ") {
		return text
	}
	return command.Words{
		BaseURL:   l.Sprintf("the server's address"),
		Account:   l.Sprintf("pmpsmart login keeps one for this machine; or set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN"),
		Translate: l.phrase,
	}.ExplainText(text)
}

func (l Language) phrase(english string) string {
	if l != Indonesian {
		return english
	}
	return cmp.Or(libraryPhrases[english], english)
}

// foreign puts what the library and the system say most often into the language.
func (l Language) foreign(text string) string {
	if l != Indonesian {
		return text
	}
	text = opening.ReplaceAllString(text, "$1: ")
	text = doing.ReplaceAllStringFunc(text, func(found string) string {
		parts := doing.FindStringSubmatch(found)
		return parts[1] + doingWords[parts[2]] + parts[3]
	})
	return foreignWords.Replace(text)
}

// opening matches what stands before the reason of a file that can't be opened.
var opening = regexp.MustCompile(`\bopen ([^:]*(?::\\[^:]*)?): `)

// Text puts a text of the programs for developers into the language: one of their help, or of
// an error.
func (l Language) Text(text string) string {
	if l != Indonesian {
		return text
	}
	if translated, ok := translation(text); ok {
		return translated
	}
	return l.foreign(text)
}

// doing matches what the system was asked to do with a file, before the reason why it can't.
var doing = regexp.MustCompile(`(^|: |; )(read|write|mkdir|sync)( [^:]*(?::\\[^:]*)?: )`)

var doingWords = map[string]string{"read": "membaca", "write": "menulis", "mkdir": "membuat folder", "sync": "menyimpan"}

func oneLine(text string) string {
	return strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "; ")
}

var _ fmt.Stringer = Text{}
