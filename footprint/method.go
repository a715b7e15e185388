package footprint

import (
	"context"

	"stpmap/flow"
)

// Method turns a flow matrix into a partition. The same matrix and the same
// fields give the same partition, whatever the number of processors. The
// footprints come numbered by Number. A cancelled context ends the work with
// context.Cause; demands that the matrix cannot meet give an *InfeasibleError.
type Method interface {
	Partition(ctx context.Context, m *flow.Matrix) (Partition, error)
}

// Progress is told how far a long computation is; nil is silent. It may be
// called from several goroutines.
type Progress interface {
	// Stage begins a stage of total steps; 0 if that is unknown.
	Stage(name string, total int)
	// Step says how many steps of the stage are done.
	Step(done int)
}

// Description is what a method says about itself. Each method's package has
// one, and the registry lists them all.
type Description struct {
	// Name is what --method takes; Title says in a few words what the method is.
	Name, Title string
	// Optimises names what the method makes the best of, "" where that is the
	// Quality asked for.
	Optimises string
	// Seeded says that the result depends on a seed, and that restarts help.
	Seeded bool
	// Resolution says that γ is looked at; Quality that a quality is.
	Resolution, Quality bool
	// Directed says that one-mode flows may keep their direction.
	Directed bool
	// Hosts says that it counts in which area a provider lies.
	Hosts bool
	// Objectives says that an exact number of footprints can be searched for
	// another objective than the quality, and with more effort.
	Objectives bool
	// Levels says that nested levels can be made with it.
	Levels bool
	// Parameters are the flags of its own.
	Parameters []string
	// New makes the method. The error is a *ParameterError.
	New func(s Settings) (Method, error)
}

// Settings are what methods are made of; each takes what it looks at. The zero
// value gives each method's zero value.
type Settings struct {
	Quality     Quality
	Resolution  float64 // γ; 0 leaves it to the method
	Objective   Objective // of an exact number of footprints
	Effort      int       // of the search for it, 1 to 10; 0 leaves it to the method
	Seed        uint64
	Restarts    int
	Jobs        int
	Directed    bool
	Hosts       []int32            // area in which each provider lies; nil if not known
	Referral    *flow.Matrix       // patients who make referral regions; nil for none
	Numbers     map[string]float64 // values of Parameters that are numbers or, above 0, switches
	Words       map[string]string  // values of Parameters that are words
	Constraints Constraints
	Progress    Progress // nil is silent
}
