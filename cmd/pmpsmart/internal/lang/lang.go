// Package lang has the messages of the program in English and in Indonesian.
//
// The English text is in the code, as a format of package fmt, and is the key of its
// translation in the catalog. A message that has none is shown in English.
package lang

import (
	"fmt"
	"strings"
	"time"
)

// A Language is one that the program speaks.
type Language string

// The languages.
const (
	English    Language = "en"
	Indonesian Language = "id"
)

// Parse returns the language of that name: "en", "id", or a locale such as "id_ID.UTF-8".
func Parse(name string) (Language, error) {
	switch language, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(name), "-", "_"), "_"); language {
	case "en", "english":
		return English, nil
	case "id", "in", "indonesian", "indonesia": // Java and old systems call it in
		return Indonesian, nil
	}
	return "", Errorf("-lang is %q; want en or id", name)
}

// FromLocale returns the language of the user's locale, as POSIX names it: of LC_ALL,
// LC_MESSAGES and LANG the first that is set. Without one, system is asked; it may be nil.
func FromLocale(getenv func(string) string, system func() string) Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := getenv(name); locale != "" {
			return ofLocale(locale)
		}
	}
	if system != nil {
		return ofLocale(system())
	}
	return English
}

func ofLocale(locale string) Language {
	locale, _, _ = strings.Cut(locale, ".")
	if l, err := Parse(locale); err == nil {
		return l
	}
	return English
}

// A Text is a message that is put into a language when it is shown.
type Text struct {
	format string
	args   []any
}

// T returns a text. Its arguments may be texts, errors and the other types of this
// package, which are put into the language with it.
func T(format string, args ...any) Text { return Text{format, args} }

// In returns the text in a language.
func (t Text) In(l Language) string { return l.Sprintf(t.format, t.args...) }

// String returns the text in English.
func (t Text) String() string { return t.In(English) }

// Where returns a text of where a command works: "SERVER as ACCOUNT".
func Where(text string) Text {
	if server, account, ok := strings.Cut(text, " as "); ok {
		return T("%s as %s", server, account)
	}
	return T("%s", text)
}

// translatable is what Sprintf puts into a language.
type translatable interface{ In(l Language) string }

// Sprintf formats a message in the language.
func (l Language) Sprintf(format string, args ...any) string {
	if l == Indonesian {
		if translated, ok := translation(format); ok {
			format = translated
		}
	}
	if len(args) == 0 {
		return strings.ReplaceAll(format, "%%", "%")
	}
	in := make([]any, len(args))
	for i, arg := range args {
		in[i] = l.localize(arg)
	}
	return fmt.Sprintf(strings.ReplaceAll(format, "%w", "%v"), in...)
}

// localize returns an argument as it is shown in the language.
func (l Language) localize(arg any) any {
	switch a := arg.(type) {
	case translatable:
		return a.In(l)
	case error:
		return l.Error(a)
	}
	return arg
}

// Count returns a text of a number of things: "1 order", "1,234 orders".
func Count(n int64, noun string) Text { return Text{"%v", []any{count{n, noun}}} }

type count struct {
	n    int64
	noun string
}

// In returns "1,234 orders" or "1.234 order": a noun in Indonesian has no plural.
func (c count) In(l Language) string {
	noun := c.noun
	switch {
	case l == Indonesian:
		if translated, ok := translation(noun); ok {
			noun = translated
		}
	case c.n != 1:
		noun = plural(noun)
	}
	return Number(c.n).In(l) + " " + noun
}

func plural(noun string) string {
	switch {
	case strings.HasSuffix(noun, "salesperson"):
		return strings.TrimSuffix(noun, "person") + "people"
	case strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "ch"):
		return noun + "es"
	case strings.HasSuffix(noun, "ry"):
		return strings.TrimSuffix(noun, "y") + "ies"
	}
	return noun + "s"
}

// A Number is grouped by thousands: "1,234,567" or "1.234.567".
type Number int64

// In returns the number as it is written in the language.
func (n Number) In(l Language) string {
	group := ","
	if l == Indonesian {
		group = "."
	}
	digits := fmt.Sprint(int64(n))
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + group + digits[i:]
	}
	return sign + digits
}

// String returns the number in English.
func (n Number) String() string { return n.In(English) }

// A Size is a number of bytes: "84.2 MB" or "84,2 MB".
type Size int64

// In returns the size as it is written in the language.
func (s Size) In(l Language) string {
	if s < 100_000 {
		return Count(int64(s), "byte").In(l)
	}
	return l.decimal(fmt.Sprintf("%.1f MB", float64(s)/1e6))
}

// String returns the size in English.
func (s Size) String() string { return s.In(English) }

// A Duration is shown to about three digits, or in whole seconds from a minute on.
type Duration time.Duration

// In returns "45ms", "21.3s" or "2m5s"; in Indonesian "45 md", "21,3 dtk" or "2 mnt 5 dtk".
func (d Duration) In(l Language) string {
	took := time.Duration(d)
	switch {
	case took < time.Second:
		took = took.Round(time.Millisecond)
	case took < time.Minute:
		took = took.Round(100 * time.Millisecond)
	default:
		took = took.Round(time.Second)
	}
	text := took.String()
	if took >= time.Minute {
		text = strings.TrimSuffix(text, "0s")
		if strings.HasSuffix(text, "h0m") {
			text = strings.TrimSuffix(text, "0m")
		}
		if text == "" || text[len(text)-1] >= '0' && text[len(text)-1] <= '9' { // 2m10s
			text = took.String()
		}
	}
	if l != Indonesian {
		return text
	}
	return l.decimal(indonesianUnits.Replace(text))
}

// String returns the duration in English.
func (d Duration) String() string { return d.In(English) }

var indonesianUnits = strings.NewReplacer("ms", " md", "µs", " µd", "h", " jam ", "m", " mnt ", "s", " dtk")

// decimal writes the decimal point of a number as the language does.
func (l Language) decimal(text string) string {
	if l == Indonesian {
		text = strings.TrimSpace(strings.ReplaceAll(text, ".", ","))
	}
	return text
}

// A Clock is a time of day: "14:05:30".
type Clock time.Time

// In returns the time of day in the location of the time, "14:05:30" or "14.05.30".
func (c Clock) In(l Language) string {
	if l == Indonesian {
		return time.Time(c).Format("15.04.05")
	}
	return time.Time(c).Format("15:04:05")
}

// String returns the time of day in English.
func (c Clock) String() string { return c.In(English) }

// A Time is a day and a time of day to the second.
type Time time.Time

// In returns "2026-02-09 14:05:30" or "9 Feb 2026 14.05.30".
func (t Time) In(l Language) string {
	at := time.Time(t)
	if l == Indonesian {
		return fmt.Sprintf("%d %s %d %s", at.Day(), l.Month(at.Month())[:3], at.Year(), Clock(at).In(l))
	}
	return at.Format("2006-01-02 15:04:05")
}

// String returns the time in English.
func (t Time) String() string { return t.In(English) }

// Month returns the name of a month.
func (l Language) Month(m time.Month) string {
	if l == Indonesian && m >= time.January && m <= time.December {
		return indonesianMonths[m-1]
	}
	return m.String()
}

var indonesianMonths = [...]string{
	"Januari", "Februari", "Maret", "April", "Mei", "Juni",
	"Juli", "Agustus", "September", "Oktober", "November", "Desember",
}
