package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/urfave/cli/v2"

	tablepkg "stpmap/data/table"
)

// fileFlags name files: in a configuration they are relative to its folder.
var fileFlags = []string{"flows", "boundaries", "area-points", "outline", "providers", "population", "together", "apart", "start", "fix", "partition", "reference", "indicators", "definitions", "successors", "totals", "out"}

// maxConfig is how many bytes a configuration may have.
const maxConfig = 1 << 20

// applyConfig sets the flags that --config gives and the command line does not.
// A key is a flag's name, its value what the flag takes, or a list for a flag
// that may be repeated. Faults are located.
func applyConfig(c *cli.Context) error {
	name := c.String("config")
	if name == "" {
		return nil
	}
	f, err := filesOnDisk{}.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err != nil {
		return err
	}
	if len(raw) > maxConfig {
		return &tablepkg.InputError{File: name, Err: fmt.Errorf("a configuration of more than %d KiB", maxConfig>>10)}
	}
	file, err := parser.ParseBytes(raw, 0)
	if err != nil {
		return &tablepkg.InputError{File: name, Err: err}
	}
	var faults tablepkg.Faults
	fault := func(n ast.Node, format string, args ...any) {
		e := &tablepkg.InputError{File: name, Err: fmt.Errorf(format, args...)}
		if t := n.GetToken(); t != nil && t.Position != nil {
			e.Line, e.Column = t.Position.Line, t.Position.Column
		}
		faults.Add(e)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return &tablepkg.InputError{File: name, Err: errors.New("expected one YAML document of flags, name: value")}
	}
	var entries []*ast.MappingValueNode
	switch body := file.Docs[0].Body.(type) {
	case *ast.MappingNode:
		entries = body.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{body}
	default:
		fault(body, "expected flags, name: value")
	}
	dir := filepath.Dir(name)
	for _, e := range entries {
		key := e.Key.GetToken().Value
		if !knownFlag(c, key) || key == "config" {
			fault(e.Key, "no flag %q%s", key, suggestFlag(c, key))
			continue
		}
		if c.IsSet(key) {
			continue
		}
		values := []ast.Node{e.Value}
		if list, ok := e.Value.(*ast.SequenceNode); ok {
			values = list.Values
		}
		for _, v := range values {
			switch v.(type) {
			case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, *ast.NullNode:
				fault(v, "the value of %q is not one the flag takes", key)
				continue
			}
			text := v.GetToken().Value
			if strings.TrimSpace(text) == "" {
				fault(v, "the value of %q is empty: give it one, or leave the line out", key)
				continue
			}
			if slices.Contains(fileFlags, key) && text != "-" && !filepath.IsAbs(text) {
				text = filepath.Join(dir, text)
			}
			if err := c.Set(key, text); err != nil {
				fault(v, "%q: %v", key, err)
			}
		}
	}
	return faults.Err()
}

func knownFlag(c *cli.Context, name string) bool {
	for _, f := range c.Command.Flags {
		if f.Names()[0] == name {
			return true
		}
	}
	return false
}

func suggestFlag(c *cli.Context, name string) string {
	for _, f := range c.Command.Flags {
		if f.Names()[0] != "config" && near(f.Names()[0], name) {
			return fmt.Sprintf("; did you mean %q?", f.Names()[0])
		}
	}
	return ""
}
