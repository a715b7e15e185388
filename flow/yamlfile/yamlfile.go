// Package yamlfile parses YAML that somebody gave us, within limits.
//
// In: the text. Out: its syntax tree, or a located fault that quotes none of the
// text: it may hold a secret. It may import flow/fault.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"stpmap/flow/fault"
)

// MaxBytes bounds a file: 30 times the largest of ours.
const MaxBytes = 1 << 18

// maxNesting bounds its depth, which is 5 in ours: the parser's time and memory
// grow with the square of it.
const maxNesting = 40

// Read parses all of r. The error is a *fault.Error without a file's name where
// the text is at fault, and otherwise the reader's.
func Read(r io.Reader) (*ast.File, error) {
	src, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(src) > MaxBytes {
		return nil, &fault.Error{Err: fmt.Errorf("longer than %d KiB", MaxBytes>>10)}
	}
	if line, deep := tooDeep(src); deep {
		return nil, &fault.Error{Line: line, Err: fmt.Errorf("nested more than %d deep", maxNesting)}
	}
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		return nil, located(err)
	}
	return file, nil
}

// tooDeep finds the line of brackets or list marks that nest too deeply.
func tooDeep(src []byte) (line int, deep bool) {
	depth := 0
	for i, text := range bytes.Split(src, []byte("\n")) {
		marks := 0
		for _, c := range bytes.Fields(text) {
			if len(c) != 1 || c[0] != '-' && c[0] != '?' && c[0] != ':' {
				break
			}
			marks++
		}
		for _, c := range text {
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(0, depth-1)
			}
			if depth > maxNesting {
				return i + 1, true
			}
		}
		if marks > maxNesting {
			return i + 1, true
		}
	}
	return 0, false
}

// quoted is what a message of the parser quotes of the text. A single character,
// such as one that is reserved, stays, and so does the plain name of a key that is
// there twice.
var quoted = regexp.MustCompile(`(mapping key "[a-z][a-z0-9_-]*")|:? "(?:\\.|[^"\\]){2,}"`)

// located is an error of the parser with its place.
func located(err error) *fault.Error {
	e := yaml.Error(nil)
	if !errors.As(err, &e) {
		return &fault.Error{Err: errors.New("cannot be read as YAML")}
	}
	f := &fault.Error{Err: errors.New(quoted.ReplaceAllString(e.GetMessage(), "$1"))}
	if t := e.GetToken(); t != nil && t.Position != nil {
		f.Line, f.Column = t.Position.Line, t.Position.Column
	}
	return f
}
