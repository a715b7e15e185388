//go:build unix

package score

import (
	"syscall"
	"testing"
	"time"
)

// cpu is the time that the process has computed.
func cpu(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// 44 footprints, 20 indicators and 10,000 draws, with the flows drawn again, take
// under two seconds of one processor.
func TestScoreIsQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	in := newScene(t, 1, 44, 20, 3, 8).input(Options{Seed: 1, Jobs: 1, Draws: 10000})
	before := cpu(t)
	r := mustRun(t, in)
	took := cpu(t) - before
	if took > 2*time.Second {
		t.Errorf("took %v of CPU, want 2 s at most", took)
	}
	if r.Footprints[0].RankLow == 0 || len(r.Sensitivity) == 0 {
		t.Error("nothing was drawn")
	}
	t.Logf("%v of CPU", took)
}
