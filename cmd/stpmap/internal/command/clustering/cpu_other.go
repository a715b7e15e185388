//go:build !unix

package clustering

import "time"

// CPUTime is not known on this system.
func CPUTime() (time.Duration, bool) { return 0, false }
