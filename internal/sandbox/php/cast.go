package php

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// Float returns a number as PHP prints it: a whole one without a decimal point,
// a large one as 1.0e+25.
func Float(v float64) string {
	if math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return mantissa + "e" + exponent
}

// Int reads an integer as FILTER_VALIDATE_INT does.
func Int(value any) (int64, bool) {
	text := String(value)
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || len(digits) > 1 && digits[0] == '0' {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// String returns a string, json.Number or bool cast to a string, and "" for
// anything else.
func String(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
		n, _ := v.Float64()
		return Float(n)
	case bool:
		if v {
			return "1"
		}
	}
	return ""
}

// Trim is PHP's trim.
func Trim(text string) string { return strings.Trim(text, " \t\n\r\x00\x0b") }

// dateLayouts are those that people send, of the many that PHP reads.
var dateLayouts = []string{
	time.DateOnly, time.DateTime, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
	"2006/01/02", "2006/1/2", "2006-1-2", "01/02/2006", "1/2/2006", "02-01-2006", "2-1-2006", "02.01.2006", "20060102",
	"2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006",
}

// Date reads a date as strtotime does, in loc if it names no zone.
func Date(text string, loc *time.Location) (time.Time, bool) {
	for _, layout := range dateLayouts {
		if t, err := time.ParseInLocation(layout, text, loc); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
