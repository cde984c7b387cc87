package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A numberFormat says what a number in a workbook is: Excel keeps days and times as
// numbers, which only their format tells apart.
type numberFormat struct {
	day, clock bool // shows a day, a time of day
	elapsed    bool // shows hours beyond 24
	zeros      int  // shows so many digits, with zeros before the number
}

// formatOfID returns one of the formats that are not written in the file.
func formatOfID(id int) numberFormat {
	switch {
	case 14 <= id && id <= 17, 27 <= id && id <= 31, id == 36, 50 <= id && id <= 54, id == 57, id == 58:
		return numberFormat{day: true}
	case 18 <= id && id <= 21, 32 <= id && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return numberFormat{clock: true}
	case id == 46:
		return numberFormat{clock: true, elapsed: true}
	case id == 22:
		return numberFormat{day: true, clock: true}
	}
	return numberFormat{}
}

// formatOfCode reads a format such as dd/mm/yyyy hh:mm or 00000.
func formatOfCode(code string) (f numberFormat) {
	code, _, _ = strings.Cut(code, ";") // of negative numbers
	if len(code) > 1 && strings.Trim(code, "0") == "" {
		return numberFormat{zeros: len(code)}
	}
	month := false
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; { // in lower case
		case code[i] == '"':
			i += 1 + strings.IndexByte(code[i+1:]+`"`, '"')
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '[':
			inner, _, _ := strings.Cut(code[i+1:], "]")
			switch strings.Trim(strings.ToLower(inner), "hms") {
			case "":
				f.clock, f.elapsed = true, true
			}
			i += 1 + len(inner)
		case strings.HasPrefix(strings.ToLower(code[i:]), "general"):
			i += len("general") - 1
		case c == 'd' || c == 'y':
			f.day = true
		case c == 'h' || c == 's':
			f.clock = true
		case c == 'm':
			month = true
		}
	}
	f.day = f.day || month && !f.clock
	return f
}

// cell returns the cell of a number.
func (f numberFormat) cell(raw string, loc *time.Location, date1904 bool) Cell {
	value, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		return Text(raw)
	}
	if f.day || f.clock {
		if cell, ok := f.moment(value, loc, date1904); ok {
			return cell
		}
	}
	if f.zeros > 0 && value >= 0 && value < 1e15 && value == math.Trunc(value) {
		return Text(fmt.Sprintf("%0*d", f.zeros, int64(value)))
	}
	return number(raw, value)
}

// number spells a number plainly, to the 15 digits that Excel shows. A longer one that
// has zeros behind these has lost its end, and is spelled so that Damaged tells; one that
// has digits there was not written by Excel, and stands as it is.
func number(raw string, value float64) Cell {
	plain := isPlainNumber(raw) && isJSONNumber(raw)
	if plain && significant(raw) <= excelDigits && math.Abs(value) < 1e15 {
		return Cell{KindNumber, raw}
	}
	if math.Abs(value) >= 1e15 {
		if plain && strings.Trim(raw[min(len(raw), excelDigits+1):], "0") != "" {
			return Cell{KindNumber, raw}
		}
		return Text(strconv.FormatFloat(value, 'E', -1, 64))
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', excelDigits, 64), 64)
	if err != nil {
		return Text(raw)
	}
	return Cell{KindNumber, strconv.FormatFloat(rounded+0, 'f', -1, 64)}
}

const dayMillis = 24 * 60 * 60 * 1000

// moment returns the cell of a day or a time: days since the end of 1899.
func (f numberFormat) moment(value float64, loc *time.Location, date1904 bool) (Cell, bool) {
	if value < 0 || value >= 2_958_466 { // after the year 9999
		return Cell{}, false
	}
	millis := int64(math.Round(value * dayMillis))
	if f.elapsed || !f.day && millis < dayMillis {
		seconds := millis / 1000
		return Text(fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)), true
	}
	days := millis / dayMillis
	switch {
	case date1904:
		days += 1462
	case days < 60:
		days++ // Excel has a February 29 in 1900
	}
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days))
	if !f.clock && millis%dayMillis == 0 {
		return Date(day.Format(time.DateOnly)), true
	}
	clock := time.Duration(millis%dayMillis) * time.Millisecond
	return Time(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, int(clock), loc)), true
}
