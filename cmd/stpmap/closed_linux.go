package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

var errClosed = errors.New("standard output is closed; to throw the result away, send it to /dev/null")

// lost is a standard output that was closed: what is written to it is lost.
type lost struct{}

func (lost) Write([]byte) (int, error) { return 0, errClosed }

// standardOutput is where results go that no flag names a file for.
func standardOutput() io.Writer {
	if closed(os.Stdout) {
		return lost{}
	}
	return os.Stdout
}

// closed reports whether standard output was closed before the program began.
// Go's runtime then opens /dev/null in its place, to read and to write, where a
// shell's >/dev/null is to write only. Python and Node open it as the runtime
// does when they are asked to ignore the output, so theirs counts as wanted.
func closed(f *os.File) bool {
	info, err := f.Stat()
	null, nullErr := os.Stat(os.DevNull)
	if err != nil || nullErr != nil || !os.SameFile(info, null) {
		return false
	}
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_GETFL, 0)
	return errno == 0 && flags&syscall.O_ACCMODE == syscall.O_RDWR && !ignored(os.Getppid())
}

// ignored reports whether the parent process gave /dev/null on purpose: it has it
// for itself, or it is a program that opens it so.
func ignored(parent int) bool {
	own, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/1", parent))
	if own == os.DevNull || err != nil && !errors.Is(err, fs.ErrNotExist) { // a shell may close its own meanwhile
		return true
	}
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", parent))
	return err != nil || strings.HasPrefix(string(name), "python") || strings.HasPrefix(string(name), "node")
}
