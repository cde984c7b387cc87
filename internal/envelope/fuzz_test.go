package envelope

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// answers are bodies as servers send them, one a file.
func answers(t testing.TB) map[string]string {
	paths, err := filepath.Glob("testdata/answers/*")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	bodies := make(map[string]string)
	for _, path := range paths {
		body, err := os.ReadFile(path)
		require.NoError(t, err)
		bodies[filepath.Base(path)] = string(body)
	}
	return bodies
}

func seed(f *testing.F) {
	for _, body := range answers(f) {
		f.Add([]byte(body), uint16(len(body)/2))
	}
	for _, body := range []string{
		`{"data":{"a":{"b":{"c":[null,{"id":7}]}}}}`,
		`{"data":{"summary":[{"status":"open"}],"columns":["id"],"orders":[` + orderA + `]}}`,
		`{"data":{"user":{"id":2,"orders":[` + orderA + `]},"outlet":{"id":3}}}`,
		`{"data":{"2026-02-01":[{"id":1}],"2026-02-02":[{"id":2,"kode_order":"B"}]}}`,
		`{"data":{"2026-02-01":{"open":[{"kode_order":"A","status":"open"}],"cancel":[{"kode_order":"B"}]}}}`,
		`{"data":[[` + orderA + `],[` + orderB + `,null]]}`,
		`[{"order":` + orderA + `,"outlet":{"id":3}},{"id":7,"orders":[` + orderB + `]}]`,
		`[{"status":"success","data":[` + orderA + `],"total":5},{"success":false,"message":"x"}]`,
		`{"data":[{"id":"1","attributes":{"kode_order":"A"}},{"type":"Feature","properties":{"kode_order":"B"}}]}`,
		`{"data":[{"id":1}],"meta":{"page":{"current-page":1,"lastPage":3,"total":"5"}},"links":[{"rel":"next","href":"/x?page=2"}]}`,
		`{"content":[{"id":1}],"pageable":{"pageNumber":0},"last":false,"total_data":7,"nextPageToken":"x","offset":0}`,
	} {
		f.Add([]byte(body), uint16(len(body)/2))
	}
}

// maxFuzzed bounds what the targets below read: more bytes find no more, only later.
const maxFuzzed = 4 << 10

// FuzzList reads any bytes as a list: no panic, no half record, the same records,
// drift and error however the bytes come, and at a cut the records before it.
func FuzzList(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, body []byte, cut uint16) {
		if len(body) > maxFuzzed {
			return
		}
		whole := readTwoWays(t, string(body), asJSON, uint64(cut))
		for _, record := range whole.Records {
			checkRecord(t, &record)
		}
		if isClean(body) && int(cut) < len(body) {
			checkCut(t, body[:cut], uint64(len(body)), whole)
		}
		checkSeq(t, body, int(cut%8), whole)
		strict := asJSON
		strict.Strict = true
		tight := readList(bytes.NewReader(body), strict)
		odd := func(r result) bool { return r.Err != "" || r.Answer.Failed }
		assert.Equal(t, odd(whole) || whole.Answer.Drifts != nil, odd(tight), "strict: %s", tight.Err)
	})
}

// isClean tells a body that starts as JSON, so that a part of it does too.
func isClean(body []byte) bool {
	return len(body) > 1 && (body[0] == '{' && body[1] == '"' || body[0] == '[' && body[1] == '{')
}

// checkRecord checks that a record is whole: it can be written and read back.
func checkRecord(t *testing.T, record *order) {
	raw := orders.Append(nil, record)
	assert.True(t, json.Valid(raw) && utf8.Valid(raw), "%s", raw)
	again, _ := decode(string(raw))
	assert.Equal(t, string(raw), string(orders.Append(nil, &again)))
}

// checkCut checks that the part of a list gives the list's first records and an
// error, unless it is whole by itself.
func checkCut(t *testing.T, part []byte, number uint64, whole result) {
	got := readTwoWays(t, string(part), asJSON, number)
	switch {
	case got.Err != "":
		require.LessOrEqual(t, len(got.Records), len(whole.Records))
		assert.Equal(t, whole.Records[:len(got.Records)], got.Records)
	case whole.Err == "":
		assert.Equal(t, whole.Records, got.Records)
	}
}

// checkSeq checks that a consumer that stops after n records gets the first n,
// and that a bound of each record gives those before the first that is too large.
func checkSeq(t *testing.T, body []byte, n int, whole result) {
	o := asJSON
	o.PerRecord = true
	var record order
	var got []order
	_, err := List(bytes.NewReader(body), orders, o, func() *order { record = order{}; return &record }, func() bool {
		got = append(got, record)
		return len(got) <= n
	})
	most := min(n+1, len(whole.Records))
	assert.Equal(t, whole.Records[:most], append([]order{}, got...))
	assert.Equal(t, len(whole.Records) > n, errors.Is(err, ErrStopped))

	o.MaxBytes = 50
	tight := readList(bytes.NewReader(body), o)
	if tight.Err == ErrTooLarge.Error() {
		require.LessOrEqual(t, len(tight.Records), len(whole.Records))
		assert.Equal(t, whole.Records[:len(tight.Records)], tight.Records)
	} else {
		assert.Equal(t, whole, tight)
	}
}

// FuzzOne reads any bytes as one record.
func FuzzOne(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, body []byte, cut uint16) {
		if len(body) > maxFuzzed {
			return
		}
		whole := readOne(t, string(body), asJSON)
		checkRecord(t, &whole.Record)
		switch {
		case whole.Err != "":
			assert.Equal(t, order{}, whole.Record, "no half record")
			assert.False(t, whole.Found)
		case !whole.Found: // Extra may hold what an envelope says besides
			assert.Equal(t, order{Extra: whole.Record.Extra}, whole.Record, "no record")
		}
		if whole.Answer.Failed {
			assert.False(t, whole.Found)
		}
		if isClean(body) && int(cut) < len(body) {
			if part := readOne(t, string(body[:cut]), asJSON); part.Err == "" && whole.Err == "" {
				assert.Equal(t, whole, part, "a part that is whole")
			}
		}
	})
}

// FuzzValue reads any bytes without a model, against encoding/json where they
// are JSON.
func FuzzValue(f *testing.F) {
	seed(f)
	f.Add([]byte(`{"Data":{"id":1},"meta":{}}`), uint16(0)) // the name stays as it is
	f.Fuzz(func(t *testing.T, body []byte, _ uint16) {
		a, v, err := Value(bytes.NewReader(body), asJSON)
		for name, split := range splits(string(body)) {
			b, w, again := Value(split, asJSON)
			assert.Equal(t, textOf(err), textOf(again), name)
			assert.Equal(t, v, w, name)
			assert.Equal(t, said(a), said(b), name)
		}
		for _, raw := range [][]byte{v.Data, v.Beside, v.Whole} {
			assert.True(t, raw == nil || json.Valid(raw) && utf8.Valid(raw), "%s", raw)
		}
		if body = bytes.Trim(body, " \t\r\n"); !utf8.Valid(body) || !json.Valid(body) {
			return
		}
		require.NoError(t, err)
		if len(a.Drifts) > 0 && a.Drifts[0].Path == "body" {
			return // what is read stands inside the body
		}
		if string(body) != "{}" && v.Whole != nil {
			assert.Equal(t, parsed(t, body), parsed(t, v.Whole))
		}
		if object, ok := parsed(t, body).(map[string]any); ok {
			if data, has := object["data"]; has {
				assert.Equal(t, data, parsed(t, v.Data))
			}
		}
	})
}

func parsed(t *testing.T, raw []byte) (v any) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&v))
	return v
}

// FuzzFailure reads any bytes that come with the HTTP status of an error.
func FuzzFailure(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, body []byte, _ uint16) {
		a := Failure(bytes.NewReader(body), asJSON)
		assert.True(t, a.Failed)
		assert.Nil(t, a.Broken)
		assert.Equal(t, string(body[:min(len(body), maxFailure+headSize)]), string(a.Head))
		texts := []string{a.Message, a.Status}
		for name, lines := range a.Fields {
			assert.NotEmpty(t, lines)
			assert.True(t, utf8.ValidString(name))
			texts = append(texts, lines...)
		}
		for _, text := range texts {
			assert.True(t, utf8.ValidString(text) && len(text) <= 510, "%q", text)
			assert.False(t, strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), "%q", text)
		}
		title, isPage := Title(body)
		assert.True(t, isPage || title == "")
	})
}

// FuzzRecord reads any object as a record, and writes and reads it again.
func FuzzRecord(f *testing.F) {
	for _, body := range answers(f) {
		var object struct{ Data []json.RawMessage }
		if json.Unmarshal([]byte(body), &object) == nil && len(object.Data) > 0 {
			f.Add([]byte(object.Data[0]))
		}
	}
	f.Fuzz(func(t *testing.T, object []byte) {
		object = bytes.Trim(object, " \t\r\n")
		var members map[string]json.RawMessage
		if !utf8.Valid(object) || json.Unmarshal(object, &members) != nil || members == nil {
			return
		}
		record, odd := decode(string(object))
		checkRecord(t, &record)
		for name, value := range loose.Members(object) {
			if s := orders.schema(); isAttributes(name, value) && s.hasInAttributes(object, value) {
				return // they are taken apart
			}
		}
		var extra map[string]json.RawMessage
		if record.Extra != "" {
			require.NoError(t, json.Unmarshal([]byte(record.Extra), &extra))
		}
		for name, raw := range members { // nothing is lost in silence
			if !orders.Knows(AppendString(nil, name)) {
				assert.Equal(t, string(raw), string(extra[name]))
			}
		}
		if len(odd) == 0 {
			for name := range extra {
				_, known := orders.index[name]
				assert.False(t, known, "%s was read, and is an extra member", name)
			}
		}
	})
}

// FuzzNoise puts any text before an answer.
func FuzzNoise(f *testing.F) {
	for _, noise := range []string{"", "\n", "\xef\xbb\xbf", "<br />\n<b>Warning</b>: x[0] in {closure}", "Array ( [0] => 1 )", `{"a":1}`, `["x"`, `{"a`, `"`} {
		f.Add(noise)
	}
	f.Fuzz(func(t *testing.T, noise string) {
		got := readTwoWays(t, noise+answerOfOne, asJSON, uint64(len(noise)))
		if got.Err != "" {
			assert.True(t, strings.ContainsAny(noise, `{["`) || isLong(noise), "%q: %s", noise, got.Err)
			return
		}
		if reflect.DeepEqual(got.Records, ids(1)) {
			assert.Equal(t, strings.Trim(noise, " \t\r\n") != "", len(got.Answer.Drifts) > 0)
			return
		}
		assert.True(t, strings.ContainsAny(noise, `{[`), "%q: %v", noise, got.Records)
	})
}

// isLong tells noise that hides what comes after it.
func isLong(noise string) bool { return len(noise)+len(answerOfOne) > window }
