package sheet

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNestIsFlattenTurnedRound(t *testing.T) {
	t.Parallel()
	for _, object := range []string{
		`{"id":1,"items":[{"qty":2,"sku":"00012"},{"qty":3.50}],"outlet":{"name":"x","at":{"lat":1}},"ok":true,"none":{},"list":[]}`,
		`{"a":[[1,2],[3]],"b":["x"]}`,
		`{}`,
	} {
		var heads []string
		var cells []Cell
		require.NoError(t, Flatten(json.RawMessage(object), func(name string, cell Cell) error {
			heads, cells = append(heads, name), append(cells, cell)
			return nil
		}))
		got, err := Nest(heads, cells)
		require.NoError(t, err)
		assert.Equal(t, object, string(got))
	}
	got, err := Nest([]string{"id", "", "items.1.qty", "items.0.qty", "gone.x"}, []Cell{Int(1), Int(2), Int(3), Int(4), {}})
	require.NoError(t, err)
	assert.Equal(t, `{"id":1,"items":[{"qty":4},{"qty":3}]}`, string(got))
	got, err = Nest([]string{"sales.2024", "sales.2025", "items.0", "items.1"}, []Cell{Int(1), Int(2), {}, Int(4)})
	require.NoError(t, err)
	assert.Equal(t, `{"sales":{"2024":1,"2025":2},"items":[4]}`, string(got), "years are no items, and an empty cell makes a list no object")
	got, err = Nest([]string{"a", "a.b"}, []Cell{{}, Int(2)})
	require.NoError(t, err)
	assert.Equal(t, `{"a":{"b":2}}`, string(got))
	_, err = Nest([]string{"a", "a"}, []Cell{Int(1), Int(2)})
	assert.EqualError(t, err, `column "a": another column has the same name`)
	_, err = Nest([]string{"a", "a.b"}, []Cell{Int(1), Int(2)})
	assert.EqualError(t, err, `column "a.b": another column holds the whole of it`)
	_, err = Nest([]string{"a.b", "a"}, []Cell{Int(1), Int(2)})
	assert.EqualError(t, err, `column "a": other columns hold parts of it`)
}

func TestGuess(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"a;b;c;d;e;f;g\n12,50;00012;-1.5;true;{\"x\":1};+62;a,b\n": `[12.50,"00012",-1.5,true,{"x":1},"+62","a,b"]`,
		"a,b\n1234567890123456,123456789012345\n":                  `["1234567890123456",123456789012345]`,
		"a\tb\n12,50\t1.5\n":                                       `[12.50,1.5]`,
		"a,b,c,d\n\"12,50\",1e5,,{x\n":                             `["12,50","1e5",null,"{x"]`,
		`{"a":"12","b":12,"c":null}`:                               `["12",12,null]`,
	} {
		r, err := New("file", strings.NewReader(file), ReadOptions{})
		require.NoError(t, err)
		for row, err := range r.Rows() {
			require.NoError(t, err)
			var guessed []Cell
			for _, cell := range row.Cells {
				guessed = append(guessed, r.Guess(cell))
			}
			assert.Equal(t, want, string(bytesOf(guessed...)), file)
		}
	}
}

// What is typed as thousands in Indonesia is no number to be sure of; a file with commas
// between its cells has points in its numbers.
func TestIsAmbiguous(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file string
		want []bool
	}{
		{"a;b;c;d;e;f;g\n1.500;-12.000;1,500;0.500;1.50;1500;1.234.567\n", []bool{true, true, false, false, false, false, false}},
		{"a\tb\n1.500\t1,5\n", []bool{true, false}},
		{"a,b\n1.500,2\n", []bool{false, false}},
		{`{"a":1.500,"b":"1.500"}`, []bool{false, false}},
	} {
		r, err := New("file", strings.NewReader(c.file), ReadOptions{})
		require.NoError(t, err)
		for row, err := range r.Rows() {
			require.NoError(t, err)
			for i, cell := range row.Cells {
				assert.Equal(t, c.want[i], r.IsAmbiguous(cell), "%s: %s", c.file, cell)
			}
		}
	}
}
