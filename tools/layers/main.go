// Layers checks that the files of a package stand in layers: a file uses what is
// declared in files below it.
//
//	layers [-circle n] [-pairs m] folder
//
// It prints the circles of files that use each other, directly or through others, and
// fails if one has more than n files, or if more than m pairs use each other directly.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"go/types"
	"log"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("layers: ")
	most := flag.Int("circle", 6, "files of a circle at most")
	mostPairs := flag.Int("pairs", 2, "pairs that use each other at most")
	flag.Parse()
	uses, err := load(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	failed := false
	for _, circle := range uses.circles() {
		fmt.Println("a circle of", len(circle), "files:", strings.Join(circle, " "))
		failed = failed || len(circle) > *most
	}
	pairs := uses.pairs()
	fmt.Println("pairs that use each other:", strings.Join(pairs, ", "))
	if failed || len(pairs) > *mostPairs {
		log.Fatalf("want circles of at most %d files and at most %d pairs: move what is used down, or pass it in", *most, *mostPairs)
	}
}

// A graph has the files that each file uses.
type graph map[string]map[string]bool

// load returns which files of the package in a folder use which.
func load(folder string) (graph, error) {
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps
	all, err := packages.Load(&packages.Config{Mode: mode, Dir: folder}, ".")
	if err != nil {
		return nil, err
	}
	p := all[0]
	if len(p.Errors) > 0 {
		return nil, p.Errors[0]
	}
	if len(p.Syntax) == 0 {
		return nil, errors.New("no Go files in " + folder)
	}
	fileOf := func(o types.Object) string { return filepath.Base(p.Fset.Position(o.Pos()).Filename) }
	g := make(graph)
	for name, used := range p.TypesInfo.Uses {
		if used.Pkg() != p.Types {
			continue
		}
		from, to := filepath.Base(p.Fset.Position(name.Pos()).Filename), fileOf(used)
		if g[from] == nil {
			g[from] = make(map[string]bool)
		}
		if from != to {
			g[from][to] = true
		}
	}
	return g, nil
}

// reach adds to seen the files that a file uses, directly or through others.
func (g graph) reach(file string, seen map[string]bool) {
	for to := range g[file] {
		if !seen[to] {
			seen[to] = true
			g.reach(to, seen)
		}
	}
}

// circles returns the largest sets of files of which each uses all others.
func (g graph) circles() (all [][]string) {
	reached := make(map[string]map[string]bool)
	for file := range g {
		reached[file] = make(map[string]bool)
		g.reach(file, reached[file])
	}
	done := make(map[string]bool)
	for _, file := range slices.Sorted(maps.Keys(g)) {
		if done[file] || !reached[file][file] {
			continue
		}
		var circle []string
		for other := range reached[file] {
			if reached[other][file] {
				circle = append(circle, other)
				done[other] = true
			}
		}
		slices.Sort(circle)
		all = append(all, circle)
	}
	slices.SortFunc(all, func(a, b []string) int { return cmp.Compare(len(b), len(a)) })
	return all
}

// pairs returns the pairs of files that use each other directly.
func (g graph) pairs() (all []string) {
	for a := range g {
		for b := range g[a] {
			if a < b && g[b][a] {
				all = append(all, a+" and "+b)
			}
		}
	}
	slices.Sort(all)
	return all
}
