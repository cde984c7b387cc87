package control

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
)

// maxLast is how many records can be asked for by number.
const maxLast = 10_000

// found are the records that were looked for.
type found struct {
	Records []json.RawMessage `json:"records"` // the last of them
	Found   int64             `json:"found"`
	Total   int64             `json:"total"`
}

// find returns the records: all of them, or as the query's search and last say.
func find[Row any](c *call, all sandbox.Collection[Row]) (any, error) {
	query := c.r.URL.Query()
	if !query.Has("search") && !query.Has("last") {
		return records(all.All()), nil
	}
	last := int64(maxLast)
	if text := query.Get("last"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 || n > maxLast {
			return nil, badRequest("last: %q; want 1 to %d", shown(text), maxLast)
		}
		last = n
	}
	f := found{Records: []json.RawMessage{}}
	words := strings.Fields(strings.ToLower(query.Get("search")))
	if len(words) == 0 {
		records, total := all.Last(last)
		return found{append(f.Records, records...), total, total}, nil
	}
	for record := range all.All() {
		if err := c.r.Context().Err(); err != nil {
			return nil, err // nobody waits for the answer
		}
		f.add(record, words, last)
	}
	return f, nil
}

// add adds a record if it has all the words.
func (f *found) add(record json.RawMessage, words []string, last int64) {
	f.Total++
	if !matches(record, words) {
		return
	}
	f.Found++
	if int64(len(f.Records)) == last {
		f.Records = f.Records[1:]
	}
	f.Records = append(f.Records, record)
}

// matches reports whether the values of a record have all the words, in lower case.
func matches(record json.RawMessage, words []string) bool {
	text := strings.ToLower(values(record))
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// values returns the strings, numbers and literals of JSON, a line each.
func values(record json.RawMessage) string {
	var b strings.Builder
	d := jsontext.NewDecoder(bytes.NewReader(record), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		token, err := d.ReadToken()
		if err != nil {
			return b.String() // its end
		}
		kind, n := d.StackIndex(d.StackDepth())
		if isName := kind == '{' && n%2 == 1; isName || strings.ContainsRune("{}[]", rune(token.Kind())) {
			continue
		}
		b.WriteString(token.String() + "\n")
	}
}
