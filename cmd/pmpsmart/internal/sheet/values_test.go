package sheet

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

func TestDamaged(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1,23E+12", "1.23E+12", "-1E+05", "1.2345678901234E+100", " 1,23E+12 ", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#NILAI!", "####", "Err:502", "Caf\ufffd"} {
		why, damaged := Damaged(text)
		assert.True(t, damaged, text)
		assert.NotEmpty(t, why.String())
		assert.NotEqual(t, why.String(), why.In(lang.Indonesian))
	}
	for _, text := range []string{"", "12E5", "1E5", "E+12", "A1E+12", "#12", "#", "OUT#1!", "1.23", "1e+12x", "12.3E+12"} {
		_, damaged := Damaged(text)
		assert.False(t, damaged, text)
	}
}

func TestUnquote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`="00012"`: "00012", "'00012": "00012", `="a""b"`: `a"b`, "'=1": "=1", "'+62": "+62",
		"00012": "00012", "'s Hertogenbosch": "'s Hertogenbosch", "'": "'", `="a"&"b"`: `="a"&"b"`, `=""`: "", "": "",
	} {
		assert.Equal(t, want, Unquote(text), text)
	}
}

func TestInvisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a\nb": "a line break", "a\rb": "a line break", "a\u2028": "a line break", "\ta": "a tab", "a\u00a0b": "a no-break space (U+00A0)",
		"a\u200bb": "an invisible character (U+200B)", "\ufeffa": "an invisible character (U+FEFF)", "a\u00ad": "an invisible character (U+00AD)",
		"\u202ea": "a mark that turns the direction of writing (U+202E)", "a\u200f": "a mark that turns the direction of writing (U+200F)",
		"a\u2003b": "a space that is not the usual one (U+2003)", "a\x00": "a control character (U+0000)", "\u3164": "an invisible character (U+3164)", "a\ufe0f": "an invisible character (U+FE0F)",
	} {
		what, found := Invisible(text)
		assert.True(t, found, "%q", text)
		assert.Equal(t, want, what.String(), "%q", text)
	}
	for _, text := range []string{"", "OUT 1", "Café", "中文", "😀"} {
		_, found := Invisible(text)
		assert.False(t, found, text)
	}
}

func TestInteger(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"2": 2, "2.0": 2, "2,00": 2, " 7 ": 7, "-3": -3, "+3": 3, "00012": 12, "12345678901234567": 12345678901234567, "2.0000": 2} {
		n, ok := Integer(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, n, text)
	}
	for _, text := range []string{"", "2.5", "2.000", "1.000.000", "1e3", "0x1", "1_0", "99999999999999999999", "abc", "٣", "1,23E+12", "2 3"} {
		_, ok := Integer(text)
		assert.False(t, ok, text)
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 2, 9, 14, 5, 30, 0, wib)
	for _, text := range []string{"2026-02-09T14:05:30+07:00", "2026-02-09T07:05:30Z", "2026-02-09 14:05:30", "09/02/2026 14:05:30", "9/2/2026 14.05.30", "09-02-2026 14:05:30", " 09/02/2026 14:05:30 "} {
		got, ok := Moment(text, nil)
		assert.True(t, ok, text)
		assert.True(t, want.Equal(got), "%s: %v", text, got)
	}
	for text, want := range map[string]string{"2026-02-09": "2026-02-09", "09/02/2026": "2026-02-09", "9/2/2026": "2026-02-09", "31/12/2026 23:59": "2026-12-31"} {
		got, ok := Moment(text, nil)
		assert.True(t, ok, text)
		assert.Equal(t, want, got.Format(time.DateOnly), text)
	}
	for _, text := range []string{"", "2026", "02/13/2026", "31/02/2026", "soon", "46062"} {
		_, ok := Moment(text, nil)
		assert.False(t, ok, text)
	}
}

func TestCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want Cell }{
		{Number("1.50"), Cell{KindNumber, "1.50"}}, {Number("-0"), Cell{KindNumber, "-0"}}, {Number("1E-5"), Cell{KindNumber, "1E-5"}},
		{Number("007"), Cell{KindText, "007"}}, {Number("+1"), Cell{KindText, "+1"}}, {Number("NaN"), Cell{KindText, "NaN"}}, {Number("1."), Cell{KindText, "1."}}, {Number(""), Cell{KindText, ""}}, {Number("1e"), Cell{KindText, "1e"}},
		{Time(time.Time{}), Cell{}}, {Date(""), Cell{}}, {Date("2026-02-30"), Cell{KindText, "2026-02-30"}},
		{JSON(json.RawMessage(` "a\u00e9" `)), Text("aé")}, {JSON(json.RawMessage("null")), Cell{}}, {JSON(json.RawMessage("12345678901234567")), Int(12345678901234567)}, {JSON(json.RawMessage("true")), Bool(true)},
		{JSON(json.RawMessage("[1]")), Cell{KindJSON, "[1]"}}, {JSON(nil), Cell{}},
	} {
		assert.Equal(t, c.want, c.got)
	}
	assert.JSONEq(t, `["a\"",1.50,true,null,[1],"2026-02-09","x"]`, string(bytesOf(Text(`a"`), Number("1.50"), Bool(true), Cell{}, JSON(json.RawMessage("[1]")), Date("2026-02-09"), Cell{KindPlain, "x"})))
}

func bytesOf(cells ...Cell) (list []byte) {
	for i, cell := range cells {
		list = append(append(list, "[,"[min(i, 1)]), cell.JSON()...)
	}
	return append(list, ']')
}

func TestParseMapping(t *testing.T) {
	t.Parallel()
	got, err := ParseMapping(` code = Kode Outlet , status="Status, baru" ,id=#2,`)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"code": "Kode Outlet", "status": "Status, baru", "id": "#2"}, got)
	got, err = ParseMapping("")
	require.NoError(t, err)
	assert.Empty(t, got)
	for text, want := range map[string]string{
		"code":          `"code" names no column of the file; write it like code=Kode,status=Status`,
		"=Kode":         `"=Kode" names no column of the file; write it like code=Kode,status=Status`,
		"code=":         "code= names no column of the file; write it like code=Kode,status=Status",
		`code="Kode`:    `"Kode lacks a closing quote; write it like code="Kode, baru"`,
		"code=A,code=B": `the column "code" is given twice`,
	} {
		_, err := ParseMapping(text)
		assert.EqualError(t, err, want)
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	objects := []string{
		`{"id":1,"items":[{"qty":2}],"outlet":{"name":"x"},"at":null}`,
		`{"id":2,"items":[{"qty":3,"sku":"A"},{"qty":4}],"more":true}`,
	}
	var fields Fields
	for _, object := range objects {
		require.NoError(t, fields.Learn(json.RawMessage(object)))
	}
	assert.Equal(t, []string{"id", "items.0.qty", "items.0.sku", "items.1.qty", "outlet.name", "at", "more"}, fields.Heads())

	few := Fields{Most: 2}
	assert.EqualError(t, few.Learn(json.RawMessage(`{"a":[1,2,3]}`)), "the nested fields take more than 2 columns; write them as JSON Lines, or a row for each item of a list")
	assert.EqualError(t, fields.Learn(json.RawMessage(`[1]`)), `is a list; want an object like {"id":1}`)
}

func TestExplode(t *testing.T) {
	t.Parallel()
	for object, want := range map[string][]string{
		`{"id":1,"items":[{"qty":2},{"qty":3.0}],"at":"x\"y"}`: {`{"id":1,"items":{"qty":2},"at":"x\"y"}`, `{"id":1,"items":{"qty":3.0},"at":"x\"y"}`},
		`{"id":1,"items":[]}`:     {`{"id":1}`},
		`{"id":1,"items":null}`:   {`{"id":1}`},
		`{"id":1}`:                {`{"id":1}`},
		`{"items":["a"]}`:         {`{"items":"a"}`},
		`{"items":{"a":1},"b":2}`: {`{"items":{"a":1},"b":2}`},
	} {
		got, err := Explode(json.RawMessage(object), "items")
		require.NoError(t, err)
		var texts []string
		for _, item := range got {
			texts = append(texts, string(item))
		}
		assert.Equal(t, want, texts, object)
	}
}

func TestErrorsInIndonesian(t *testing.T) {
	t.Parallel()
	_, problems := readAll(t, "id;code\n1\n", ReadOptions{})
	assert.Equal(t, []string{"line 2: the row has 1 cell, needs 2"}, problems)
	bad := &RowError{Line: 2, Err: lang.Errorf("the row has %s, needs %d", lang.Count(1, "cell"), 2)}
	assert.Equal(t, "baris 2: baris ini punya 1 sel, perlu 2", lang.Indonesian.Error(bad))
	assert.Equal(t, "f: baris 2: baris ini punya 1 sel, perlu 2", lang.Indonesian.Error(lang.Errorf("%s: %w", "f", bad)))
}
