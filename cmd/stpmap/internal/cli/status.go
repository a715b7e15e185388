package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"stpmap/flow/fault"
	"stpmap/footprint"
)

// Exit statuses, as the interface fixes them.
const (
	Done        = 0
	Failed      = 1
	Usage       = 2
	BadInput    = 3
	Interrupted = 130
)

// UsageError is a fault in the flags themselves, not in the data.
type UsageError struct {
	Err error
	Try string // a line that would work; "" for the command's example
}

// Error says what is wrong with the flags.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap gives what is wrong with the flags.
func (e *UsageError) Unwrap() error { return e.Err }

// Usagef makes a usage error. try is a command line that would work, or "" for
// the command's own example.
func Usagef(try, format string, args ...any) error {
	return &UsageError{Err: fmt.Errorf(format, args...), Try: try}
}

// InputFault is a sentence about the input as a whole, for exit status 3.
type InputFault struct{ msg string }

// Error is the sentence.
func (e *InputFault) Error() string { return e.msg }

// Inputf makes an InputFault.
func Inputf(format string, args ...any) error { return &InputFault{fmt.Sprintf(format, args...)} }

// KeptError ends an interrupted command whose work so far is kept.
type KeptError struct {
	Done, All int // runs
	Cause     error
}

// Error says how much is kept.
func (e *KeptError) Error() string {
	return fmt.Sprintf("interrupted: %d of %d runs are kept; the same command with --resume goes on from there", e.Done, e.All)
}

// Unwrap gives the error that the interrupt caused.
func (e *KeptError) Unwrap() error { return e.Cause }

// report says what went wrong on standard error and chooses the exit status.
// example is the line that a usage error without one of its own ends with.
func (env *Env) report(ctx context.Context, err error, example string) int {
	if err == nil {
		return Done
	}
	if ctx.Err() != nil {
		if text := interrupted(ctx, err); text != "" {
			fmt.Fprintln(env.Stderr, text)
			return Interrupted
		}
	}
	fmt.Fprintln(env.Stderr, WithoutSecret(strings.TrimRight(err.Error(), "\n")))
	status, try := statusOf(err)
	if try == "" {
		try = example
	}
	if status == Usage && try != "" {
		fmt.Fprintln(env.Stderr, "try: "+try)
	}
	return status
}

// interrupted is what to say of an error that the end of ctx caused, "" for
// another error.
func interrupted(ctx context.Context, err error) string {
	var kept *KeptError
	switch {
	case errors.As(err, &kept):
		return kept.Error()
	case errors.Is(err, context.Canceled), errors.Is(err, context.Cause(ctx)):
		return "interrupted: nothing was written"
	}
	return ""
}

// statusOf is the exit status of an error, with a line to try.
func statusOf(err error) (status int, try string) {
	var (
		usage  *UsageError
		faults *fault.List
		one    *fault.Error
		cannot *footprint.InfeasibleError
		input  *InputFault
		bad    *footprint.ParameterError
		lacks  *footprint.UnsupportedError
		disk   *fs.PathError
		memory *memoryError
	)
	switch {
	case errors.As(err, &usage):
		return Usage, usage.Try
	case errors.As(err, &lacks):
		return Usage, "--method leiden, which honours every demand, or leave that one out"
	case errors.As(err, &bad):
		return Usage, ""
	case errors.As(err, &disk):
		return Failed, "" // of the system, wherever in an input it came up
	case errors.As(err, &faults), errors.As(err, &one), errors.As(err, &cannot), errors.As(err, &input), errors.As(err, &memory):
		return BadInput, ""
	}
	return Failed, ""
}
