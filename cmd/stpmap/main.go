// Command stpmap draws health systems on a map: it groups areas and providers
// into candidate footprints by patient flow, scores them and writes maps.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// version is the tool's version, as outputs carry it.
const version = "0.1.0"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the whole command; it returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	results := &keeping{w: stdout}
	env := &environment{stdin: stdin, stdout: results, stderr: stderr}
	err := newApp(env).RunContext(ctx, args)
	if err == nil && results.err != nil {
		err = fmt.Errorf("writing standard output: %w", results.err)
	}
	return env.report(ctx, err)
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
