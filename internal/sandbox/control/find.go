package control

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxLast is how many records can be asked for by number.
const maxLast = 10_000

// find returns the records: all of them, or as the query's search and last say.
func (c *call) find(all iter.Seq[json.RawMessage]) (any, error) {
	query := c.r.URL.Query()
	if !query.Has("search") && !query.Has("last") {
		return records(all), nil
	}
	last := maxLast
	if text := query.Get("last"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxLast {
			return nil, badRequest("last: %q; want 1 to %d", shown(text), maxLast)
		}
		last = n
	}
	found := found{Records: []json.RawMessage{}}
	words := strings.Fields(strings.ToLower(query.Get("search")))
	for record := range all {
		if err := c.r.Context().Err(); err != nil {
			return nil, err // nobody waits for the answer
		}
		found.add(record, words, last)
	}
	return found, nil
}

// found are the records that were looked for.
type found struct {
	Records []json.RawMessage `json:"records"` // the last of them
	Found   int               `json:"found"`
	Total   int               `json:"total"`
}

// add adds a record if it has all the words.
func (f *found) add(record json.RawMessage, words []string, last int) {
	f.Total++
	if !matches(record, words) {
		return
	}
	f.Found++
	if len(f.Records) == last {
		f.Records = f.Records[1:]
	}
	f.Records = append(f.Records, record)
}

// matches reports whether the values of a record have all the words, in lower case.
func matches(record json.RawMessage, words []string) bool {
	if len(words) == 0 {
		return true
	}
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
