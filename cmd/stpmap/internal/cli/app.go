package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stpmap/flow/wholefile"

	"github.com/urfave/cli/v2"
)

// Job is the options of a command, bound to its flags, and what it does with
// them. A pointer to a struct that embeds Line is one.
type Job interface {
	line() *Line
	Run(ctx context.Context, env *Env) error
}

// Command is one of the tool's commands.
type Command struct {
	Name  string
	Usage string // what it does, in a line
	// Description is what help says below that: paragraphs, and lines that begin
	// with spaces, which stay as they are.
	Description string
	// Example is a command line that would work, also with further flags behind
	// it: usage errors end with it.
	Example string
	Needs   []string // flags that it cannot do without
	New     func() Job
	// CountsMemory says that the command itself counts what --max-memory limits.
	CountsMemory bool
}

// App is the tool: its commands and their flags.
type App struct {
	Usage, Description string
	Commands           []*Command
	Flags              []Flag   // the table
	Categories         []string // of flags, in help's order
}

// Run is the whole of the tool; it returns the exit status. Nothing in it exits
// or prints errors but this.
func (a *App) Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	results := &keeping{w: stdout}
	if f, ok := stdin.(*os.File); ok {
		stdin = wholefile.Named("standard input", f) // which may be a file: < flows.csv
	}
	env := &Env{Stdin: stdin, Stdout: results, Stderr: stderr, width: columns(stdout), asJSON: asksForJSON(args)}
	run := &running{App: a, env: env, example: "stpmap --help"}
	err := run.parser().RunContext(ctx, args)
	if err == nil && results.err != nil {
		err = fmt.Errorf("writing standard output: %w", results.err)
	}
	return env.report(ctx, err, run.example)
}

// asksForJSON reports whether a command line has --log-format json. It is asked
// before flags are read, whose faults are said in that form as well.
func asksForJSON(args []string) bool {
	for i, a := range args {
		switch strings.TrimLeft(a, "-") {
		case "log-format=json":
			return true
		case "log-format":
			return i+1 < len(args) && args[i+1] == "json"
		}
	}
	return false
}

// running is an App that runs one command line.
type running struct {
	*App
	env     *Env
	example string // of the command that was asked for
}

// parser is what reads the command line.
func (r *running) parser() *cli.App {
	var help, version bool
	app := &cli.App{
		Name: "stpmap", Reader: r.env.Stdin, Writer: r.env.Stdout, ErrWriter: r.env.Stderr,
		HideHelp: true, HideVersion: true,
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return r.plain(err, nil) },
		Flags: []cli.Flag{
			&bound{Flag: &Flag{Name: "help", Short: "h"}, to: &help},
			&bound{Flag: &Flag{Name: "version", Short: "V"}, to: &version},
		},
	}
	for _, c := range r.Commands {
		app.Commands = append(app.Commands, r.command(c))
	}
	for _, w := range wordCommands {
		app.Commands = append(app.Commands, &cli.Command{
			Name: w.name, HideHelp: true, SkipFlagParsing: true,
			Action: func(c *cli.Context) error { return w.do(r, c.Args().Slice()) },
		})
	}
	app.Action = func(c *cli.Context) error {
		switch name := c.Args().First(); {
		case name != "":
			return Usagef("", "unknown command %q%s", name, suggested(r.nearestCommand(name)))
		case version:
			return r.version()
		}
		return r.help()
	}
	return app
}

// wordCommand is a command without flags, which takes a word at most.
type wordCommand struct {
	name, usage string
	do          func(r *running, args []string) error
}

// wordCommands stand below the others in help.
var wordCommands []wordCommand

func init() {
	wordCommands = []wordCommand{
		{"completion", "print what completes commands and flags: bash, zsh, fish or powershell", (*running).completion},
		{"man", "print the manual page", func(r *running, _ []string) error { return r.man() }},
		{"help", "show this, or with a command's name its flags", (*running).helpOn},
		{"version", "print the version", func(r *running, _ []string) error { return r.version() }},
	}
}

func (r *running) version() error {
	_, err := fmt.Fprintln(r.env.Stdout, "stpmap version "+Version)
	return err
}

// helpOn is the command help.
func (r *running) helpOn(names []string) error {
	if len(names) == 0 {
		return r.help()
	}
	for _, c := range r.Commands {
		if c.Name == names[0] {
			return r.commandHelp(bind(r.Flags, c, c.New()))
		}
	}
	return Usagef("stpmap help cluster", "unknown command %q%s", names[0], suggested(r.nearestCommand(names[0])))
}

// command makes a command that the parser can run.
func (r *running) command(c *Command) *cli.Command {
	job := c.New()
	l := bind(r.Flags, c, job)
	flags := make([]cli.Flag, len(l.flags))
	for i, b := range l.flags {
		flags[i] = b
	}
	return &cli.Command{
		Name: c.Name, Flags: flags, HideHelp: true,
		OnUsageError: func(_ *cli.Context, err error, _ bool) error {
			r.example = c.Example
			return r.plain(err, flags)
		},
		Action: func(ctx *cli.Context) error {
			r.example = c.Example
			return r.do(ctx.Context, ctx.Args().Slice(), l, job)
		},
	}
}

// do runs a command whose flags have been read.
func (r *running) do(ctx context.Context, leftover []string, l *Line, job Job) error {
	switch {
	case l.Help:
		return r.commandHelp(l)
	case l.HelpJSON:
		return r.helpJSON(l)
	case len(leftover) > 0:
		return Usagef("", "unexpected argument %q: inputs are given as flags", leftover[0])
	}
	if err := r.env.setUpLog(l); err != nil {
		return err
	}
	if err := l.configure(r.env.Stdin); err != nil {
		return err
	}
	if name := l.missing(); name != "" {
		return Usagef("", "missing flag --%s", name)
	}
	if err := l.check(job, r.env.Stdin); err != nil {
		return err
	}
	ctx, stop, err := l.watchMemory(ctx)
	if err != nil {
		return err
	}
	defer stop()
	err = job.Run(ctx, r.env)
	var most *memoryError
	if err != nil && errors.As(context.Cause(ctx), &most) {
		return most
	}
	return err
}

// What the parser says of flags that it cannot read.
var (
	unknownFlag = regexp.MustCompile(`^flag provided but not defined: -+(.*)$`)
	noValue     = regexp.MustCompile(`^flag needs an argument: -+(.*)$`)
	badValue    = regexp.MustCompile(`^invalid (?:boolean )?value ("(?:[^"\\]|\\.)*") for (?:flag )?-+(\S+): (.*)$`)
)

// plain puts into plain words what the parser says.
func (r *running) plain(err error, flags []cli.Flag) error {
	text := err.Error()
	if m := unknownFlag.FindStringSubmatch(text); m != nil {
		return Usagef("", "no flag --%s%s", m[1], suggested(cli.SuggestFlag(flags, m[1], true)))
	}
	if m := noValue.FindStringSubmatch(text); m != nil {
		return Usagef("", "--%s needs a value", m[1])
	}
	if m := badValue.FindStringSubmatch(text); m != nil {
		if m[3] == errSecret.Error() {
			return Usagef("", "--%s %w", m[2], errSecret)
		}
		return Usagef("", "--%s %s, got %s", m[2], m[3], m[1])
	}
	return Usagef("", "%w", err)
}

// suggested adds the nearest name to a sentence about an unknown one.
func suggested(name string) string {
	if name == "" {
		return ""
	}
	return "; did you mean " + strconv.Quote(name) + "?"
}

// nearestCommand is the command whose name is most like a word.
func (r *running) nearestCommand(word string) string {
	var flags []cli.Flag // the names of commands, to be compared as flags are
	for _, c := range r.Commands {
		flags = append(flags, &cli.BoolFlag{Name: c.Name})
	}
	return strings.TrimPrefix(cli.SuggestFlag(flags, word, true), "--")
}

// helpJSON prints the command's flags as JSON.
func (r *running) helpJSON(l *Line) error {
	flags := slices.Clone(l.flags)
	slices.SortStableFunc(flags, r.byCategory)
	return writeHelpJSON(r.env.Stdout, l.command, flags)
}

func (r *running) byCategory(a, b *bound) int {
	return slices.Index(r.Categories, a.Category) - slices.Index(r.Categories, b.Category)
}
