package cli

import (
	"embed"
	"fmt"
	"io"
	"strings"
	"text/template"
)

// Shells are those that the command completion knows, in the order of its help.
func Shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

//go:embed completion/*.tmpl
var completionFiles embed.FS

var completionTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"bar":      func(words []string) string { return strings.Join(words, "|") },
	"quote":    func(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" },
	"single":   func(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" },
	"colons":   func(text string) string { return strings.ReplaceAll(text, ":", `\:`) },
	"brackets": strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`).Replace,
	"star":     func(repeatable bool) string { return map[bool]string{true: "*"}[repeatable] },
	"equals":   func(takes bool) string { return map[bool]string{true: "="}[takes] },
}).ParseFS(completionFiles, "completion/*.tmpl"))

// completed is a command as the templates of completions see it.
type completed struct {
	Name, Usage string
	Words       []string // that may follow it, where it takes a word and no flags
	Flags       []completedFlag
}

// completedFlag is a flag as the templates of completions see it.
type completedFlag struct {
	Name, Short, Help string
	Takes, Repeatable bool     // takes a value; may be given again
	File              bool     // whose value is a file or a folder
	Words             []string // of which the value is one, where they are known
}

// Action is what zsh offers for the value.
func (f completedFlag) Action() string {
	switch {
	case len(f.Words) > 0:
		return ":value:(" + strings.Join(f.Words, " ") + ")"
	case f.File:
		return ":file:_files"
	case f.Takes:
		return ":value: "
	}
	return ""
}

// Spellings are the ways to write the flag.
func (f completedFlag) Spellings() []string {
	all := []string{"--" + f.Name}
	if f.Short != "" {
		all = append(all, "-"+f.Short)
	}
	return all
}

// Filed are the spellings of flags whose value is a file.
func (c completed) Filed() []string {
	return c.spellings(func(f completedFlag) bool { return f.File && len(f.Words) == 0 })
}

// Valued are the spellings of flags with a value that cannot be completed.
func (c completed) Valued() []string {
	return c.spellings(func(f completedFlag) bool { return f.Takes && !f.File && len(f.Words) == 0 })
}

// Choosing are the flags whose value is one of some words.
func (c completed) Choosing() []completedFlag {
	var chosen []completedFlag
	for _, f := range c.Flags {
		if len(f.Words) > 0 {
			chosen = append(chosen, f)
		}
	}
	return chosen
}

func (c completed) spellings(wanted func(completedFlag) bool) []string {
	var all []string
	for _, f := range c.Flags {
		if wanted(f) {
			all = append(all, f.Spellings()...)
		}
	}
	return all
}

// completedCommands are the commands, and those that take a word and no flags.
func (r *running) completedCommands() []completed {
	var all []completed
	for _, c := range r.Commands {
		one := completed{Name: c.Name, Usage: c.Usage}
		for _, b := range bind(r.Flags, c, c.New()).flags {
			one.Flags = append(one.Flags, completedFlag{
				Name: b.Name, Short: b.Short, Help: b.Help, Takes: b.Kind != Switch, Repeatable: b.repeatable(),
				File: b.reads() || b.Kind == Output, Words: b.Words,
			})
		}
		all = append(all, one)
	}
	for _, w := range wordCommands {
		one := completed{Name: w.name, Usage: w.usage}
		switch w.name {
		case "help":
			for _, c := range r.Commands {
				one.Words = append(one.Words, c.Name)
			}
		case "completion":
			one.Words = Shells()
		}
		all = append(all, one)
	}
	return all
}

// completion prints the script that completes commands and flags in a shell.
func (r *running) completion(args []string) error {
	const try = "stpmap completion bash"
	if len(args) != 1 {
		return Usagef(try, "completion takes the name of one shell: %s", strings.Join(Shells(), ", "))
	}
	t := completionTemplates.Lookup(args[0] + ".tmpl")
	if t == nil {
		return Usagef(try, "unknown shell %q: it is one of %s", args[0], strings.Join(Shells(), ", "))
	}
	return printed(r.env.Stdout, func(w io.Writer) error { return t.Execute(w, r.completedCommands()) })
}

// printed writes all of a text or gives the error of writing it.
func printed(w io.Writer, write func(io.Writer) error) error {
	var b strings.Builder
	if err := write(&b); err != nil {
		return fmt.Errorf("making the text: %w", err)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
