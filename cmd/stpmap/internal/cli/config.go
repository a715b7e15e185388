package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/urfave/cli/v2"

	"stpmap/flow/fault"
	"stpmap/flow/yamlfile"
)

// configuration is a file of flags in YAML: a key is a flag's name, its value
// what the flag takes, or a list for a flag that may be repeated.
type configuration struct {
	name   string
	line   *Line
	faults fault.List
}

// configure sets the flags that --config gives and the command line does not.
// Faults are located.
func (l *Line) configure(stdin io.Reader) error {
	b := l.find("config")
	if b == nil || len(b.names()) == 0 {
		return nil
	}
	c := &configuration{name: b.names()[0], line: l}
	file, err := c.read(stdin)
	if err != nil {
		return err
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return &fault.Error{File: c.name, Err: errors.New("expected one YAML document of flags, name: value")}
	}
	switch body := file.Docs[0].Body.(type) {
	case *ast.MappingNode:
		c.entries(body.Values)
	case *ast.MappingValueNode:
		c.entries([]*ast.MappingValueNode{body})
	default:
		c.fault(body, "expected flags, name: value")
	}
	return c.faults.Err()
}

func (c *configuration) read(stdin io.Reader) (*ast.File, error) {
	f, err := Open(c.name, stdin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c.name = InputName(c.name)
	file, err := yamlfile.Read(f)
	var bad *fault.Error
	if errors.As(err, &bad) {
		bad.File = c.name
	}
	return file, err
}

// fault notes what is wrong at a place of the file.
func (c *configuration) fault(n ast.Node, format string, args ...any) {
	e := &fault.Error{File: c.name, Err: fmt.Errorf(format, args...)}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	c.faults.Add(e)
}

// entries sets flags; those of the command line win.
func (c *configuration) entries(entries []*ast.MappingValueNode) {
	given := map[string]bool{}
	for _, b := range c.line.flags {
		given[b.Name] = b.given
	}
	for _, e := range entries {
		key := e.Key.GetToken().Value
		b := c.line.find(key)
		switch {
		case b == nil:
			c.fault(e.Key, "no flag %q%s", key, suggested(c.nearest(key)))
		case key == "config":
			c.fault(e.Key, "no flag %q", key)
		case !given[key]:
			c.set(b, e.Value)
		}
	}
}

// set gives a flag its value, or each of a list.
func (c *configuration) set(b *bound, value ast.Node) {
	values := []ast.Node{value}
	if list, ok := value.(*ast.SequenceNode); ok {
		values = list.Values
	}
	for _, v := range values {
		switch v.(type) {
		case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, *ast.NullNode:
			c.fault(v, "the value of %q is not one the flag takes", b.Name)
			continue
		}
		text := v.GetToken().Value
		if strings.TrimSpace(text) == "" {
			c.fault(v, "the value of %q is empty: give it one, or leave the line out", b.Name)
			continue
		}
		if err := b.Set(c.place(b, text)); errors.Is(err, errSecret) {
			c.fault(v, "%q %w", b.Name, err)
		} else if err != nil {
			c.fault(v, "%q %v, got %q", b.Name, err, text)
		}
	}
}

// place is a value as it holds from the folder of this process: names of files
// are relative to the configuration's folder.
func (c *configuration) place(b *bound, text string) string {
	if b.Kind != Output && !b.reads() {
		return text
	}
	if text == "-" || text == "" || filepath.IsAbs(text) || strings.Contains(text, "://") || slices.Contains(b.Builtins, text) {
		return text
	}
	return filepath.Join(filepath.Dir(c.name), text)
}

// nearest is the flag whose name is most like a key.
func (c *configuration) nearest(key string) string {
	var flags []cli.Flag
	for _, b := range c.line.flags {
		if b.Name != "config" {
			flags = append(flags, b)
		}
	}
	return strings.TrimPrefix(cli.SuggestFlag(flags, key, true), "--")
}
