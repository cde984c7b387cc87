package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var wanted = []Column{
	{Name: "id", Synonyms: []string{"id_outlet", "outlet_id"}},
	{Name: "code", Synonyms: []string{"kode", "kode_outlet"}},
}

// pipe hides that a reader can seek, and gives it in pieces.
type pipe struct {
	in   io.Reader
	most int
}

func (p pipe) Read(b []byte) (int, error) { return p.in.Read(b[:min(len(b), p.most)]) }

// lineOf shows a row: its line and its cells.
func lineOf(row Row) string { return fmt.Sprint(row.Line, " ", strings.Join(texts(row.Cells), "|")) }

// readAll reads a table whole: its rows, and the errors of rows and of the file.
func readAll(t testing.TB, content string, o ReadOptions) (rows []string, problems []string) {
	t.Helper()
	r, err := New("file", pipe{strings.NewReader(content), 1000}, o)
	if err != nil {
		return nil, []string{err.Error()}
	}
	defer r.Close()
	for row, err := range r.Rows() {
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		rows = append(rows, lineOf(row))
	}
	return rows, problems
}

func idsAndCodes(t testing.TB, content string, o ReadOptions) (pairs []string) {
	t.Helper()
	o.Columns = wanted
	r, err := New("file", strings.NewReader(content), o)
	require.NoError(t, err)
	defer r.Close()
	for row, err := range r.Rows() {
		require.NoError(t, err)
		pairs = append(pairs, row.Get("id").Text+"="+row.Get("code").Text)
	}
	return pairs
}

func TestCSVAsTheWorldSavesIt(t *testing.T) {
	t.Parallel()
	want := []string{"1=A", "2=B;C"}
	for name, file := range map[string]string{
		"commas":               "id,code\n1,A\n2,B;C\n",
		"semicolons, BOM, CR":  "\ufeffid_outlet;Kode Outlet\r\n1;A\r\n2;\"B;C\"\r\n",
		"tabs":                 "ID Outlet\tKode\n1\tA\n2\tB;C\n",
		"bars":                 "id|code\n1|A\n2|B;C\n",
		"sep=":                 "sep=;\r\nid;code\r\n1;A\r\n2;\"B;C\"\r\n",
		"sep= in quotes":       "\"sep=;\"\r\nid;code\r\n1;A\r\n2;\"B;C\"\r\n",
		"sep= tab":             "sep=\t\nid\tcode\n1\tA\n2\tB;C\n",
		"CR alone":             "id,code\r1,A\r2,B;C\r",
		"CR CR LF":             "id,code\r\r\n1,A\r\r\n2,B;C\r\r\n",
		"no end":               "id,code\n1,A\n2,B;C",
		"quoted heads":         "\"id\";\"kode\";\"Nama, alamat, kota\"\n1;A;\"Toko, Jl. 1, Bandung\"\n2;\"B;C\";x\n",
		"titles":               "Laporan outlet\nper Januari, 2026\n\nid,code\n1,A\n2,B;C\n",
		"titles with cells":    "Laporan outlet;;;\n;;;\nNo;id;kode;nama\n1;1;A;x\n2;2;\"B;C\";y\n",
		"empty rows":           "id;code;;\n;;;\n1;A;;\n;;;\n2;\"B;C\";;\n;;;\n",
		"spaces around quotes": "id, code\n1, \"A\"\n2, \"B;C\" \n",
		"other columns":        "no,name,outlet_id,KODE_OUTLET\n9,\"Toko \"\"Maju\"\"\",1,A\n9,\"a\nb\",2,B;C\n",
		"no-break space":       "\u00a0ID\u00a0Outlet ;\u200bKode\n1;A\n2;\"B;C\"\n",
	} {
		assert.Equal(t, want, idsAndCodes(t, file, ReadOptions{}), name)
		for _, encoding := range []string{"UTF-16LE", "UTF-16BE", "UTF-16LE without BOM", "UTF-16BE without BOM"} {
			assert.Equal(t, want, idsAndCodes(t, utf16Of(strings.TrimPrefix(file, "\ufeff"), encoding), ReadOptions{}), "%s, %s", name, encoding)
		}
		assert.Equal(t, want, idsAndCodes(t, gzipOf(t, file), ReadOptions{}), name+", gzip")
	}
}

// Where the rows alone would point to another separator, or another row of heads.
func TestWhatFindsTheHeads(t *testing.T) {
	t.Parallel()
	heads := func(file string, o ReadOptions) string {
		r, err := New("file", strings.NewReader(file), o)
		require.NoError(t, err)
		defer r.Close()
		return fmt.Sprint(r.HeadLine(), " ", strings.Join(r.Heads(), "|"))
	}
	for file, want := range map[string]string{
		"\"Kode, ID\";\"Nama, kota\"\n":                                   "1 Kode, ID|Nama, kota",
		"Laporan;;;;\nper;Januari;;;\nid;a;b;c;d\n1;2;3;4;5\n6;7;8;9;0\n": "3 id|a|b|c|d",
		"Toko, Bandung\nid;nama\n1;A\n2;B\n":                              "2 id|nama",
		"satu\ndua\n":                                                     "1 satu",
		"a\r\r\nb\r\r\n\r\r\nc\r\r\n":                                     "1 a",
	} {
		assert.Equal(t, want, heads(file, ReadOptions{}), file)
	}
	assert.Equal(t, "2 id|code", heads("x,y\nid;code\n1;A,B\n2;C,D\n3;E,F\n", ReadOptions{Columns: wanted}))
	assert.Equal(t, "1 id|code", heads("id,code\n1,\"\n|ID|code\"\n|ID|code\n|x|y\n", ReadOptions{Columns: wanted}), "another separator finds the same columns further down")
	rows, problems := readAll(t, "a,b\r\r\n1,2\r\r\n3,4\r\r\n", ReadOptions{})
	assert.Empty(t, problems)
	assert.Equal(t, []string{"2 1|2", "3 3|4"}, rows)
	assert.Equal(t, "1 id|code", heads("id,code\n1,A\nid,code\n2,B\n", ReadOptions{Columns: wanted}), "the first that say it")
}

func TestAnOpenQuoteReachesNoFurtherThanACell(t *testing.T) {
	t.Parallel()
	rows, problems := readAll(t, "id,n\n1,\""+strings.Repeat("x", 200)+"\n2,b\n3,c\"\n4,d\n", ReadOptions{MaxCell: 100})
	assert.Equal(t, []string{"3 2|b", "4 3|c\"", "5 4|d"}, rows)
	assert.Equal(t, []string{"line 2: column 2 is longer than 100 bytes"}, problems)
}

func TestAStrayQuoteReadsAsItStands(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, want string }{
		{"id;n\n1;Toko \"Maju\"\n2;b\n", `2 1|Toko "Maju",3 2|b`},
		{"id;n\n1;\"Maju\" Toko\n2;b\n", `2 1|"Maju" Toko,3 2|b`},
		{"id;n\n1;\"Maju\n2;b\n", `2 1|"Maju,3 2|b`},
		{"id;n\n1;5\" pipa\n2;b\n", `2 1|5" pipa,3 2|b`},
		{"id;n\n1;\"\n2;b\n", `2 1|",3 2|b`},
		{"id;n\n1;\"a\"\"\n2;\"b\"\n", `2 1|"a"",3 2|b`},
		{"id;n\n1;\"Maju\n2;\"b\"\n3;c\n", `2 1|"Maju,3 2|b,4 3|c`},
		{"id;n\n1;\"Toko \"Maju\" Jaya\"\n2;\"b\"\n", `2 1|"Toko "Maju" Jaya",3 2|b`},
		{"id;n\n1;\"Toko\nMaju; \"\"Jaya\"\"\"\n2;b\n", "2 1|Toko\nMaju; \"Jaya\",4 2|b"},
	} {
		rows, problems := readAll(t, c.file, ReadOptions{})
		assert.Empty(t, problems, c.file)
		assert.Equal(t, c.want, strings.Join(rows, ","), c.file)
	}
}

func TestRaggedRowsAreToldByLine(t *testing.T) {
	t.Parallel()
	rows, problems := readAll(t, "id,name,code\n1,a,A\n2,b\n3,x,y,C\n4,d,D,,\n\n5,\"e\nf\",E\n6\n", ReadOptions{})
	assert.Equal(t, []string{"2 1|a|A", "5 4|d|D", "7 5|e\nf|E"}, rows)
	assert.Equal(t, []string{
		"line 3: the row has 2 cells, needs 3",
		`line 4: the row has 4 cells, and there are 3 heads; column 4 holds "C": does a text hold the separator without standing in quotes?`,
		"line 9: the row has 1 cell, needs 3",
	}, problems)

	rows, problems = readAll(t, "id,code,name\n1,A,a\n2,B\n3\n", ReadOptions{Columns: wanted})
	assert.Equal(t, []string{"2 1|A|a", "3 2|B|"}, rows, "nobody needs the name")
	assert.Equal(t, []string{"line 4: the row has 1 cell, needs 2"}, problems)
}

func TestColumnsThatFitTwiceAreRefused(t *testing.T) {
	t.Parallel()
	open := func(file string, mapping string) error {
		m, err := ParseMapping(mapping)
		require.NoError(t, err)
		r, err := New("f.csv", strings.NewReader(file), ReadOptions{Columns: wanted, Mapping: m})
		if err == nil {
			r.Close()
		}
		return err
	}
	assert.EqualError(t, open("id,id_outlet,code\n1,2,A\n", ""),
		`f.csv: line 1: two columns could be the id: "id" (column 1) and "id_outlet" (column 2); name the one that is meant, like id=id`)
	assert.EqualError(t, open("id,code,code\n1,2,A\n", ""),
		`f.csv: line 1: two columns could be the code: "code" (column 2) and "code" (column 3); name the one that is meant, like code=#2`)
	assert.NoError(t, open("id,id_outlet,code\n1,2,A\n", "id=id_outlet"))
	assert.NoError(t, open("id,code,code\n1,2,A\n", "code=#3"))
	assert.NoError(t, open("id,\"Kode, baru\"\n1,2\n", `code="Kode, baru"`))
	assert.EqualError(t, open("id,code,code\n1,2,A\n", "code=code"),
		`f.csv: line 1: code=code: two columns are called so, the "code" (column 2) and the "code" (column 3); name one by its number, like code=#2`)
	assert.EqualError(t, open("a,b\n1,A\n", ""), `f.csv: line 1: there is no column "id", "code"; the columns are "a", "b"`)
	assert.EqualError(t, open("id,code\n1,A\n", "kode=x"), `there is no column "kode" to be named; there are "id", "code"`)
	assert.EqualError(t, open("id,code\n1,A\n", "code=x"), `f.csv: line 1: code=x: there is no such column; the columns are "id", "code"`)
	assert.ErrorContains(t, open(`{"id":1,"id_outlet":2,"code":"A"}`, ""), "two columns could be the id")
}

func TestAFileWithoutHeads(t *testing.T) {
	t.Parallel()
	headless := func(cells []Cell) bool { _, ok := Integer(cells[0].Text); return ok }
	assert.Equal(t, []string{"1=A", "2=B"}, idsAndCodes(t, "1,A\n2,B\n", ReadOptions{Headless: headless}))
	assert.Equal(t, []string{"1=A", "2=B"}, idsAndCodes(t, "1,x,A\n2,y,B\n", ReadOptions{Headless: headless, Mapping: map[string]string{"code": "#3"}}))
	_, problems := readAll(t, "x,A\n2,B\n", ReadOptions{Columns: wanted, Headless: headless})
	assert.Equal(t, []string{`file: line 1: there is no column "id", "code"; the columns are "x", "A"`}, problems)
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	rows, problems := readAll(t, "id,n\n1,Caf\xe9 \x93Maju\x94\n2,b\n", ReadOptions{})
	assert.Empty(t, problems)
	assert.Equal(t, []string{"2 1|Café “Maju”", "3 2|b"}, rows, "Windows-1252")

	rows, problems = readAll(t, "id,n\n1,Café\n2,Caf\xe9\n3,c\n", ReadOptions{})
	assert.Equal(t, []string{"2 1|Café", "4 3|c"}, rows)
	assert.Equal(t, []string{`line 3: the text "Caf�" is not UTF-8, as the rows before are; save the file as CSV UTF-8`}, problems)

	_, problems = readAll(t, "id,n\n1,a\x81b\n2,c\n", ReadOptions{})
	assert.Equal(t, []string{`line 2: the text "a�b" is neither UTF-8 nor Windows-1252; save the file as CSV UTF-8`}, problems)

	late := "id,n\n" + strings.Repeat("1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 10_000) + "2,Caf\xe9\n"
	rows, problems = readAll(t, late, ReadOptions{})
	assert.Empty(t, problems)
	assert.Equal(t, "10002 2|Café", rows[len(rows)-1])
}

func TestJSON(t *testing.T) {
	t.Parallel()
	want := []string{`1 1|00012|{"a":[1.50,true]}|`, "2 12345678901234567|x||y"}
	whole := ReadOptions{Whole: true}
	for name, file := range map[string]string{
		"lines":       `{"id":1,"code":"00012","data":{"a":[1.50,true]}}` + "\n" + `{"id":12345678901234567,"code":"x","more":"y"}`,
		"BOM":         "\ufeff" + `{"id":1,"code":"00012","data":{"a":[1.50,true]}}` + "\r\n" + `{"id":12345678901234567,"code":"x","more":"y"}` + "\r\n",
		"array":       `[{"id":1,"code":"00012","data":{"a":[1.50,true]}},` + "\n" + `{"id":12345678901234567,"code":"x","more":"y"}]`,
		"array alone": "[\n" + `{"id":1,"code":"00012","data":{"a":[1.50,true]}} , {"id":12345678901234567,"code":"x","more":"y"}` + "\n]\n",
		"spread":      "{\n\"id\":1,\n\"code\":\"00012\",\n\"data\":{\"a\":[1.50,true]}}\n{\n\"id\":12345678901234567,\"code\":\"x\",\"more\":\"y\"}\n",
	} {
		rows, problems := readAll(t, file, whole)
		assert.Empty(t, problems, name)
		assert.Equal(t, []string{strings.TrimSuffix(want[0], "|"), want[1]}, rows, name)
		rows, problems = readAll(t, gzipOf(t, utf16Of(strings.TrimPrefix(file, "\ufeff"), "UTF-16LE without BOM")), whole)
		assert.Empty(t, problems, name)
		assert.Len(t, rows, 2, name)
	}
}

func TestNestedJSONAsColumns(t *testing.T) {
	t.Parallel()
	r, err := New("f", strings.NewReader(`{"id":1,"items":[{"qty":2,"sku":"A"},{"qty":3}],"none":{},"outlet":{"name":"x"}}`+"\n"+`{"id":2,"items":[]}`), ReadOptions{})
	require.NoError(t, err)
	var rows []string
	for row, err := range r.Rows() {
		require.NoError(t, err)
		rows = append(rows, lineOf(row))
	}
	assert.Equal(t, []string{"id", "items.0.qty", "items.0.sku", "items.1.qty", "none", "outlet.name", "items"}, r.Heads())
	assert.Equal(t, []string{"1 1|2|A|3|{}|x", "2 2||||||[]"}, rows)
	_, problems := readAll(t, `{"a.b":1,"a":{"b":2}}`, ReadOptions{})
	assert.Equal(t, []string{`line 1: has "a.b" twice`}, problems)
}

func TestBadJSONLinesAreToldAndTheRestIsRead(t *testing.T) {
	t.Parallel()
	rows, problems := readAll(t, `{"id":1}
{"id":2
[1]
{"id":3}{"id":4}
{"id":5,"id":6}
{"id":7} x

`+`{"id":"`+strings.Repeat("x", 200)+`"}
nul
{"id":8}
`, ReadOptions{MaxRow: 100})
	assert.Equal(t, []string{"1 1", "10 8"}, rows)
	assert.Equal(t, []string{
		"line 2: ends in the middle of an object",
		`line 3: is a list; want an object like {"id":1}`,
		"line 4: holds more than one object; want each on a line of its own",
		`line 5: has "id" twice`,
		`line 6: has "x" after the object`,
		"line 8: the line is longer than 100 bytes",
		`line 9: is not JSON, near "nul"`,
	}, problems)
}

func TestAWrongFileIsToldOnce(t *testing.T) {
	t.Parallel()
	_, problems := readAll(t, strings.Repeat("id,name,code\n1\n", 100), ReadOptions{Format: JSONLines})
	assert.Equal(t, []string{`file: the file is not JSON; it starts with "id,name,code"`}, problems)
	_, problems = readAll(t, strings.Repeat("[1,2]\n", 100), ReadOptions{})
	assert.Len(t, problems, 1)
	_, problems = readAll(t, `{"id":1}`+"\n"+strings.Repeat("x\n", 100), ReadOptions{})
	assert.Len(t, problems, 100, "the file was right at first")
	_, problems = readAll(t, strings.Repeat(`{"name":"x"}`+"\n", 100), ReadOptions{Columns: wanted})
	assert.Equal(t, []string{`file: it looks like the wrong file: none of the first 20 rows can be used; line 1: there is no column "id", "code"; the columns are "name"`}, problems)
	rows, problems := readAll(t, `{"name":"x"}`+"\n"+`{"id":1}`+"\n"+`{"code":"A"}`+"\n"+`{"id":2,"code":"B"}`, ReadOptions{Columns: wanted})
	assert.Equal(t, []string{"3 ||A", "4 |2|B"}, rows)
	assert.Len(t, problems, 2)
}

func TestBounds(t *testing.T) {
	t.Parallel()
	small := ReadOptions{MaxCell: 100, MaxRow: 100_000, MaxColumns: 10}
	rows, problems := readAll(t, "a,b\n1,"+strings.Repeat("x", 200)+"\n2,"+strings.Repeat("y", 200_000)+"\n3,c\n"+strings.Repeat(",", 20)+"x\n4,d\n", small)
	assert.Equal(t, []string{"4 3|c", "6 4|d"}, rows)
	assert.Equal(t, []string{
		"line 2: column 2 is longer than 100 bytes",
		"line 3: the row is longer than 0.1 MB",
		"line 5: the row has more than 10 cells",
	}, problems)
}

func TestReadingErrorsEndTheRows(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	r, err := New("f", io.MultiReader(strings.NewReader("id,n\n"+strings.Repeat("1,a\n", 100_000)), failing{broken}), ReadOptions{})
	require.NoError(t, err)
	var last error
	for _, err := range r.Rows() {
		last = err
	}
	require.ErrorIs(t, last, broken)
	_, err = New("f", failing{broken}, ReadOptions{})
	require.ErrorIs(t, err, broken)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// A byte-order mark is no part of the first head, and one that comes later is part of
// its cell. UTF-16 is told by its mark, or by its zeros.
func TestByteOrderMarks(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		"id,code\n7,é\ufeff\n", "\ufeffid,code\n7,é\ufeff\n",
		wide("\xff\xfe", "id,code\n7,é\ufeff\n", false), wide("\xfe\xff", "id,code\n7,é\ufeff\n", true),
		wide("", "id,code\n7,é\ufeff\n", false), wide("", "id,code\n7,é\ufeff\n", true),
	} {
		r, err := New("file", strings.NewReader(content), ReadOptions{Columns: wanted})
		require.NoError(t, err)
		for row, err := range r.Rows() {
			require.NoError(t, err)
			assert.Equal(t, "7", row.Get("id").Text, "%q", content)
			assert.Equal(t, "é\ufeff", row.Get("code").Text, "%q", content)
		}
	}
}

// Zeros in cells do not make UTF-16 of what has none in its first line.
func TestZerosInCellsAreNotUTF16(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("\x00 ", 3)
	for _, text := range []string{zeros, zeros[1:], "\n" + zeros, "x\n" + zeros} {
		file := write(t, WriteOptions{}, []string{"a", "b"}, []Cell{Text(text), Text("")})
		rows := readBack(t, file, ReadOptions{Columns: []Column{{Name: "a"}, {Name: "b"}}})
		require.Len(t, rows, 1, "%q", file)
		assert.Equal(t, text, rows[0][0].Text, "%q", file)
	}
}

// wide returns a text in UTF-16.
func wide(mark, text string, bigEndian bool) string {
	var b strings.Builder
	b.WriteString(mark)
	for _, unit := range utf16.Encode([]rune(text)) {
		low, high := byte(unit), byte(unit>>8)
		if bigEndian {
			low, high = high, low
		}
		b.Write([]byte{low, high})
	}
	return b.String()
}

// A pipe that says little is not waited for.
func TestAPipeThatSaysLittleIsRead(t *testing.T) {
	t.Parallel()
	in, out := io.Pipe()
	t.Cleanup(func() { _ = out.Close() })
	go io.WriteString(out, `{"id":7,"code":"A"}`+"\n")
	r, err := New("pipe", in, ReadOptions{Columns: wanted})
	require.NoError(t, err)
	for row, err := range r.Rows() {
		require.NoError(t, err)
		assert.Equal(t, "A", row.Get("code").Text)
		break // the next would wait
	}
}
