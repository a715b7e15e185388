package data

import (
	"regexp"
	"slices"

	"stpmap/data/table"
)

// The columns of a flow table.
var (
	AreaRole = table.Role{
		Name: "area", Flag: "--area-column",
		Headings: []string{
			"areacode", "areaid", "commissionercode", "commissionerorgcode", "commissioner",
			"ccgcode", "ccg", "subicbcode", "subicblocationcode", "lsoacode", "lsoa", "msoacode", "msoa",
			"ltlacode", "ltla", "utlacode", "utla", "ladcode", "lad", "localauthoritycode", "oacode", "oa", "wardcode", "ward",
			"zipcode", "zip", "zcta", "postcodesector", "postcodedistrict", "geocode", "geographycode", "geography",
			"residencecode", "residence", "origincode", "origin", "orig", "from", "source",
			"communitylive", "community", "live", "home", "zone", "place", "node", "practicecode", "practice", "gppracticecode",
		},
		Pattern: regexp.MustCompile(`^(?:ccg|sicbl|lad|ltla|utla|ctyua|lsoa|msoa|oa|wd|pct)\d{2}(?:cd|code)$`),
	}
	ProviderRole = table.Role{
		Name: "provider", Flag: "--provider-column",
		Headings: []string{
			"providercode", "providerid", "providerorgcode", "trustcode", "nhstrustcode", "trust",
			"orgcode", "organisationcode", "hospitalcode", "hospitalid", "hospital", "sitecode", "site",
			"destinationcode", "destination", "dest", "to", "target", "workplace", "communitywork", "work",
		},
		Pattern: regexp.MustCompile(`^(?:nhs)?trust\d{2}(?:cd|code)$`),
	}
	CountRole = table.Role{
		Name: "count", Flag: "--count-column",
		Headings: []string{
			"patients", "n", "spells", "admissions", "episodes", "attendances", "activity", "visits", "discharges",
			"commuters", "flow", "flows", "weight", "amount", "number", "numberofpatients", "trips", "people",
			"totalall", "totalactivity", "total", "value",
		},
	}
)

// NameRole is the column with the name of what a code stands for.
var NameRole = table.Role{
	Name: "name", Flag: "--point-name-column",
	Headings: []string{"areaname", "ccgname", "commissionername", "providername", "trustname", "label", "title"},
	Pattern:  regexp.MustCompile(`(?:name|nm)$`),
}

// The columns of a table of providers, beside the code.
var (
	ProviderNameRole = table.Role{
		Name: "providername", Flag: "--provider-name-column",
		Headings: []string{"trustname", "nhstrustname", "hospitalname", "providerorgname", "orgname", "organisationname", "sitename", "name", "provider", "trust", "hospital"},
	}
	LonRole  = table.Role{Name: "lon", Flag: "--lon-column", Headings: []string{"long", "lng", "longitude", "x"}}
	LatRole  = table.Role{Name: "lat", Flag: "--lat-column", Headings: []string{"latitude", "y"}}
	TypeRole = table.Role{Name: "providertype", Flag: "--provider-type-column", Headings: []string{"trusttype", "hospitaltype", "type", "kind"}}
)

// Codes in tables other than flows. The name is that of the role in flows; a
// plain "code" will do, and each table has a flag of its own.
var (
	providerCodeRole      = inTable(ProviderRole, "--provider-code-column", "code", "id")
	populationAreaRole    = inTable(AreaRole, "--population-area-column", "code", "id")
	pointAreaRole         = inTable(AreaRole, "--point-area-column", "code", "id")
	pointLonRole          = inTable(LonRole, "--point-lon-column")
	pointLatRole          = inTable(LatRole, "--point-lat-column")
	partitionAreaRole     = inTable(AreaRole, "--partition-area-column")
	partitionProviderRole = inTable(ProviderRole, "--partition-provider-column")
	partitionCodeRole     = inTable(partitionAreaRole, "--partition-area-column", "code", "id")
)

// inTable is a role as another table has it: under a flag of its own, and under
// further headings.
func inTable(r table.Role, flag string, more ...string) table.Role {
	r.Flag = flag
	r.Headings = append(slices.Clone(r.Headings), more...)
	return r
}

// PopulationRole is the column with the number of residents.
var PopulationRole = table.Role{
	Name: "population", Flag: "--population-column",
	Headings: []string{
		"pop", "residents", "inhabitants", "people", "persons", "totalpopulation", "populationestimate", "residentpopulation",
		"allages", "allpersons", "numberofpatients", "total", "count", "n", "value",
	},
}

// The columns of a table of indicators.
var (
	EntityRole = table.Role{
		Name: "entity", Flag: "--entity-column",
		Headings: []string{
			"entitycode", "code", "orgcode", "organisationcode", "providercode", "provider", "trustcode", "trust",
			"areacode", "area", "commissionercode", "ccgcode", "ccg", "footprint", "id",
		},
	}
	IndicatorRole   = table.Role{Name: "indicator", Flag: "--indicator-column", Headings: []string{"indicatorid", "indicatorcode", "metric", "measure"}}
	NumeratorRole   = table.Role{Name: "numerator", Flag: "--numerator-column", Headings: []string{"num", "observed", "count"}}
	DenominatorRole = table.Role{Name: "denominator", Flag: "--denominator-column", Headings: []string{"denom", "den", "expected"}}
	ValueRole       = table.Role{Name: "value", Flag: "--value-column", Headings: []string{"rate", "percentage", "percent", "rating", "band"}}
	PeriodRole      = table.Role{Name: "period", Flag: "--period-column", Headings: []string{"timeperiod", "periodname", "financialyear", "year", "month", "quarter", "date"}}
	// CoverageRole is the share of an entity's patients that its figure is of.
	CoverageRole = table.Role{Name: "shareofpatients"}
	LowerRole    = table.Role{Name: "lower", Flag: "--lower-column", Headings: []string{"lowerci", "lowerci950limit", "lowerlimit", "lcl", "ll"}}
	UpperRole    = table.Role{Name: "upper", Flag: "--upper-column", Headings: []string{"upperci", "upperci950limit", "upperlimit", "ucl", "ul"}}
)

// GroupRole is the column with the code or name of the group that an area or
// provider is in.
var GroupRole = table.Role{
	Name: "footprint", Flag: "--reference-column",
	Headings: []string{
		"footprintid", "footprintcode", "groupcode", "groupid", "group", "grp", "clusterid", "cluster",
		"systemcode", "system", "healthsystem", "stpcode", "icbcode", "icscode", "hsacode", "hrrcode", "ttwacode",
		"stp", "icb", "ics", "hsa", "hsanum", "hrr", "hrrnum", "ttwa", "lma", "module", "community", "partition",
	},
	Pattern: regexp.MustCompile(`^(?:stp|icb|ics|ttwa|hsa|hrr|cal|nhser|rgn)\d{2}(?:cd|code)$`),
}

// Columns names the headings of a flow table outright; empty ones are found by
// their usual names.
func Columns(area, provider, count string) table.Option {
	return func(o *table.Settings) {
		table.Column(AreaRole.Name, area)(o)
		table.Column(ProviderRole.Name, provider)(o)
		table.Column(CountRole.Name, count)(o)
	}
}

// The columns of a table of links.
var (
	LinkFromRole = table.Role{Name: "area_a", Headings: []string{"areaa", "area1", "areacodea", "areacode1", "codea", "code1", "from", "a"}}
	LinkToRole   = table.Role{Name: "area_b", Headings: []string{"areab", "area2", "areacodeb", "areacode2", "codeb", "code2", "to", "b"}}
)

// Heading is a column of one of the tables that people give us, and the flag that
// names its heading outright.
type Heading struct {
	Table string     // "flows", "providers", "population", "partition", "indicators" or "area-points"
	Role  table.Role // with its flag; table.Column(Role.Name, …) is the option of the table's reader
}

// Headings are the columns of all tables that people give us. Each has a flag,
// and no two have the same.
func Headings() []Heading {
	var list []Heading
	add := func(of string, roles ...table.Role) {
		for _, r := range roles {
			list = append(list, Heading{of, r})
		}
	}
	add("flows", AreaRole, ProviderRole, CountRole)
	add("providers", providerCodeRole, ProviderNameRole, LonRole, LatRole, TypeRole)
	add("population", populationAreaRole, PopulationRole)
	add("partition", partitionAreaRole, partitionProviderRole, GroupRole)
	add("indicators", EntityRole, IndicatorRole, NumeratorRole, DenominatorRole, ValueRole, PeriodRole, LowerRole, UpperRole)
	add("area-points", pointAreaRole, NameRole, pointLonRole, pointLatRole)
	return list
}
