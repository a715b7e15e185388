package cli

import (
	"math"
	"strings"
)

// Kind is what the value of a flag is.
type Kind string

// The kinds of values. What reads or writes files is told from the rest by
// them: in a configuration names of files are relative to its folder, and no
// output may take the place of an input.
const (
	Switch    Kind = "switch"    // no value: on or off
	Text      Kind = "text"      // words for people
	Name      Kind = "name"      // one of some names
	Code      Kind = "code"      // of an area, a provider or a footprint
	Heading   Kind = "heading"   // of a column, or a property of boundaries
	Condition Kind = "condition" // COLUMN=VALUE and its like
	List      Kind = "list"      // names or numbers with commas between
	Number    Kind = "number"    // with or without a fraction
	Whole     Kind = "whole"     // a whole number
	Share     Kind = "share"     // from 0 to 1
	Size      Kind = "size"      // of memory, such as 2GB
	Time      Kind = "time"      // such as 30m
	File      Kind = "file"      // to read; - is standard input
	Source    Kind = "source"    // a file to read, a pattern or an engine's URL
	Builtin   Kind = "builtin"   // a built-in set by name, or a file to read
	Output    Kind = "output"    // a file or folder to write; - is standard output
)

// Flag is one line of the table of flags.
type Flag struct {
	Name  string // without dashes
	Short string // its one letter, "" for none
	// On names the commands that have it, with spaces between; "" is all.
	On       string
	Category string // the group of flags that help shows it in
	Kind     Kind
	Value    string   // what stands for the value in help, such as FILE
	Default  string   // the value where the flag is not given, as one would give it
	Unset    string   // the default in words, where no value stands for it or says it well
	Builtins []string // names that a Builtin takes
	Help     string   // what it does, in a sentence without a full stop
	Range    Range    // that a number must lie in
	// Silent keeps the flag out of the parameters that outputs carry: it cannot
	// change a result, or it names an input that provenance lists.
	Silent bool
}

// on reports whether a command has the flag.
func (f *Flag) on(command string) bool {
	if f.On == "" {
		return true
	}
	for name := range strings.FieldsSeq(f.On) {
		if name == command {
			return true
		}
	}
	return false
}

// reads reports whether the value names something to read.
func (f *Flag) reads() bool { return f.Kind == File || f.Kind == Source || f.Kind == Builtin }

// Range is what a number must lie in. The zero value is any number.
type Range struct {
	least, most float64
	says        string // "must be at least 1"
}

// The ranges that flags ask for.
var (
	NotNegative = Range{0, math.MaxFloat64, "must not be negative"}
	FromOne     = Range{1, math.MaxFloat64, "must be at least 1"}
	Repeats     = Range{1, 1e6, "must be from 1 to 1,000,000"}
	Resamples   = Range{0, 1e6, "must be from 0 to 1,000,000"}
	Shares      = Range{0, 1, "must be a share from 0 to 1"}
	Limit       = Range{0, math.MaxFloat64, "takes a number of patients, 0 or more"}
	Metres      = Range{0, 10_000, "takes metres from 0 to 10000"}
)

// holds reports whether x lies in the range; NaN lies in none.
func (r Range) holds(x float64) bool { return r.says == "" || x >= r.least && x <= r.most }
