// Package apilist lists the exported names of a package, a line each, so that a
// change of the API shows as a change of a text.
package apilist

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// List returns the exported names of the package in dir, in order, each line
// starting with the package's name.
func List(dir string) ([]string, error) {
	fset := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(fset, files, dir)
	if err != nil {
		return nil, err
	}
	l := &lister{fset: fset, pkg: "pkg " + pkg.Name + ", "}
	l.values("const", pkg.Consts)
	l.values("var", pkg.Vars)
	l.funcs(pkg.Funcs)
	for _, t := range pkg.Types {
		l.typ(t)
	}
	slices.Sort(l.lines)
	return slices.Compact(l.lines), nil
}

type lister struct {
	fset  *token.FileSet
	pkg   string
	lines []string
}

func (l *lister) add(format string, args ...any) {
	l.lines = append(l.lines, l.pkg+fmt.Sprintf(format, args...))
}

// text prints a node on one line.
func (l *lister) text(node any) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, l.fset, node); err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (l *lister) values(kind string, values []*doc.Value) {
	for _, v := range values {
		for _, spec := range v.Decl.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, name := range spec.Names {
				switch {
				case !name.IsExported():
				case spec.Type != nil && kind == "const" && i < len(spec.Values):
					l.add("%s %s %s = %s", kind, name, l.text(spec.Type), l.text(spec.Values[i]))
				case spec.Type != nil:
					l.add("%s %s %s", kind, name, l.text(spec.Type))
				case kind == "const" && i < len(spec.Values):
					l.add("%s %s = %s", kind, name, l.text(spec.Values[i]))
				default:
					l.add("%s %s", kind, name)
				}
			}
		}
	}
}

func (l *lister) funcs(funcs []*doc.Func) {
	for _, f := range funcs {
		decl := *f.Decl
		decl.Doc, decl.Body = nil, nil
		kind := "func"
		if decl.Recv != nil {
			kind = "method"
		}
		l.add("%s %s", kind, strings.TrimPrefix(l.text(&decl), "func "))
	}
}

func (l *lister) typ(t *doc.Type) {
	l.values("const", t.Consts)
	l.values("var", t.Vars)
	l.funcs(t.Funcs)
	l.funcs(t.Methods)
	for _, spec := range t.Decl.Specs {
		spec := spec.(*ast.TypeSpec)
		switch typ := spec.Type.(type) {
		case *ast.StructType:
			l.add("type %s struct", spec.Name)
			l.fields("type "+spec.Name.Name+" struct, ", typ.Fields)
		case *ast.InterfaceType:
			l.add("type %s interface", spec.Name)
			l.fields("type "+spec.Name.Name+" interface, ", typ.Methods)
		default:
			l.add("type %s %s", spec.Name, l.text(spec.Type))
		}
	}
}

func (l *lister) fields(before string, fields *ast.FieldList) {
	for _, f := range fields.List {
		if len(f.Names) == 0 {
			l.add("%sembedded %s", before, l.text(f.Type))
		}
		for _, name := range f.Names {
			if name.IsExported() {
				l.add("%s%s %s", before, name, l.text(f.Type))
			}
		}
	}
}
