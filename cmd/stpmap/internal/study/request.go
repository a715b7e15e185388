package study

import "stpmap/data"

// Flows are the flags of the table of flows.
type Flows struct {
	Flows          []string `flag:"flows"`
	AreaColumn     string   `flag:"area-column"`
	ProviderColumn string   `flag:"provider-column"`
	CountColumn    string   `flag:"count-column"`
	Where          []string `flag:"where"`
	Suppressed     []string `flag:"suppressed"`
	Table          string   `flag:"table"`
	QueryFile      string   `flag:"query-file"`
	IgnoreTotals   bool     `flag:"ignore-totals"`
	OneMode        bool     `flag:"one-mode"`
	Directed       bool     `flag:"directed"`
}

// Places are the flags of what lies where.
type Places struct {
	Boundaries         string  `flag:"boundaries"`
	BoundaryCode       string  `flag:"boundary-code"`
	BoundaryName       string  `flag:"boundary-name"`
	Snap               float64 `flag:"snap"` // metres
	Clean              bool    `flag:"clean"`
	AreaPoints         string  `flag:"area-points"`
	Outline            string  `flag:"outline"`
	Providers          string  `flag:"providers"`
	Population         string  `flag:"population"`
	PopulationColumn   string  `flag:"population-column"`
	ProviderNameColumn string  `flag:"provider-name-column"`
	LonColumn          string  `flag:"lon-column"`
	LatColumn          string  `flag:"lat-column"`
	NameColumn         string  `flag:"name-column"`
}

// Partitions are the flags of partitions to look at.
type Partitions struct {
	Partition       []string `flag:"partition"`
	Reference       string   `flag:"reference"`
	ReferenceColumn string   `flag:"reference-column"`
}

// PartitionColumn is the heading of the group in --partition, where
// --reference-column is not about --reference.
func (p Partitions) PartitionColumn() string {
	if p.Reference != "" {
		return ""
	}
	return p.ReferenceColumn
}

// Request says what to read. What is empty is not read.
type Request struct {
	Flows
	Places
	Source Source // where the names are opened

	Partition       []string
	PartitionColumn string // heading of the group; "" to find it
	Reference       string
	ReferenceColumn string

	Together, Apart, Fix string // files of groups of codes
	Start                string // a partition
	KeepIDs              bool   // footprints keep the ids of Start

	// Tables says that partitions are read even without flows, as tables.
	Tables bool
	// Hashes says that the hash of boundaries is wanted, which costs a second
	// reading of what may be a large file.
	Hashes bool
	// Silent says that the notes are the result: none of them is said beside it.
	Silent bool

	Command string // for lines to try
}

// With adds partitions to what is read.
func (r Request) With(p Partitions) Request {
	r.Partition, r.PartitionColumn = p.Partition, p.PartitionColumn()
	r.Reference, r.ReferenceColumn = p.Reference, p.ReferenceColumn
	return r
}

// try is a command line to try: the command with these flags.
func (r *Request) try(flags string) string { return "stpmap " + r.Command + " " + flags }

// providerOptions are how the table of providers is read.
func (p Places) providerOptions() []data.Option {
	return []data.Option{
		data.Column(data.ProviderNameRole.Name, p.ProviderNameColumn),
		data.Column(data.LonRole.Name, p.LonColumn), data.Column(data.LatRole.Name, p.LatColumn),
	}
}

// pointOptions are how the table of areas' points is read.
func (p Places) pointOptions() []data.Option {
	return []data.Option{
		data.Column(data.NameRole.Name, p.NameColumn),
		data.Column(data.LonRole.Name, p.LonColumn), data.Column(data.LatRole.Name, p.LatColumn),
	}
}
