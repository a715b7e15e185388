package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// module is the start of our own import paths.
const module = "stpmap"

// tree is every package of the project, sorted by name.
type tree struct{ packages []*folder }

// folder is one package: its source and what was measured of it.
type folder struct {
	name         string // from the project's folder: "footprint/score"
	lines        int    // of source, without tests
	testLines    int    // of tests, testscript files below it included
	files        []span
	functions    []span
	imports      []use
	undocumented []string
	hasDoc       bool // a package comment
}

// span is a piece of source and its number of lines.
type span struct {
	place string // file:line
	name  string // of a function; empty for a file
	lines int
}

func (s span) String() string { return strings.TrimSpace(s.place + " " + s.name) }

// use is an import of one of our own packages.
type use struct{ place, name string }

func (t *tree) functions() []span {
	var all []span
	for _, p := range t.packages {
		all = append(all, p.functions...)
	}
	return all
}

func (t *tree) files() []span {
	var all []span
	for _, p := range t.packages {
		all = append(all, p.files...)
	}
	return all
}

func (t *tree) lines() (source, tests int) {
	for _, p := range t.packages {
		source += p.lines
		tests += p.testLines
	}
	return source, tests
}

// readTree reads every package below root, or below its folder only.
func readTree(root, only string) (*tree, error) {
	r := &reader{root: root, folders: map[string]*folder{}}
	start := filepath.Join(root, filepath.FromSlash(only))
	err := filepath.WalkDir(start, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return r.read(file)
		case file != start && notOurs(d.Name()):
			return filepath.SkipDir
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r.tree(), nil
}

// notOurs says whether a folder is one that the go command skips, or holds
// other people's code.
func notOurs(folder string) bool {
	return strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_") || folder == "vendor" || folder == "node_modules"
}

type reader struct {
	root    string
	folders map[string]*folder
	scripts []span
}

func (r *reader) tree() *tree {
	t := &tree{}
	for _, f := range r.folders {
		if f.lines > 0 || f.testLines > 0 {
			t.packages = append(t.packages, f)
		}
	}
	slices.SortFunc(t.packages, func(a, b *folder) int { return cmp.Compare(a.name, b.name) })
	for _, s := range r.scripts {
		if f := r.owner(s.place); f != nil {
			f.testLines += s.lines
		}
	}
	return t
}

// owner is the package that a file in a testdata folder belongs to.
func (r *reader) owner(file string) *folder {
	for d := path.Dir(file); d != "." && d != "/"; d = path.Dir(d) {
		if f := r.folders[d]; f != nil && f.lines > 0 {
			return f
		}
	}
	return nil
}

func (r *reader) read(file string) error {
	name, err := filepath.Rel(r.root, file)
	if err != nil {
		return err
	}
	name = filepath.ToSlash(name)
	isGo := strings.HasSuffix(name, ".go") && !strings.Contains("/"+name, "/testdata/")
	if !isGo && !strings.HasSuffix(name, ".txtar") {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	lines := bytes.Count(text, []byte("\n"))
	switch {
	case !isGo:
		r.scripts = append(r.scripts, span{place: name, lines: lines})
	case strings.HasSuffix(name, "_test.go") || strings.HasSuffix(path.Dir(name), "test"):
		r.folder(name).testLines += lines // a package named as rendertest is for tests alone
	default:
		return r.source(name, text, lines)
	}
	return nil
}

func (r *reader) folder(file string) *folder {
	name := path.Dir(file)
	if r.folders[name] == nil {
		r.folders[name] = &folder{name: name}
	}
	return r.folders[name]
}

func (r *reader) source(name string, text []byte, lines int) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if ast.IsGenerated(file) {
		return nil
	}
	f := r.folder(name)
	f.lines += lines
	f.files = append(f.files, span{place: name, lines: lines})
	f.hasDoc = f.hasDoc || file.Doc != nil
	f.addImports(set, file)
	for _, d := range file.Decls {
		f.addDecl(set, d)
	}
	return nil
}

func (f *folder) addImports(set *token.FileSet, file *ast.File) {
	for _, i := range file.Imports {
		target, err := strconv.Unquote(i.Path.Value)
		if rest, ours := strings.CutPrefix(target, module+"/"); err == nil && ours {
			f.imports = append(f.imports, use{place(set, i.Pos()), rest})
		}
	}
}

func (f *folder) addDecl(set *token.FileSet, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		lines := set.Position(d.End()).Line - set.Position(d.Pos()).Line + 1
		f.functions = append(f.functions, span{place(set, d.Pos()), functionName(d), lines})
		if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) {
			f.undocumented = append(f.undocumented, place(set, d.Pos())+" "+functionName(d))
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			f.addSpec(set, d, s)
		}
	}
}

// addSpec notes exported names without a comment of their own or of their group.
func (f *folder) addSpec(set *token.FileSet, d *ast.GenDecl, s ast.Spec) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
			f.undocumented = append(f.undocumented, place(set, s.Pos())+" "+s.Name.Name)
		}
	case *ast.ValueSpec:
		for _, n := range s.Names {
			if n.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
				f.undocumented = append(f.undocumented, place(set, s.Pos())+" "+n.Name)
			}
		}
	}
}

func place(set *token.FileSet, p token.Pos) string {
	at := set.Position(p)
	return fmt.Sprintf("%s:%d", at.Filename, at.Line)
}

func functionName(d *ast.FuncDecl) string {
	if r := receiver(d); r != "" {
		return r + "." + d.Name.Name
	}
	return d.Name.Name
}

func exportedReceiver(d *ast.FuncDecl) bool {
	return d.Recv == nil || ast.IsExported(receiver(d))
}

func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
