//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package stage

import (
	"errors"
	"os"
	"syscall"
)

// holdLock locks a file until it is closed. It is false if another process
// holds it, and true without a lock where the file system has none: then nobody
// can tell that the file is a leftover.
func holdLock(f *os.File) bool {
	return !errors.Is(flock(f), syscall.EWOULDBLOCK)
}

// removeUnlocked removes a file that no process holds.
func removeUnlocked(name string) bool {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return flock(f) == nil && os.Remove(name) == nil
}

func flock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
