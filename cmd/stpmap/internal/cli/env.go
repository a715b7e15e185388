package cli

import (
	"io"
	"log/slog"
	"os"
	"slices"

	"golang.org/x/term"

	"stpmap/footprint"
)

// Env is what a command works in: its streams and how it talks.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Log            *slog.Logger
	Quiet          bool
	asJSON         bool   // errors are said as JSON
	progress       string // how progress is shown: the value of --progress
	width          int    // columns of the terminal that help goes to
}

// keeping keeps the first error of a writer, so that a full disk fails a
// command wherever it prints.
type keeping struct {
	w   io.Writer
	err error
}

func (k *keeping) Write(p []byte) (int, error) {
	if k.err != nil {
		return 0, k.err
	}
	n, err := k.w.Write(p)
	k.err = err
	return n, err
}

// columns is the width of a terminal, or 80 where w is none.
func columns(w io.Writer) int {
	const usual, least = 80, 40
	f, ok := w.(*os.File)
	if !ok {
		return usual
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil || n <= 0 {
		return usual
	}
	return max(n, least)
}

// Steps tells how far a computation is: in stages of steps, or in records
// counted.
type Steps interface {
	footprint.Progress
	// Counting is told the records counted so far, and the bytes read of how
	// many. A caller says the same number of records again at the end.
	Counting() func(records, bytes, of int64)
}

// Progress is nil unless somebody looks at it.
func (env *Env) Progress() footprint.Progress {
	if p := env.Steps(); p != nil {
		return p
	}
	return nil
}

// Steps is a line on the terminal, or lines of JSON on standard error where
// --progress asks for them. It is nil where standard error is no terminal.
func (env *Env) Steps() Steps {
	if env.progress == "json" {
		return &stepLines{w: env.Stderr}
	}
	f, ok := env.Stderr.(*os.File)
	if !ok || env.Quiet || env.progress == "none" || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return &terminal{w: f}
}

// setUpLog obeys --quiet, --verbose, --progress and --log-format.
func (env *Env) setUpLog(l *Line) error {
	env.progress = l.Progress
	if !slices.Contains([]string{"terminal", "json", "none"}, l.Progress) {
		return Usagef(l.Try("--progress json"), "unknown --progress %q: it is terminal, json or none", l.Progress)
	}
	level := slog.LevelInfo
	if l.Verbose {
		level = slog.LevelDebug
	}
	if l.Quiet {
		level, env.Quiet = slog.LevelError, true
	}
	switch l.LogFormat {
	case "text":
		env.Log = slog.New(&plainHandler{w: env.Stderr, level: level})
	case "json":
		env.Log = slog.New(slog.NewJSONHandler(env.Stderr, &slog.HandlerOptions{Level: level, ReplaceAttr: withoutTime}))
	default:
		return Usagef(l.Try("--log-format json"), "unknown --log-format %q: it is text or json", l.LogFormat)
	}
	return nil
}

// withoutTime leaves the time out of a record: the same run says the same.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}
