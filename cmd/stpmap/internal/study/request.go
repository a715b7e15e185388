package study

import (
	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data"
	"stpmap/data/table"
)

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
	Door
	Reading
}

// Places are the flags of what lies where.
type Places struct {
	Boundaries    string  `flag:"boundaries"`
	Layer         string  `flag:"layer"`
	BoundaryCode  string  `flag:"boundary-code"`
	BoundaryName  string  `flag:"boundary-name"`
	Snap          float64 `flag:"snap"` // metres
	Clean         bool    `flag:"clean"`
	Grid          string  `flag:"grid"`
	Links         string  `flag:"links"`
	StrictIslands bool    `flag:"strict-islands"`
	AreaPoints    string  `flag:"area-points"`
	Outline       string  `flag:"outline"`
	Providers     string  `flag:"providers"`
	Population    string  `flag:"population"`

	ProviderCodeColumn   string `flag:"provider-code-column"`
	ProviderNameColumn   string `flag:"provider-name-column"`
	ProviderTypeColumn   string `flag:"provider-type-column"`
	LonColumn            string `flag:"lon-column"`
	LatColumn            string `flag:"lat-column"`
	PopulationAreaColumn string `flag:"population-area-column"`
	PopulationColumn     string `flag:"population-column"`
	PointAreaColumn      string `flag:"point-area-column"`
	PointNameColumn      string `flag:"point-name-column"`
	PointLonColumn       string `flag:"point-lon-column"`
	PointLatColumn       string `flag:"point-lat-column"`
}

// PartitionHeadings are the flags of headings of a partition's table: of
// --reference, or without one of --partition.
type PartitionHeadings struct {
	ReferenceColumn         string `flag:"reference-column"`
	PartitionAreaColumn     string `flag:"partition-area-column"`
	PartitionProviderColumn string `flag:"partition-provider-column"`
}

// options are how the table is read.
func (h PartitionHeadings) options() []table.Option {
	return []table.Option{
		table.Column(data.GroupRole.Name, h.ReferenceColumn),
		table.Column(data.AreaRole.Name, h.PartitionAreaColumn), table.Column(data.ProviderRole.Name, h.PartitionProviderColumn),
	}
}

// Partitions are the flags of partitions to look at.
type Partitions struct {
	PartitionHeadings
	Partition []string `flag:"partition"`
	Reference string   `flag:"reference"`
}

// Request says what to read. What is empty is not read.
type Request struct {
	Flows
	Places
	Journeys
	Succession        // which flows and figures are brought to
	Source     Source // where the names are opened

	Partition         []string
	Reference         string
	PartitionHeadings // of Reference, or without one of Partition

	Together, Apart, Fix string // files of groups of codes
	KeepWhole            string // a table of areas and the units that stay whole
	Names                string // a table of names of footprints
	ReferralFlows        string // patients who make referral regions
	Start                string // a partition
	KeepIDs              bool   // footprints keep the ids of Start

	// Yearly says that each file of flows is a year, to be kept apart in
	// Study.Years too.
	Yearly bool

	// Alone says that boundaries may come without flows: their areas then stand in
	// Matrix, and Study.Alone says so.
	Alone bool
	// Tables says that partitions are read even without flows, as tables.
	Tables bool
	// Hashes says that the hash of boundaries is wanted, which costs a second
	// reading of what may be a large file.
	Hashes bool
	// Silent says that the notes are the result: none of them is said beside it.
	Silent bool

	// Publish says that the provenance may leave the house: it has no hashes of
	// input files.
	Publish bool

	// NonEnglish counts, in RTT figures, the patients of commissioners outside
	// England too.
	NonEnglish bool

	Line *cli.Line // for lines to try, and for what was given
}

// With adds partitions to what is read.
func (r Request) With(p Partitions) Request {
	r.Partition, r.Reference, r.PartitionHeadings = p.Partition, p.Reference, p.PartitionHeadings
	return r
}

// try is a command line to try: the command's example with these flags.
func (r *Request) try(flags string) string {
	if r.Line == nil {
		return ""
	}
	return r.Line.Try(flags)
}

// providerOptions are how the table of providers is read.
func (p Places) providerOptions() []table.Option {
	return []table.Option{
		table.Column(data.ProviderRole.Name, p.ProviderCodeColumn),
		table.Column(data.ProviderNameRole.Name, p.ProviderNameColumn), table.Column(data.TypeRole.Name, p.ProviderTypeColumn),
		table.Column(data.LonRole.Name, p.LonColumn), table.Column(data.LatRole.Name, p.LatColumn),
	}
}

// pointOptions are how the table of areas' points is read.
func (p Places) pointOptions() []table.Option {
	return []table.Option{
		table.Column(data.AreaRole.Name, p.PointAreaColumn), table.Column(data.NameRole.Name, p.PointNameColumn),
		table.Column(data.LonRole.Name, p.PointLonColumn), table.Column(data.LatRole.Name, p.PointLatColumn),
	}
}

// populationOptions are how the table of people is read.
func (p Places) populationOptions() []table.Option {
	return []table.Option{table.Column(data.AreaRole.Name, p.PopulationAreaColumn), table.Column(data.PopulationRole.Name, p.PopulationColumn)}
}

// headingsOf are the headings that hold for the table of a role: --start is
// our own and needs none.
func (r *Request) headingsOf(role string) (h PartitionHeadings) {
	if role == "reference" || role == "partition" && r.Reference == "" {
		h = r.PartitionHeadings
	}
	return h
}
