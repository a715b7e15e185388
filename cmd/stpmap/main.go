// Command stpmap draws health systems on a map: it groups areas and providers
// into candidate footprints by patient flow, scores them and writes maps.
package main

import (
	"context"
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
	env := &environment{stdin: stdin, stdout: stdout, stderr: stderr}
	err := newApp(env).RunContext(ctx, args)
	return env.report(ctx, err)
}
