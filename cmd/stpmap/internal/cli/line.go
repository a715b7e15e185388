package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// Line is one command line: the flags that every command has, and which flags
// were given. The options of every command embed it.
type Line struct {
	Quiet     bool   `flag:"quiet"`
	Verbose   bool   `flag:"verbose"`
	LogFormat string `flag:"log-format"`
	Help      bool   `flag:"help"`
	HelpJSON  bool   `flag:"help-json"`
	MaxMemory string `flag:"max-memory"`

	command *Command
	flags   []*bound // in the table's order
}

// line is how the frame gets at the Line that options embed.
func (l *Line) line() *Line { return l }

// bind joins the fields of job with the flags of its command, and sets their
// defaults. A field without a flag, or a flag without a field, is a fault of
// ours: it panics.
func bind(table []Flag, c *Command, job Job) *Line {
	l := job.line()
	l.command = c
	fields := map[string]any{}
	collect(reflect.ValueOf(job).Elem(), fields)
	for i := range table {
		f := &table[i]
		if !f.on(c.Name) {
			continue
		}
		to, ok := fields[f.Name]
		if !ok {
			panic(fmt.Sprintf("stpmap: the options of %s have no field for --%s", c.Name, f.Name))
		}
		delete(fields, f.Name)
		b := &bound{Flag: f, to: to}
		if f.Default != "" {
			if err := b.read(f.Default); err != nil {
				panic(fmt.Sprintf("stpmap: the default of --%s: %v", f.Name, err))
			}
		}
		l.flags = append(l.flags, b)
	}
	for name := range fields {
		panic(fmt.Sprintf("stpmap: the table has no --%s for %s", name, c.Name))
	}
	return l
}

// collect finds the fields that carry the name of a flag, also in embedded
// structs.
func collect(v reflect.Value, into map[string]any) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if name := field.Tag.Get("flag"); name != "" {
			if into[name] != nil {
				panic("stpmap: two fields for --" + name)
			}
			into[name] = v.Field(i).Addr().Interface()
		} else if field.Type.Kind() == reflect.Struct && field.IsExported() {
			collect(v.Field(i), into)
		}
	}
}

func (l *Line) find(name string) *bound {
	for _, b := range l.flags {
		if b.Name == name {
			return b
		}
	}
	return nil
}

// Command is the name of the command.
func (l *Line) Command() string { return l.command.Name }

// Try is a command line to try: the command's example with these flags.
func (l *Line) Try(flags string) string { return l.command.Example + " " + flags }

// Given reports whether a flag was given, on the command line, in a
// configuration or by a preset.
func (l *Line) Given(name string) bool {
	b := l.find(name)
	return b != nil && b.given
}

// GivenIn is the first flag of some categories that was given, "" for none.
func (l *Line) GivenIn(categories ...string) string {
	for _, b := range l.flags {
		if b.given && slices.Contains(categories, b.Category) {
			return b.Name
		}
	}
	return ""
}

// Set gives a flag its value, as the command line does.
func (l *Line) Set(name, text string) error {
	b := l.find(name)
	if b == nil {
		return fmt.Errorf("no flag %q", name)
	}
	if err := b.Set(text); errors.Is(err, errSecret) {
		return fmt.Errorf("--%s %w", name, err)
	} else if err != nil {
		return fmt.Errorf("--%s %w, got %q", name, err, text)
	}
	return nil
}

// Parameters are the flags that were given, in the table's order, without those
// that cannot change a result: they go with every output.
func (l *Line) Parameters() string {
	var parts []string
	for _, b := range l.flags {
		if b.given && !b.Silent {
			parts = append(parts, "--"+b.Name+"="+b.text())
		}
	}
	return strings.Join(parts, " ")
}

// ParametersOf are those of the named flags that were given, in that order.
func (l *Line) ParametersOf(names ...string) string {
	parts := []string{}
	for _, name := range names {
		if b := l.find(name); b != nil && b.given {
			parts = append(parts, "--"+name+"="+b.text())
		}
	}
	return fmt.Sprint(parts)
}

// missing is the first of the flags that the command cannot do without and
// that was not given, "" for none.
func (l *Line) missing() string {
	for _, name := range l.command.Needs {
		if !l.Given(name) {
			return name
		}
	}
	return ""
}

// check finds what is wrong with flags by themselves, before anything is read.
func (l *Line) check(job Job, stdin io.Reader) error {
	for _, b := range l.flags {
		if x, ok := b.number(); ok && b.given && !b.Range.holds(x) {
			return Usagef("", "--%s %s, got %s", b.Name, b.Range.says, b.text())
		}
	}
	if err := l.refuseEmpty(); err != nil {
		return err
	}
	if err := l.checkStandardInput(); err != nil {
		return err
	}
	return l.refuseOverwriting(job, stdin)
}

// refuseEmpty refuses flags that are given without a value, as a variable of the
// shell that is not set leaves them: they would be taken for not given.
func (l *Line) refuseEmpty() error {
	for _, b := range l.flags {
		var values []string
		switch to := b.to.(type) {
		case *string:
			values = []string{*to}
		case *[]string:
			values = *to
		}
		if b.given && slices.ContainsFunc(values, func(v string) bool { return strings.TrimSpace(v) == "" }) {
			return Usagef("", "--%s is empty: give it a value, or leave it out", b.Name)
		}
	}
	return nil
}

// checkStandardInput refuses two inputs from the one standard input.
func (l *Line) checkStandardInput() error {
	first := ""
	for _, b := range l.flags {
		if !b.reads() {
			continue
		}
		for _, name := range b.names() {
			if name != "-" {
				continue
			}
			if first != "" {
				return Usagef("", "--%s and --%s both name standard input, which can be read once: give one of them a file", first, b.Name)
			}
			first = b.Name
		}
	}
	return nil
}

// files are the files on disk that a flag names, patterns resolved.
func (b *bound) files() []string {
	var all []string
	for _, name := range b.names() {
		if name == "-" || strings.Contains(name, "://") || b.Kind == Builtin && slices.Contains(b.Builtins, name) {
			continue
		}
		if found, err := filepath.Glob(name); err == nil && len(found) > 0 {
			all = append(all, found...)
		} else {
			all = append(all, name)
		}
	}
	return all
}
