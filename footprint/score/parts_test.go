package score

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
)

// Draws made in parts and put together give the scores of one piece.
func TestDrawsInParts(t *testing.T) {
	sc := newScene(t, 5, 12, 7, 2, 6)
	in := sc.input(quick(700))
	in.Confidence = slices.Repeat([]float64{0.8}, len(sc.m.Areas()))
	want := mustRun(t, in)
	if want.Draws != nil {
		t.Error("a whole score has a part of its draws")
	}
	for _, parts := range []int{1, 3, 8} {
		merged := in
		merged.Merge = func(all Draws) ([]int32, error) {
			ranks := make([]int32, all.Total*all.Footprints)
			seen := 0
			for part := 1; part <= parts; part++ {
				one := in
				one.Shard, one.Shards = part, parts
				one.Options.Jobs = part
				r := mustRun(t, one)
				d := r.Draws
				if d == nil || d.Fingerprint != all.Fingerprint || d.Total != all.Total || d.Footprints != all.Footprints {
					t.Fatalf("part %d: got draws %+v, want those of %+v", part, d, all)
				}
				if r.Footprints[0].RankLow != 0 {
					t.Error("a part says how sure a rank is")
				}
				for k, i := range d.Numbers {
					copy(ranks[i*d.Footprints:], d.Ranks[k*d.Footprints:(k+1)*d.Footprints])
					seen++
				}
			}
			if seen != all.Total {
				t.Fatalf("%d draws of %d", seen, all.Total)
			}
			return ranks, nil
		}
		got := mustRun(t, merged)
		if !reflect.DeepEqual(got.Worst, want.Worst) || len(got.Sensitivity) != len(want.Sensitivity) {
			t.Fatalf("%d parts: got %v, want %v", parts, got.Worst, want.Worst)
		}
		same(t, got, want, 0)
	}
}

func TestDrawPartsAreChecked(t *testing.T) {
	sc := newScene(t, 5, 6, 4)
	in := sc.input(quick(50))
	for _, s := range [][2]int{{0, 2}, {3, 2}, {1, -1}} {
		in.Shard, in.Shards = s[0], s[1]
		if _, err := Run(context.Background(), in); err == nil {
			t.Errorf("part %d of %d is taken", s[0], s[1])
		}
	}
	in.Shard, in.Shards = 0, 0
	in.Merge = func(Draws) ([]int32, error) { return make([]int32, 3), nil }
	if _, err := Run(context.Background(), in); err == nil {
		t.Error("too few ranks are taken")
	}
	missing := errors.New("missing")
	in.Merge = func(Draws) ([]int32, error) { return nil, missing }
	if _, err := Run(context.Background(), in); !errors.Is(err, missing) {
		t.Errorf("got %v, want the error of Merge", err)
	}
}

func TestDrawsFingerprint(t *testing.T) {
	sc := newScene(t, 5, 6, 4)
	print := func(change func(*Input)) string {
		in := sc.input(quick(50))
		in.Shard, in.Shards = 1, 2
		in.Observations = slices.Clone(in.Observations)
		change(&in)
		return mustRun(t, in).Draws.Fingerprint
	}
	base := print(func(*Input) {})
	for name, change := range map[string]func(*Input){
		"jobs":  func(in *Input) { in.Options.Jobs = 3 },
		"worst": func(in *Input) { in.Options.Worst = 2 },
		"part":  func(in *Input) { in.Shard = 2 },
	} {
		if print(change) != base {
			t.Errorf("other %s, other fingerprint", name)
		}
	}
	for name, change := range map[string]func(*Input){
		"seed":          func(in *Input) { in.Options.Seed = 2 },
		"draws":         func(in *Input) { in.Options.Draws = 51 },
		"concentration": func(in *Input) { in.Options.Concentration = 9 },
		"certainty":     func(in *Input) { in.Options.Certainty = 0.9 },
		"choices":       func(in *Input) { in.Options.FixedChoices = true },
		"normalisation": func(in *Input) { in.Options.Normalisation = Ranks },
		"figure":        func(in *Input) { in.Observations[0].Numerator++ },
	} {
		if print(change) == base {
			t.Errorf("other %s, same fingerprint", name)
		}
	}
}
