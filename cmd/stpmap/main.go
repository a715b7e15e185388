// Command stpmap draws health systems on a map: it groups areas and providers
// into candidate footprints by patient flow, scores them and writes maps.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"stpmap/cmd/stpmap/internal/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args, os.Stdin, standardOutput(), os.Stderr)
	stop()
	os.Exit(status)
}

// run is the whole command; it returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return command.App().Run(ctx, args, stdin, stdout, stderr)
}
