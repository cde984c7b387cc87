package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestLayers(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module m\n\ngo 1.26\n",
		"a.go":   "package m\n\nfunc a() { b(); d() }\n",
		"b.go":   "package m\n\nfunc b() { c() }\n",
		"c.go":   "package m\n\nfunc c() { a() }\n",
		"d.go":   "package m\n\ntype t struct{ n int }\n\nfunc d() int { return e(t{}) }\n",
		"e.go":   "package m\n\nfunc e(v t) int { return v.n }\n",
		"f.go":   "package m\n\nfunc f() { a() }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOWORK", "off")
	g, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	circles := g.circles()
	if want := [][]string{{"a.go", "b.go", "c.go"}, {"d.go", "e.go"}}; !slices.EqualFunc(circles, want, slices.Equal) {
		t.Errorf("got %v, want %v", circles, want)
	}
	if pairs := g.pairs(); !slices.Equal(pairs, []string{"d.go and e.go"}) {
		t.Errorf("got %v", pairs)
	}
}
