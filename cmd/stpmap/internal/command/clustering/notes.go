package clustering

import (
	"fmt"

	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
)

// ruleNote says where a rule lacked what it is about: regions of referral
// without referral flows, or sizes that are under every footprint; "" for none.
func (r *Result) ruleNote(in *study.Study) string {
	switch {
	case r.Method == "hsa" && r.Words["hsa-rule"] == "dartmouth-hrr" && in.Referral == nil:
		return "dartmouth-hrr without --referral-flows: no table of major surgery says where patients are referred to, so that service areas merge only as far as their size and localisation index ask"
	case r.Method == "ttwa" && r.smallest() >= r.targetSize():
		return fmt.Sprintf("the sizes of ttwa never bind: the smallest footprint has %s patients, and --target-size is %s; only containment decides. Give sizes that suit these flows",
			words.Thousands(int(r.smallest())), words.Thousands(int(r.targetSize())))
	}
	return ""
}

// smallest is the least number of patients who live in a footprint.
func (r *Result) smallest() float64 {
	least := 0.0
	for i, f := range r.Measures.ByFootprint {
		if x := f.Resident.Value; i == 0 || x < least {
			least = x
		}
	}
	return least
}

// targetSize is the size from which the least containment of ttwa is enough.
func (r *Result) targetSize() float64 {
	if x := r.Numbers["target-size"]; x > 0 {
		return x
	}
	return 25_000
}
