package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/flow/fault"
	"stpmap/footprint"
)

// Exit statuses, as the interface fixes them.
const (
	statusDone        = 0
	statusFailed      = 1
	statusUsage       = 2
	statusInput       = 3
	statusInterrupted = 130
)

// environment is what a command works in: its streams and how it talks.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	log            *slog.Logger
	quiet          bool
}

// usageError is a fault in the flags themselves, not in the data.
type usageError struct {
	err  error
	hint string // a line that would work
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usagef makes a usage error; hint, where not empty, is a command that works.
func usagef(hint, format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...), hint: hint}
}

// inputFault is a sentence about the input as a whole, for exit status 3.
type inputFault struct{ msg string }

func (e *inputFault) Error() string { return e.msg }

func inputf(format string, args ...any) error { return &inputFault{fmt.Sprintf(format, args...)} }

// keptError ends an interrupted command whose work so far is kept.
type keptError struct {
	done, all int
	cause     error
}

func (e *keptError) Error() string {
	return fmt.Sprintf("interrupted: %d of %d runs are kept; the same command with --resume goes on from there", e.done, e.all)
}

func (e *keptError) Unwrap() error { return e.cause }

// report says what went wrong on standard error and chooses the exit status.
func (env *environment) report(ctx context.Context, err error) int {
	if err == nil {
		return statusDone
	}
	var kept *keptError
	if ctx.Err() != nil && errors.As(err, &kept) {
		fmt.Fprintln(env.stderr, kept.Error())
		return statusInterrupted
	}
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.Cause(ctx))) {
		fmt.Fprintln(env.stderr, "interrupted: nothing was written")
		return statusInterrupted
	}
	var (
		usage  *usageError
		faults *fault.List
		one    *fault.Error
		cannot *footprint.InfeasibleError
		input  *inputFault
		bad    *footprint.ParameterError
		lacks  *footprint.UnsupportedError
	)
	fmt.Fprintln(env.stderr, strings.TrimRight(err.Error(), "\n"))
	switch {
	case errors.As(err, &usage):
		if usage.hint != "" {
			fmt.Fprintln(env.stderr, "try: "+usage.hint)
		}
		return statusUsage
	case errors.As(err, &lacks):
		fmt.Fprintln(env.stderr, "try: --method leiden, which honours every demand, or leave that one out")
		return statusUsage
	case errors.As(err, &bad):
		return statusUsage
	case errors.As(err, &faults), errors.As(err, &one), errors.As(err, &cannot), errors.As(err, &input):
		return statusInput
	}
	return statusFailed
}

const description = `stpmap groups areas (or commissioners) and providers into candidate health
systems by patient flow, and writes maps that QGIS opens.

Start with the embedded sample, which is synthetic:

  stpmap demo -o out

Exit status: 0 done, 1 failed (disk, network, engine), 2 usage, 3 bad input,
130 interrupted.`

// newApp builds the command line. Nothing here exits or prints errors: run does.
func newApp(env *environment) *cli.App {
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version"}
	app := &cli.App{
		Name:            "stpmap",
		Usage:           "draw health systems on a map from patient flows",
		Description:     description,
		Version:         version,
		HideHelpCommand: true,
		Reader:          env.stdin,
		Writer:          env.stdout,
		ErrWriter:       env.stderr,
		// A comma belongs to the value: --where 'group=Bath, Swindon'.
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              onUsageError,
		Commands:                  commands(env),
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return usagef("stpmap --help", "unknown command %q%s", name, suggestCommand(c.App, name))
			}
			return cli.ShowAppHelp(c)
		},
	}
	return app
}

func onUsageError(c *cli.Context, err error, _ bool) error {
	hint := "stpmap --help"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != "stpmap" {
		hint = "stpmap " + c.Command.Name + " --help"
	}
	return usagef(hint, "%w", err)
}

func suggestCommand(app *cli.App, name string) string {
	for _, c := range app.Commands {
		if near(c.Name, name) {
			return fmt.Sprintf("; did you mean %q?", c.Name)
		}
	}
	return ""
}

// near reports whether two words are within two edits of each other.
func near(a, b string) bool {
	if len(a) > len(b)+2 || len(b) > len(a)+2 {
		return false
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diag
			if a[i] != b[j] {
				d++
			}
			diag = row[j+1]
			row[j+1] = min(d, row[j]+1, diag+1)
		}
	}
	return row[len(b)] <= 2
}

// command wraps an action with what every command shares: leftovers and
// missing flags are usage errors, and the talking flags are obeyed.
func command(env *environment, c *cli.Command, required []string, action func(*cli.Context) error) *cli.Command {
	c.Flags = append(c.Flags,
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing but errors"},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "say more"},
		&cli.StringFlag{Name: "log-format", Value: "text", Usage: "`text|json` for what is said on standard error"},
	)
	c.OnUsageError = onUsageError
	c.HideHelpCommand = true
	c.Action = func(ctx *cli.Context) error {
		if ctx.Args().Len() > 0 {
			return usagef("stpmap "+c.Name+" --help", "unexpected argument %q: inputs are given as flags", ctx.Args().First())
		}
		if err := env.setUpLog(ctx); err != nil {
			return err
		}
		if err := refuseEmpty(ctx); err != nil {
			return err
		}
		for _, name := range required {
			if !ctx.IsSet(name) {
				return usagef("stpmap "+c.Name+" --help", "missing flag --%s", name)
			}
		}
		if err := checkFlags(ctx); err != nil {
			return err
		}
		return action(ctx)
	}
	return c
}

func (env *environment) setUpLog(c *cli.Context) error {
	level := slog.LevelInfo
	if c.Bool("verbose") {
		level = slog.LevelDebug
	}
	if c.Bool("quiet") {
		level, env.quiet = slog.LevelError, true
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
	switch format := c.String("log-format"); format {
	case "text":
		env.log = slog.New(&plainHandler{w: env.stderr, level: level})
	case "json":
		env.log = slog.New(slog.NewJSONHandler(env.stderr, options))
	default:
		return usagef("stpmap "+c.Command.Name+" --log-format json", "unknown --log-format %q", format)
	}
	return nil
}
