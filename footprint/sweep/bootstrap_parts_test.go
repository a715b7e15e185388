package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/graph"
)

// Runs made in parts, written to logs and read again are those made in one
// piece, whatever the number of parts.
func TestBootstrapInParts(t *testing.T) {
	demands := footprint.Constraints{Footprints: 3, MaxShare: 0.345}
	for name, m := range map[string]*flow.Matrix{"areas and providers": nearFlows(t, 20, 6, 3), "sure and unsure": sureAndUnsure(t)} {
		cs := demands
		if m.HasSuppressed() || len(m.Providers()) == 2 {
			cs = footprint.Constraints{}
		}
		b := Bootstrap{Runs: 17, Seed: 4}
		want, failed, err := b.Partitions(t.Context(), m, leidenSeeds(cs))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Logf("%s: %d of %d runs failed", name, failed, len(want))
		for _, parts := range []int{1, 3, 17, 20} {
			log := RunLog{Kind: BootstrapLog, Fingerprint: "x", Shards: parts, Tasks: b.Runs, Nodes: graph.Nodes(m)}
			all := NewRuns(b.Runs)
			for part := 1; part <= parts; part++ {
				log.Shard = part
				var text bytes.Buffer
				w, err := NewRunLogWriter(&text, log)
				if err != nil {
					t.Fatal(err)
				}
				one := b
				one.Tasks = append([]int{}, NewRuns(b.Runs).Missing(part, parts)...)
				one.Made = func(run int, p footprint.Partition) error { return w.Write(run, RunLabels(p)) }
				if _, _, err := one.Partitions(t.Context(), m, leidenSeeds(cs)); err != nil {
					t.Fatal(err)
				}
				if err := w.End(); err != nil {
					t.Fatal(err)
				}
				if _, complete, err := ReadRunLog(&text, log, all); err != nil || !complete {
					t.Fatalf("part %d of %d: complete %v, %v", part, parts, complete, err)
				}
			}
			for i := range want {
				got, err := LabelledRun(m, all.Labels(i))
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, want[i]) {
					t.Fatalf("%s, %d parts, run %d: got %v, want %v", name, parts, i, got, want[i])
				}
			}
		}
	}
}

// nearFlows has flows between all places, larger near the diagonal.
func nearFlows(t testing.TB, areas, providers int, seed uint64) *flow.Matrix {
	b := flow.NewBuilder()
	for a := range areas {
		for p := range providers {
			d := math.Abs(float64(a)/float64(areas) - float64(p)/float64(providers))
			n := math.Floor(40*math.Exp(-6*d)) + float64((uint64(a*7+p*13)*seed)%5)
			_ = b.Add(fmt.Sprintf("A%02d", a), fmt.Sprintf("P%d", p), flow.Exactly(n+1))
		}
	}
	return footprinttest.Built(t, b)
}

func TestBootstrapTasksAreChecked(t *testing.T) {
	m := sureAndUnsure(t)
	for _, tasks := range [][]int{{-1}, {5}, {2, 2}, {3, 1}} {
		var bad *footprint.ParameterError
		if _, _, err := (Bootstrap{Runs: 5, Tasks: tasks}).Partitions(t.Context(), m, leidenSeeds(footprint.Constraints{})); !errors.As(err, &bad) {
			t.Errorf("%v: got %v, want a parameter error", tasks, err)
		}
	}
	ps, failed, err := Bootstrap{Runs: 5, Tasks: []int{}}.Partitions(t.Context(), m, leidenSeeds(footprint.Constraints{}))
	if err != nil || failed != 0 || len(ps) != 5 || ps[0].IDs != nil {
		t.Errorf("no task: got %v, %d, %v, want five zero partitions", ps, failed, err)
	}
	stop := errors.New("full")
	if _, _, err := (Bootstrap{Runs: 5, Made: func(int, footprint.Partition) error { return stop }}).Partitions(t.Context(), m, leidenSeeds(footprint.Constraints{})); !errors.Is(err, stop) {
		t.Errorf("got %v, want the error of Made", err)
	}
}

func TestBootstrapFingerprint(t *testing.T) {
	m := sureAndUnsure(t)
	set := Setting{Method: "leiden", Resolution: 1}
	print := func(b Bootstrap, s Setting, cs footprint.Constraints, salt string) string {
		return b.Fingerprint(m, s, cs, salt)
	}
	base := print(Bootstrap{Runs: 9, Seed: 1}, set, footprint.Constraints{}, "v")
	if again := print(Bootstrap{Runs: 9, Seed: 1, Jobs: 3, Tasks: []int{1}}, set, footprint.Constraints{}, "v"); again != base {
		t.Error("jobs or tasks change the fingerprint")
	}
	other := set
	other.Method = "louvain"
	for name, got := range map[string]string{
		"runs":       print(Bootstrap{Runs: 8, Seed: 1}, set, footprint.Constraints{}, "v"),
		"seed":       print(Bootstrap{Runs: 9, Seed: 2}, set, footprint.Constraints{}, "v"),
		"seeds only": print(Bootstrap{Runs: 9, Seed: 1, SeedsOnly: true}, set, footprint.Constraints{}, "v"),
		"method":     print(Bootstrap{Runs: 9, Seed: 1}, other, footprint.Constraints{}, "v"),
		"demands":    print(Bootstrap{Runs: 9, Seed: 1}, set, footprint.Constraints{MaxShare: 0.4}, "v"),
		"population": print(Bootstrap{Runs: 9, Seed: 1}, set, footprint.Constraints{Population: []float64{1}}, "v"),
		"version":    print(Bootstrap{Runs: 9, Seed: 1}, set, footprint.Constraints{}, "w"),
	} {
		if got == base {
			t.Errorf("other %s, same fingerprint", name)
		}
	}
}

// A log of one kind is not taken for another, nor numbers that cannot be.
func TestLogKinds(t *testing.T) {
	write := func(l RunLog, label []int32) string {
		var b bytes.Buffer
		w, err := NewRunLogWriter(&b, l)
		if err == nil {
			err = errors.Join(w.Write(0, label), w.End())
		}
		if err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	log := func(k LogKind) RunLog {
		return RunLog{Kind: k, Fingerprint: "x", Shard: 1, Shards: 1, Tasks: 1, Nodes: 3}
	}
	for _, c := range []struct {
		name      string
		text      string
		want      LogKind
		say       string // "" where it is taken
		wantLabel []int32
	}{
		{"ranks", write(log(DrawLog), []int32{3, 1, 2}), DrawLog, "", []int32{3, 1, 2}},
		{"labels as they are", write(log(BootstrapLog), []int32{2, footprint.Unplaced, 0}), BootstrapLog, "", []int32{2, footprint.Unplaced, 0}},
		{"a run that failed", write(log(BootstrapLog), nil), BootstrapLog, "", []int32{}},
		{"a failed draw", write(log(DrawLog), nil), DrawLog, "damaged", nil},
		{"a sweep's labels not renumbered", write(log(SweepLog), []int32{2, 1, 0}), SweepLog, "damaged", nil},
		{"a rank beyond all", write(log(DrawLog), []int32{4, 1, 2}), DrawLog, "damaged", nil},
		{"too few", write(log(DrawLog), []int32{1, 2}), DrawLog, "damaged", nil},
		{"too many", write(log(BootstrapLog), []int32{1, 2, 0, 0}), BootstrapLog, "damaged", nil},
		{"draws for a bootstrap", write(log(DrawLog), []int32{3, 1, 2}), BootstrapLog, "of another bootstrap", nil},
		{"a sweep for draws", write(log(SweepLog), []int32{0, 1, 2}), DrawLog, "of other draws", nil},
	} {
		got := NewRuns(1)
		_, _, err := ReadRunLog(strings.NewReader(c.text), log(c.want), got)
		if c.say == "" {
			if err != nil || !reflect.DeepEqual(got.Labels(0), c.wantLabel) {
				t.Errorf("%s: got %v, %v, want %v", c.name, got.Labels(0), err, c.wantLabel)
			}
			continue
		}
		var bad *RunLogError
		if !errors.As(err, &bad) || !strings.Contains(bad.Reason, c.say) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.say)
		}
	}
}
