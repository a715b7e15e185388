package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// help prints what the tool is and its commands.
func (r *running) help() error {
	p := &page{width: r.env.width}
	p.text("stpmap: " + r.Usage)
	p.text("")
	p.text("Usage: stpmap COMMAND --flag value …")
	p.text("")
	p.text(r.Description)
	p.text("")
	p.text("Commands")
	for _, c := range r.Commands {
		p.entry(c.Name, c.Usage, 12)
	}
	for _, w := range wordCommands {
		p.entry(w.name, w.usage, 12)
	}
	p.text("")
	p.text("`stpmap COMMAND --help` lists the flags of a command.")
	return p.print(r.env.Stdout)
}

// commandHelp prints what a command does and its flags.
func (r *running) commandHelp(l *Line) error {
	c := l.command
	p := &page{width: r.env.width}
	p.text("stpmap " + c.Name + ": " + c.Usage)
	p.text("")
	p.text("Usage:")
	p.text("  " + c.Example)
	p.text("")
	p.text(c.Description)
	for _, category := range r.Categories {
		first := true
		for _, b := range l.flags {
			if b.Category != category {
				continue
			}
			if first {
				p.text("")
				p.text(category)
				first = false
			}
			p.entry(b.title(), b.sentence(slices.Contains(c.Needs, b.Name)), 26)
		}
	}
	return p.print(r.env.Stdout)
}

// title is a flag as one would write it: -o, --out FILE.
func (b *bound) title() string {
	title := "--" + b.Name
	if b.Short != "" {
		title = "-" + b.Short + ", " + title
	}
	if b.Value != "" {
		title += " " + b.Value
	}
	return title
}

// sentence is the flag's help with what holds where it is not given.
func (b *bound) sentence(needed bool) string {
	text := b.Help
	if b.repeatable() {
		text += " (repeatable)"
	}
	switch {
	case needed:
		text += " (required)"
	case b.Unset != "":
		text += " (default: " + b.Unset + ")"
	case b.Default != "":
		text += " (default: " + b.Default + ")"
	}
	return text
}

// page is text that fits a width.
type page struct {
	width int
	b     strings.Builder
}

func (p *page) print(w io.Writer) error {
	_, err := io.WriteString(w, p.b.String())
	return err
}

// text adds paragraphs. Lines that begin with spaces are commands, which break
// before a flag and go on after a backslash.
func (p *page) text(text string) {
	var paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			p.lines("", wrap(strings.Join(paragraph, " "), p.width))
			paragraph = nil
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" && line[0] != ' ' {
			paragraph = append(paragraph, line)
			continue
		}
		flush()
		p.lines("", wrapCommand(line, p.width))
	}
	flush()
}

func (p *page) lines(indent string, lines []string) {
	for _, line := range lines {
		p.b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
}

// entry adds a name and, from a column on, what it means; a long name has a line
// of its own.
func (p *page) entry(name, text string, column int) {
	lines := wrap(text, max(p.width-column, 20))
	head := "  " + name
	if utf8.RuneCountInString(head) >= column {
		p.b.WriteString(head + "\n")
	} else {
		p.b.WriteString(head + strings.Repeat(" ", column-utf8.RuneCountInString(head)) + lines[0] + "\n")
		lines = lines[1:]
	}
	p.lines(strings.Repeat(" ", column), lines)
}

// wrap breaks a text into lines of at most width characters where its words
// allow that.
func wrap(text string, width int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// wrapCommand breaks a command line before a flag.
func wrapCommand(line string, width int) []string {
	var lines []string
	for utf8.RuneCountInString(line) > width {
		at := strings.LastIndex(line[:min(width, len(line))], " -")
		if at <= len(line)-len(strings.TrimLeft(line, " ")) {
			break
		}
		lines = append(lines, line[:at]+" \\")
		line = "      " + strings.TrimLeft(line[at:], " ")
	}
	return append(lines, line)
}

// flagJSON is a flag in --help-json.
type flagJSON struct {
	Name       string   `json:"name"`
	Aliases    []string `json:"aliases"`
	Category   string   `json:"category"`
	Kind       Kind     `json:"kind"`
	Value      string   `json:"value,omitempty"`
	Repeatable bool     `json:"repeatable"`
	Required   bool     `json:"required"`
	Default    *string  `json:"default"` // null where no value stands for it
	Unset      string   `json:"unset,omitempty"`
	Builtins   []string `json:"builtins,omitempty"`
	Words      []string `json:"words,omitempty"`
	Help       string   `json:"help"`
}

// writeHelpJSON prints a command and its flags as one object.
func writeHelpJSON(w io.Writer, c *Command, flags []*bound) error {
	object := struct {
		Command     string     `json:"command"`
		Usage       string     `json:"usage"`
		Description string     `json:"description"`
		Example     string     `json:"example"`
		Version     string     `json:"version"`
		Flags       []flagJSON `json:"flags"`
	}{c.Name, c.Usage, c.Description, c.Example, Version, []flagJSON{}}
	for _, b := range flags {
		f := flagJSON{
			Name: b.Name, Aliases: []string{}, Category: b.Category, Kind: b.Kind, Value: b.Value, Repeatable: b.repeatable(),
			Required: slices.Contains(c.Needs, b.Name), Unset: b.Unset, Builtins: b.Builtins, Words: b.Words, Help: b.Help,
		}
		if b.Short != "" {
			f.Aliases = append(f.Aliases, b.Short)
		}
		if b.Default != "" {
			f.Default = &b.Default
		}
		object.Flags = append(object.Flags, f)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(object); err != nil {
		return fmt.Errorf("writing help: %w", err)
	}
	return nil
}
