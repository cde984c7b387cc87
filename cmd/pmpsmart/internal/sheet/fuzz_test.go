package sheet

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dump reads a file in pieces and shows all that came of it.
func dump(content []byte, piece int, o ReadOptions) string {
	r, err := New("file", pipe{bytes.NewReader(content), piece}, o)
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	var b strings.Builder
	for row, err := range r.Rows() {
		fmt.Fprintf(&b, "%d %q %v\n", row.Line, row.Cells, err)
	}
	fmt.Fprintf(&b, "%q", r.Heads())
	return b.String()
}

// FuzzRead reads anything, whole and in small pieces: what comes of it is the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"id,code\n1,A\n", "sep=;\r\nid;code\r\n1;\"A\"\"\r\n", "\"a\nb\",c\r\r\n\"", "{\"id\":1}\n{\"id\":2}", "[{\"a\":[{}]}]", "\xff\xfea\x00,\x00b\x00\n\x00", "id\tn\n1\tCaf\xe9\n",
		"<html>", "PK\x03\x04", "\x1f\x8b", "{\n\"a\":1\n}\n{\n\"b\":2}", zipOf(f, aBook(bookRows)), gzipOf(f, "a,b\n1,2\n"),
	} {
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, content []byte, bounded bool) {
		var o ReadOptions
		if bounded {
			o = ReadOptions{MaxCell: 20, MaxRow: 100, MaxColumns: 4}
		}
		assert.Equal(t, dump(content, 1<<20, o), dump(content, 1, o))
	})
}

// FuzzCSV holds the reader against encoding/csv on what that takes for flawless.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"id,code\n1,A\n", "a,\"b\nc\",\"d\"\"e\"\n1,2,3\n", "a;b,c\n\"\"\n", ",\n,,\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		in := csv.NewReader(strings.NewReader(content))
		in.FieldsPerRecord = -1
		want, err := in.ReadAll()
		if err != nil || !utf8.ValidString(content) || strings.ContainsAny(content, "\r") || strings.Contains(content, " \"") {
			return // of CR and of spaces around quotes it has another opinion
		}
		parser := csvParser{sep: ",", maxCell: 1 << 20, maxCells: 1 << 20}
		rest := []byte(content)
		for _, record := range want {
			for {
				n := parser.parse(rest, true)
				require.Positive(t, n)
				rest = rest[n:]
				if parser.quoted || len(parser.cells) > 1 || len(parser.cells[0]) > 0 {
					break
				}
			}
			var got []string
			for _, cell := range parser.cells {
				got = append(got, string(cell))
			}
			require.Equal(t, record, got)
		}
	})
}

// FuzzXML holds the scanner of workbooks against encoding/xml on what that takes.
func FuzzXML(f *testing.F) {
	f.Add(`<?xml version="1.0"?><x:row r="1" s='a>b'><c><v>1&lt;&#65;&#x42;</v></c><!-- - --><c/><is><t xml:space="preserve"> a<![CDATA[<&]]> </t></is></x:row>`)
	f.Add(`<a><!--> still a comment --><b/></a>`)
	f.Fuzz(func(t *testing.T, content string) {
		in := xml.NewDecoder(strings.NewReader(content))
		var want, got []string
		add := func(list *[]string, kind, text string) {
			if n := len(*list); kind == "text" && n > 0 && strings.HasPrefix((*list)[n-1], kind) {
				(*list)[n-1] += text
			} else if text != "" {
				*list = append(*list, kind+" "+text)
			}
		}
		for {
			token, err := in.RawToken()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			switch e := token.(type) {
			case xml.StartElement:
				add(&want, "start", e.Name.Local)
				for _, a := range e.Attr[:min(len(e.Attr), 1)] {
					if a.Name.Space == "" && !strings.Contains(a.Name.Local, ":") {
						add(&want, "attribute", a.Name.Local+"="+a.Value)
					}
				}
			case xml.EndElement:
				add(&want, "end", e.Name.Local)
			case xml.CharData:
				add(&want, "text", string(e))
			case xml.Directive:
				return
			}
		}
		s := newXMLScanner(pipe{strings.NewReader(content), 3}, 1<<20)
		for {
			kind, err := s.next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			switch kind {
			case xmlStart:
				add(&got, "start", string(s.name))
				if key, _, ok := strings.Cut(strings.TrimSpace(string(s.attrs)), "="); ok && !strings.Contains(key, ":") {
					add(&got, "attribute", strings.TrimSpace(key)+"="+s.attr(strings.TrimSpace(key)))
				}
			case xmlEnd:
				add(&got, "end", string(s.name))
			case xmlChars:
				add(&got, "text", string(s.text))
			}
		}
		require.Equal(t, want, got)
	})
}

// FuzzRoundTrip writes any text in every dialect and reads it back.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range pieces {
		f.Add(seed, "x"+seed)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = strings.ToValidUTF8(a, "�"), strings.ToValidUTF8(b, "�")
		for _, o := range []WriteOptions{{}, {Excel: true}, {Separator: '\t'}, {Format: JSONLines}} {
			file := write(t, o, []string{"a", "b"}, []Cell{Text(a), Text(b)}, []Cell{Text(b), Int(1)})
			if strings.Contains(dump([]byte(file), 1<<20, ReadOptions{}), "is no text") {
				continue // so short a text, and nothing but control characters
			}
			rows := readBack(t, file, ReadOptions{Columns: []Column{{Name: "a"}, {Name: "b"}}})
			require.Len(t, rows, 2, "%q", file)
			assert.Equal(t, []string{a, b, b, "1"}, []string{rows[0][0].Text, rows[0][1].Text, rows[1][0].Text, rows[1][1].Text}, "%q", file)
		}
	})
}

// FuzzFlatten flattens any object: each name stands once, and Fields knows all columns.
func FuzzFlatten(f *testing.F) {
	f.Add(`{"id":1,"items":[{"qty":2},{"qty":3,"x":[]}],"a.b":1}`)
	f.Fuzz(func(t *testing.T, object string) {
		if !json.Valid([]byte(object)) {
			return
		}
		var fields Fields
		if fields.Learn(json.RawMessage(object)) != nil {
			return
		}
		seen := map[string]bool{}
		for _, head := range fields.Heads() {
			require.False(t, seen[head], head)
			seen[head] = true
		}
		require.NoError(t, Flatten(json.RawMessage(object), func(name string, _ Cell) error {
			require.True(t, seen[name], name)
			return nil
		}))
		_, _ = Explode(json.RawMessage(object), "items")
	})
}

// What is made to be read again and again takes no more than its length asks for.
func TestReadingTakesTimeInProportion(t *testing.T) {
	for name, piece := range map[string]string{
		"quotes that open": "\"a\n", "doubled": "\"\"", "opening cells": ",\"", "an odd one": "a,\"b\"\"\n", "quote and space": "\" ", "one long row": "a,",
		"quoted lines": "\"a\nb\n\",", "separators": ";,\t|", "blank": "\n", "CR": "\r", "spaces": " ", "NUL": "a\x00b\x00,\n", "objects": "{\"a\":1}\n", "open objects": "{\"a\":", "lists": "[",
	} {
		short, long := fastest(t, piece, 1<<15), fastest(t, piece, 1<<18)
		if long > 24*short+150*time.Millisecond { // eight times the length, on a machine that does other things too
			t.Errorf("%s: %v for a length of which an eighth takes %v", name, long, short)
		}
	}
}

func fastest(t *testing.T, piece string, size int) time.Duration {
	t.Helper()
	content := "id,code\n1,A\n" // a good row, or the file would be the wrong one
	if strings.ContainsAny(piece[:1], "{[") {
		content = "{\"id\":1}\n"
	}
	content += strings.Repeat(piece, size/len(piece))
	best := time.Hour
	for range 2 {
		began := time.Now()
		r, err := New("file", strings.NewReader(content), ReadOptions{})
		if err == nil {
			for _, err := range r.Rows() {
				if errors.Is(err, io.ErrNoProgress) {
					t.Fatal(err)
				}
			}
			r.Close()
		}
		best = min(best, time.Since(began))
	}
	return best
}
