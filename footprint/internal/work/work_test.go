package work

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
)

// counter is a Progress that counts.
type counter struct {
	stages, total int
	steps         []int
}

func (c *counter) Stage(_ string, total int) { c.stages, c.total = c.stages+1, total }
func (c *counter) Step(done int)             { c.steps = append(c.steps, done) }

func TestEachDoesEveryTaskOnce(t *testing.T) {
	for _, jobs := range []int{0, 1, 3, 100} {
		done := make([]atomic.Int32, 57)
		var told counter
		var workers atomic.Int32
		err := Each(t.Context(), jobs, len(done), &told, "tasks", func() func(int) error {
			workers.Add(1)
			return func(i int) error {
				done[i].Add(1)
				return nil
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range done {
			if n := done[i].Load(); n != 1 {
				t.Errorf("%d jobs: task %d was done %d times", jobs, i, n)
			}
		}
		if n := int(workers.Load()); jobs > 0 && n != min(jobs, len(done)) {
			t.Errorf("%d jobs: %d workers", jobs, n)
		}
		if told.stages != 1 || told.total != len(done) || len(told.steps) != len(done) || !slices.IsSorted(told.steps) {
			t.Errorf("%d jobs: progress was told %+v", jobs, told)
		}
	}
}

func TestEachGivesTheLowestError(t *testing.T) {
	want := errors.New("seven")
	for range 20 {
		err := Each(t.Context(), 4, 50, nil, "", func() func(int) error {
			return func(i int) error {
				switch {
				case i == 7:
					return want
				case i > 7:
					return errors.New("later")
				}
				return nil
			}
		})
		if !errors.Is(err, want) {
			t.Fatalf("got %v, want that of task 7", err)
		}
	}
}

func TestEachStops(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	done := 0
	err := Each(ctx, 1, 50, nil, "", func() func(int) error {
		return func(i int) error {
			if done++; i == 9 {
				cancel(why)
			}
			return nil
		}
	})
	if !errors.Is(err, why) || done != 10 {
		t.Errorf("got %v after %d tasks, want the cause after 10", err, done)
	}
}

func TestMemory(t *testing.T) {
	s := []int{1, 2, 3}
	if g := Grow(s[:0], 3); &g[0] != &s[0] || len(g) != 3 {
		t.Error("memory that is large enough is not used again")
	}
	if g := Grow(s, 4); len(g) != 4 {
		t.Errorf("grown to %d", len(g))
	}
	if z := Zeroed(s, 2); len(z) != 2 || z[0] != 0 || z[1] != 0 {
		t.Errorf("got %v, want zeros", z)
	}
	if Grow[int](nil, 0) != nil {
		t.Error("memory for nothing")
	}
}
