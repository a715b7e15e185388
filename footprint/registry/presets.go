package registry

import "slices"

// Preset is a published rule set by name: a method with its numbers.
type Preset struct {
	Name   string // as --preset takes it
	Title  string // what it makes, for a person
	Method string // as --method takes it
	// Parameters are the flags that the preset stands for, in order. A flag
	// given beside a preset overrides it.
	Parameters []Parameter
	Source     string // where the numbers come from
}

// Parameter is a flag, without dashes, and its value as one would write it. A
// switch has the value "true".
type Parameter struct{ Flag, Value string }

// Presets lists the rule sets that are known by name, in order of their names.
func Presets() []Preset { return slices.Clone(presets) }

// FindPreset finds a preset by name.
func FindPreset(name string) (Preset, bool) {
	i := slices.IndexFunc(presets, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{}, false
	}
	return presets[i], true
}

var presets = []Preset{
	{
		Name: "dartmouth-hrr", Title: "hospital referral regions of the Dartmouth Atlas", Method: "hsa",
		Parameters: []Parameter{
			{"hsa-rule", "dartmouth-hrr"}, {"min-region", "120000"}, {"min-inside", "0.65"}, {"min-procedures", "10"}, {"contiguous", "true"},
		},
		Source: "Dartmouth Atlas of Health Care, appendix on the geography of health care in the United States: at least 120,000 people, at least 65% of stays inside",
	},
	{
		Name: "dartmouth-hsa", Title: "hospital service areas of the Dartmouth Atlas", Method: "hsa",
		Parameters: []Parameter{{"hsa-rule", "dartmouth-hsa"}, {"contiguous", "true"}},
		Source:     "Dartmouth Atlas of Health Care, appendix on the geography of health care in the United States: plurality of stays, made contiguous",
	},
	{
		Name: "icb-2022", Title: "42 footprints on the scale of England's integrated care boards", Method: "leiden",
		Parameters: []Parameter{{"footprints", "42"}, {"contiguous", "true"}, {"min-population", "300000"}, {"max-population", "3000000"}},
		Source:     "NHS England, 42 integrated care boards of July 2022; bounds of population as for the footprints of 2016",
	},
	{
		Name: "icb-2027", Title: "systems by the criteria for England's integrated care boards of 2027", Method: "leiden",
		Parameters: []Parameter{{"contiguous", "true"}, {"min-population", "1000000"}, {"min-providers", "2"}},
		Source:     "NHS England, criteria for the boards of April 2027: at least 1 million people, more than one acute trust, one piece on the ground",
	},
	{
		Name: "ons-ttwa", Title: "travel-to-work areas of the Office for National Statistics", Method: "ttwa",
		Parameters: []Parameter{{"min-size", "3500"}, {"target-size", "25000"}, {"min-containment", "0.6667"}, {"target-containment", "0.75"}},
		Source:     "Coombes and Bond 2008; Office for National Statistics, Travel to work areas: 3,500 workers at 75% self-containment, 25,000 at 66.7%",
	},
	{
		Name: "stp-2016", Title: "44 footprints on the scale of England's sustainability and transformation plans", Method: "leiden",
		Parameters: []Parameter{{"footprints", "44"}, {"contiguous", "true"}, {"min-population", "300000"}, {"max-population", "3000000"}},
		Source:     "NHS England, 44 footprints of March 2016, of 300,000 to nearly 3 million people",
	},
	{
		Name: "swiss-hsa", Title: "hospital service areas by the Swiss rule of HSAr", Method: "hsa",
		// HSAr's documentation gives a default threshold of 0.5, its code has 0.4.
		Parameters: []Parameter{{"hsa-rule", "swiss-hsa"}, {"hsa-threshold", "0.4"}, {"min-interventions", "10"}},
		Source:     "Haynes, Wertli and Aujesky 2020, doi:10.1111/1475-6773.13275, and the R package HSAr; Klauss et al. 2005, doi:10.1186/1472-6963-5-33",
	},
}
