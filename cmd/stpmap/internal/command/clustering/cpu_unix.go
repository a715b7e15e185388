//go:build unix

package clustering

import (
	"syscall"
	"time"
)

// CPUTime is the processor time that the process has used so far, of user and
// system together.
func CPUTime() (time.Duration, bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
