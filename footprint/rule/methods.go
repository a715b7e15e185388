package rule

import "stpmap/footprint"

// TTWAMethod describes TTWA to the registry.
var TTWAMethod = footprint.Description{
	Name: "ttwa", Title: "travel-to-work areas: self-contained and large enough (Coombes and Bond 2008)", Optimises: "validity", Hosts: true,
	Parameters: []string{"min-size", "target-size", "min-containment", "target-containment", "ttwa-compatible"},
	New: func(s footprint.Settings) (footprint.Method, error) {
		return TTWA{
			MinSize: s.Numbers["min-size"], TargetSize: s.Numbers["target-size"],
			MinContainment: s.Numbers["min-containment"], TargetContainment: s.Numbers["target-containment"],
			Compatible: s.Numbers["ttwa-compatible"] > 0, Host: s.Hosts, Constraints: s.Constraints, Progress: s.Progress,
		}, nil
	},
}

// HSAMethod describes HSA to the registry.
var HSAMethod = footprint.Description{
	Name: "hsa", Title: "hospital service areas and referral regions: by plurality (Wennberg and Gittelsohn 1973)", Optimises: "plurality", Hosts: true,
	Parameters: []string{"hsa-rule", "hsa-threshold", "min-interventions", "min-region", "min-inside", "min-procedures", "referral-flows"},
	New:        newHSA,
}

func newHSA(s footprint.Settings) (footprint.Method, error) {
	h := HSA{
		Threshold: s.Numbers["hsa-threshold"], MinInterventions: s.Numbers["min-interventions"],
		MinRegion: s.Numbers["min-region"], MinInside: s.Numbers["min-inside"], MinProcedures: s.Numbers["min-procedures"],
		Host: s.Hosts, Referral: s.Referral, Constraints: s.Constraints, Progress: s.Progress,
	}
	if word := s.Words["hsa-rule"]; word != "" {
		rule, ok := ParseHSARule(word)
		if !ok {
			return nil, footprint.BadParameter("unknown hsa-rule %q; there are %s, %s and %s", word, DartmouthHSA, DartmouthHRR, SwissHSA)
		}
		h.Rule = rule
	}
	return h, nil
}
