package footprint

import "fmt"

// Objective says what a search for an exact number of footprints makes larger,
// among the maps that meet the demands.
type Objective int8

const (
	// BestQuality is the method's quality, modularity where none is named.
	BestQuality Objective = iota
	// MostInside is the share of patients treated inside their footprint.
	MostInside
	// StrongestWeakest is the localisation index of the footprint that keeps
	// fewest of its patients. Of maps equal in it, more quality is better.
	StrongestWeakest
)

// objectiveNames are the words of the command line, in the order above.
var objectiveNames = [...]string{"quality", "inside", "weakest"}

// String gives the word for an objective: quality, inside or weakest.
func (o Objective) String() string {
	if o < 0 || int(o) >= len(objectiveNames) {
		return fmt.Sprintf("Objective(%d)", int8(o))
	}
	return objectiveNames[o]
}

// ParseObjective reads quality, inside or weakest; the empty text is quality.
func ParseObjective(s string) (Objective, error) {
	for i, name := range objectiveNames {
		if s == name || s == "" {
			return Objective(i), nil
		}
	}
	return 0, fmt.Errorf("unknown objective %q: take quality, inside or weakest", s)
}
