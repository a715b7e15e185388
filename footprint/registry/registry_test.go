package registry

import (
	"slices"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// What a method declares is what it does.
func TestDescriptionsHold(t *testing.T) {
	for _, d := range Methods() {
		t.Run(d.Name, func(t *testing.T) {
			plain := partition(t, d, footprint.Settings{Seed: 1})
			if (d.Optimises == "") != d.Quality {
				t.Errorf("optimises %q, and looks at the quality: %v", d.Optimises, d.Quality)
			}
			if d.Title == "" {
				t.Error("has no title")
			}
			many := partition(t, d, footprint.Settings{Seed: 1, Resolution: 8})
			if got := !slices.Equal(many.Areas, plain.Areas); got != d.Resolution {
				t.Errorf("the resolution changes the partition: %v, declared %v", got, d.Resolution)
			}
			if other := partition(t, d, footprint.Settings{Seed: 2, Restarts: 3}); !d.Seeded && !slices.Equal(other.Areas, plain.Areas) {
				t.Error("the seed changes the partition")
			}
			if got, ok := Find(d.Name); !ok || got.Title != d.Title {
				t.Errorf("found %v by its name", got.Name)
			}
		})
	}
	if _, ok := Find("kmeans"); ok {
		t.Error("found what there is not")
	}
	if got := Names(func(d footprint.Description) bool { return d.Hosts }); !slices.Equal(got, []string{"ttwa", "hsa"}) {
		t.Errorf("methods that need hosts: %v", got)
	}
}

func partition(t *testing.T, d footprint.Description, s footprint.Settings) footprint.Partition {
	t.Helper()
	method, err := d.New(s)
	if err != nil {
		t.Fatal(err)
	}
	p, err := method.Partition(t.Context(), footprinttest.RandomFlows(t, 60, 15, 2))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
