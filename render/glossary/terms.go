package glossary

import "strings"

// Term is a word of the field, and what it means.
type Term struct{ Word, Meaning string }

// Terms are the words that readers of a report meet, by alphabet.
var Terms = []Term{
	{"Area", "Where patients live: a commissioning group, a district or a neighbourhood."},
	{"Concentration", "How much of an area's care one provider gives. It is 1 if all patients go to one provider, and near 0 if they go to many. It is the Herfindahl–Hirschman index."},
	{"Confidence", "Of 100 runs on flows that were resampled, how many put the area in this footprint."},
	{"Domain", "A group of indicators about one subject, such as urgent care."},
	{"Domains failing", "How many domains miss their targets by the stated margin, with 95% certainty."},
	{"Footprint", "A health system: areas, and the providers that most of their patients go to."},
	{"Indicator", "A figure about care that footprints are compared by, such as waiting times."},
	{"Interval", "A range that holds the true figure in 95 of 100 cases. A wide one says that the figure rests on few patients."},
	{"Leakage", "Of 100 patients who live here, how many are treated elsewhere."},
	{"Localisation index", "Of 100 patients who live here, how many are treated here."},
	{"Market share index", "Of 100 patients who are treated here, how many live here."},
	{"Patients", "Patients in published counts. Small counts are known only as a range, and are not among them."},
	{"People", "Everybody who lives here, patients or not."},
	{"Provider", "Who treats patients: a hospital trust, for example."},
	{"Rank", "The place in the order of footprints. Rank 1 is the worst."},
	{"Rank from", "Chance alone could move the rank. In 90 of 100 draws it is no lower than this."},
	{"Rank to", "Chance alone could move the rank. In 90 of 100 draws it is no higher than this."},
	{"Rating", "From 1, the best, to 4, the worst."},
	{"Reference", "Another map of the same areas that this one is compared with."},
	{"Score", "How many domains fail, and then by how much. A higher score is worse."},
	{"Target", "The value that an indicator should reach in its year."},
}

// TermOf is the meaning of a word; empty if it is none of the terms.
func TermOf(word string) string {
	for _, t := range Terms {
		if strings.EqualFold(t.Word, word) {
			return t.Meaning
		}
	}
	return ""
}
