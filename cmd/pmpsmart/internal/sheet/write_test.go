package sheet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func write(t testing.TB, o WriteOptions, heads []string, rows ...[]Cell) string {
	t.Helper()
	var b bytes.Buffer
	w, err := Create(&b, heads, o)
	require.NoError(t, err)
	for _, row := range rows {
		require.NoError(t, w.Write(row...))
	}
	require.NoError(t, w.Close())
	return b.String()
}

var noon = time.Date(2026, 2, 9, 5, 5, 30, 0, time.UTC)

func TestCSVIsWrittenAsRFC4180HasIt(t *testing.T) {
	t.Parallel()
	got := write(t, WriteOptions{}, []string{"id", "code", "total", "at", "day", "ok", "data", "none"},
		[]Cell{Int(12345678901234567), Text("00012"), Number("-1.50"), Time(noon), Date("2026-02-09"), Bool(true), JSON(json.RawMessage(`{"a":1}`)), {}},
		[]Cell{{}, {}, {}, {}, {}, {}, {}, {}})
	assert.Equal(t, "id,code,total,at,day,ok,data,none\n"+
		`12345678901234567,00012,-1.50,2026-02-09T12:05:30+07:00,2026-02-09,true,"{""a"":1}",`+"\n"+
		"\"\",,,,,,,\n", got)
}

func TestTheFormThatExcelInIndonesiaOpens(t *testing.T) {
	t.Parallel()
	got := write(t, WriteOptions{Excel: true}, []string{"id", "code", "total", "at", "day"},
		[]Cell{Int(12345678901234567), Text("00012"), Number("-1.50"), Time(noon), Date("2026-02-09")},
		[]Cell{Int(7), Text("12E5"), Number("0.1234567890123456"), Time(noon.Add(time.Millisecond * 5)), Text("MAR-12")},
		[]Cell{Int(7), Text("A-1; B"), Number("1e5"), {}, Text("1-2")})
	assert.Equal(t, "\ufeffid;code;total;at;day\r\n"+
		`"=""12345678901234567""";"=""00012""";"-1,50";09/02/2026 12:05:30;09/02/2026`+"\r\n"+
		`7;"=""12E5""";"=""0.1234567890123456""";"09/02/2026 12:05:30,005";"=""MAR-12"""`+"\r\n"+
		`7;"A-1; B";"=""1e5""";;"=""1-2"""`+"\r\n", got)
}

func TestFormulasAreGuarded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=1+1":              "'=1+1",
		"+628":              "'+628",
		"-":                 "'-",
		"-5":                "-5",
		"-5.25":             "-5.25",
		"-5x":               "'-5x",
		"@SUM(A1)":          "'@SUM(A1)",
		"\t=1":              "\"'\t=1\"",
		"\r=1":              "\"'\r=1\"",
		"-Inf":              "'-Inf",
		"-0x1p4":            "'-0x1p4",
		"+1_0":              "'+1_0",
		"-1e5":              "'-1e5",
		" =1+1":             "' =1+1",
		"\x00=1+1":          "\"'\x00=1+1\"",
		"\ufeff=1":          "'\ufeff=1",
		"\u200b=1":          "'\u200b=1",
		"＝1":                "'＝1",
		"＋1":                "'＋1",
		"－1":                "'－1",
		"＠1":                "'＠1",
		"'=1":               "''=1",
		"'a":                "'a",
		"x;=1+1":            `"x;=1+1"`,
		"x\t=1+1":           "\"x\t=1+1\"",
		"x,=1+1":            `"x,=1+1"`,
		"x|=1":              `"x|=1"`,
		"x\n=1":             "\"x\n=1\"",
		"x\x00":             "\"x\x00\"",
		`a"b`:               `"a""b"`,
		`\.`:                `"\."`,
		"1=1":               "1=1",
		"sep=;":             `"sep=;"`,
		"=cmd|' /C calc'!A": `"'=cmd|' /C calc'!A"`,
	} {
		got := write(t, WriteOptions{}, []string{"x"}, []Cell{Text(text)})
		assert.Equal(t, "x\n"+want+"\n", got, "%q", text)
		raw := write(t, WriteOptions{Raw: true}, []string{"x"}, []Cell{Text(text)})
		assert.NotContains(t, raw, "'"+text, "%q", text)
		assert.Equal(t, text, readBack(t, got, ReadOptions{})[0][0].Text)
		assert.Equal(t, text, readBack(t, raw, ReadOptions{Raw: true})[0][0].Text)
	}
}

// readBack reads all rows of a file that was written.
func readBack(t testing.TB, file string, o ReadOptions) (rows [][]Cell) {
	t.Helper()
	r, err := New("file", strings.NewReader(file), o)
	require.NoError(t, err)
	defer r.Close()
	for row, err := range r.Rows() {
		require.NoError(t, err)
		rows = append(rows, row.Cells)
	}
	return rows
}

// same reports whether a cell that was read says what one that was written says.
func same(wrote, read Cell) bool {
	switch wrote.Kind {
	case KindNumber:
		number := read.Text
		if commaNumber.MatchString(number) {
			number = strings.Replace(number, ",", ".", 1)
		}
		trimmed := strings.TrimRight(wrote.Text, "0")
		return number == wrote.Text || strings.Contains(wrote.Text, ".") && number == strings.TrimSuffix(trimmed, ".")
	case KindTime:
		wrote, _ := Moment(wrote.Text, nil)
		read, ok := Moment(read.Text, nil)
		return ok && read.Equal(wrote)
	case KindDate:
		day, ok := Moment(read.Text, nil)
		return ok && day.Format(time.DateOnly) == wrote.Text
	}
	return wrote.Text == read.Text
}

// pieces are what random texts are made of.
var pieces = []string{
	"a", "Toko", "é", "中", "😀", " ", "  ", "\"", "\"\"", "'", "''", ",", ";", "\t", "|", "\n", "\r", "\r\n", "=", "+", "-", "@", "0", "00012", "1.5", "1,5",
	"12345678901234567", "1E5", "1/2", "=\"1\"", "=\"", "#N/A", "\u00a0", "\u200b", "\ufeff", "＝", "TRUE", "MAR", "sep=", "\\", "\\.", "_x0041_", "<&>", "{", "[", "null",
}

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(6) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func randomCell(r *rand.Rand) Cell {
	switch r.IntN(9) {
	case 0:
		return Cell{}
	case 1:
		return Int(r.Int64() >> r.IntN(63))
	case 2:
		return Number(fmt.Sprintf("%d.%02d", r.IntN(1e6)-5e5, r.IntN(100)))
	case 3:
		return Time(time.UnixMilli(r.Int64N(4e12)).In(wib))
	case 4:
		return Date(time.Unix(r.Int64N(4e9), 0).UTC().Format(time.DateOnly))
	case 5:
		return Bool(r.IntN(2) == 0)
	case 6:
		return JSON(json.RawMessage(`{"a":[1,"` + strings.Repeat("x", r.IntN(3)) + `"]}`))
	case 7:
		return Text(strings.Repeat("0", r.IntN(3)) + fmt.Sprint(r.Int64()>>r.IntN(63)))
	}
	return Text(randomText(r))
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]WriteOptions{
		"CSV":       {},
		"semicolon": {Separator: ';'},
		"tab":       {Separator: '\t'},
		"bar":       {Separator: '|'},
		"Excel":     {Excel: true},
		"JSONLines": {Format: JSONLines},
		"XLSX":      {Format: XLSX},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(100) {
				roundTrip(t, o, seed)
			}
		})
	}
}

func roundTrip(t *testing.T, o WriteOptions, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	heads := []string{"id", "a;b", "c,d", "=x", "kode \"x\""}[:1+r.IntN(5)]
	rows := make([][]Cell, 1+r.IntN(30))
	for i := range rows {
		for range heads {
			rows[i] = append(rows[i], randomCell(r))
		}
		if o.Format == XLSX { // where a row of empty cells is none
			rows[i][0] = Int(int64(i))
		}
	}
	file := write(t, o, heads, rows...)
	var columns []Column
	for _, head := range heads {
		columns = append(columns, Column{Name: head})
	}
	read := readBack(t, file, ReadOptions{Columns: columns, Whole: true})
	require.Len(t, read, len(rows), "seed %d: %.2000q", seed, file)
	for i := range rows {
		for j, wrote := range rows[i] {
			require.True(t, same(wrote, read[i][j]), "seed %d: wrote %#v, read %#v in %.2000q", seed, wrote, read[i][j], file)
		}
	}
}

func TestJSONLinesKeepKinds(t *testing.T) {
	t.Parallel()
	row := []Cell{Int(12345678901234567), Text("00012"), Number("1.50"), Bool(false), {}, JSON(json.RawMessage(`{"a":1.0}`)), Text("a\"b\u2028\n")}
	heads := []string{"id", "code", "n", "ok", "none", "data", "text"}
	file := write(t, WriteOptions{Format: JSONLines}, heads, row)
	assert.Equal(t, `{"id":12345678901234567,"code":"00012","n":1.50,"ok":false,"none":null,"data":{"a":1.0},"text":"a\"b`+"\u2028"+`\n"}`+"\n", file)
	assert.Equal(t, [][]Cell{row}, readBack(t, file, ReadOptions{Whole: true}))
}

func TestGoingOnWithAFile(t *testing.T) {
	t.Parallel()
	for _, o := range []WriteOptions{{}, {Excel: true}, {Format: JSONLines}} {
		whole := write(t, o, []string{"id", "code"}, []Cell{Int(1), Text("A")}, []Cell{Int(2), Text("=B")})
		first := write(t, o, []string{"id", "code"}, []Cell{Int(1), Text("A")})
		o.Append = true
		assert.Equal(t, whole, first+write(t, o, []string{"id", "code"}, []Cell{Int(2), Text("=B")}))
	}
}

func TestCreateRefusesWhatCantBeRead(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		heads []string
		o     WriteOptions
	}{
		`two columns would be called "id"`:                        {[]string{"id", "id"}, WriteOptions{}},
		"a table needs a column":                                  {nil, WriteOptions{}},
		"the form for Excel is one of CSV, not of jsonl":          {[]string{"id"}, WriteOptions{Format: JSONLines, Excel: true}},
		"a workbook can't be gone on with":                        {[]string{"id"}, WriteOptions{Format: XLSX, Append: true}},
		`can't write "pdf"; it can be csv, jsonl or xlsx`:         {[]string{"id"}, WriteOptions{Format: "pdf"}},
		`"\"" can't separate cells; take one character such as ;`: {[]string{"id"}, WriteOptions{Separator: '"'}},
	} {
		_, err := Create(&bytes.Buffer{}, c.heads, c.o)
		require.EqualError(t, err, want)
	}
	w, err := Create(&bytes.Buffer{}, []string{"a", "b"}, WriteOptions{})
	require.NoError(t, err)
	require.EqualError(t, w.Write(Int(1)), "the row has 1 cell, and there are 2 heads")
	w, err = Create(fullDisk{}, []string{"a"}, WriteOptions{})
	require.NoError(t, err)
	require.NoError(t, w.Write(Int(1)))
	require.ErrorContains(t, w.Close(), "no space")
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, fmt.Errorf("no space") }
