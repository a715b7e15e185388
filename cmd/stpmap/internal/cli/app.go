package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	env := &Env{Stdin: stdin, Stdout: results, Stderr: stderr, width: columns(stdout)}
	run := &running{App: a, env: env, example: "stpmap --help"}
	err := run.parser().RunContext(ctx, args)
	if err == nil && results.err != nil {
		err = fmt.Errorf("writing standard output: %w", results.err)
	}
	return env.report(ctx, err, run.example)
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
	app.Commands = append(app.Commands,
		&cli.Command{Name: "help", HideHelp: true, SkipFlagParsing: true, Action: func(c *cli.Context) error { return r.helpOn(c.Args().Slice()) }},
		&cli.Command{Name: "version", HideHelp: true, SkipFlagParsing: true, Action: func(*cli.Context) error { return r.version() }},
	)
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
