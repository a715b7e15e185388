package cli

import (
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"stpmap/footprint"
)

// Env is what a command works in: its streams and how it talks.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Log            *slog.Logger
	Quiet          bool
	width          int // columns of the terminal that help goes to
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

// Progress draws on standard error; it is nil unless a person looks at it.
func (env *Env) Progress() footprint.Progress {
	if p := env.Terminal(); p != nil {
		return p
	}
	return nil
}

// Terminal is a line on standard error, nil unless that is a terminal.
func (env *Env) Terminal() *Terminal {
	f, ok := env.Stderr.(*os.File)
	if !ok || env.Quiet || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return &Terminal{w: f}
}

// setUpLog obeys --quiet, --verbose and --log-format.
func (env *Env) setUpLog(l *Line) error {
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
