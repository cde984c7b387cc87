package sheet

import "regexp"

// months are how Excel in English and Indonesian knows one: a code such as MAR-12
// becomes a date.
const months = `(?:jan|feb|mar|apr|may|mei|jun|jul|aug|agu|agt|agst|sep|sept|oct|okt|nov|nop|dec|des)[a-z]*`

var excelValue = regexp.MustCompile(`(?i)^\s*(?:` +
	`[-+(]?[0-9][-0-9.,:/ e+%)]*(?:[ap]m?)?` + // numbers, dates, times, percentages, 1E5
	`|[0-9]{1,4}[-/ .]*` + months + `[-/ .,]*[0-9]{0,4}` +
	`|` + months + `[-/ .,]*[0-9]{1,4}(?:[-/ .,]+[0-9]{1,4})?` +
	`|(?:rp|idr|usd|\$|€|£)\s*[-+]?[0-9].*` +
	`|true|false|benar|salah)\s*$`)

// excelChanges reports whether Excel, opening CSV, would make another value of a text:
// 00012 becomes 12, 12E5 a million, 1-2 a date.
func excelChanges(text string) bool {
	const longest = 250 // Excel takes no longer text in a formula
	if len(text) > longest || !excelValue.MatchString(text) {
		return false
	}
	return !isDigits(text) || len(text) > excelDigits || len(text) > 1 && text[0] == '0'
}
