package glossary

// Kind is how a column's values are shown.
type Kind int8

// The kinds. Plain numbers are shown as they are, in whatever unit the row has.
const (
	Text    Kind = iota
	Whole        // a number of things
	Count        // a number of people or cases, perhaps with decimals, shown without
	Decimal      // a measured number
	Share        // from 0 to 1, shown as a percentage
	Plain        // a number whose unit the row says
	Flag         // yes or no
)

// Column is what a column of a table holds.
type Column struct {
	Name    string
	Kind    Kind
	Meaning string
}

// columns are those of every table. "table.name" is a column whose meaning
// differs in one table.
var columns = []Column{
	{"aggregation", Text, "How indicators make a score."},
	{"area", Text, "Code of the area where patients live."},
	{"area_km2", Decimal, "Size on the ground, in square kilometres."},
	{"area_name", Text, "Name of the area."},
	{"areas", Whole, "Number of areas."},
	{"band", Whole, "From -2 to 2: better or worse than the other footprints beyond chance. Positive is worse. 2 lies beyond the 99.8% limit, 1 beyond the 95% limit."},
	{"bands", Text, "How the bands were made: exact limits, or limits widened because footprints differ by more than chance."},
	{"catchment_fptp", Count, "People of the areas that send most of their patients to this provider."},
	{"catchment_population", Count, "People who rely on the provider: each area's people shared out as its patients are."},
	{"change", Plain, "Change since the period before."},
	{"change_lower", Plain, "Lower end of the change's 95% interval."},
	{"change_upper", Plain, "Upper end of the change's 95% interval."},
	{"closed", Flag, "Whether cleaning closed it."},
	{"organisations.closed", Text, "The day on which it closed; empty while it is open."},
	{"code", Text, "Code of the area or provider."},
	{"compactness", Decimal, "Roundness of the shape: 1 is a circle (Polsby–Popper)."},
	{"conductance", Share, "Share of patient flow that crosses the footprint's border."},
	{"confidence", Share, "Share of resampled runs that put it in this footprint. Empty if not asked for."},
	{"contiguous", Flag, "Whether the areas are in one piece on the ground."},
	{"count", Count, "Number of patients of the area whom the provider treats. <5 stands for a hidden count of 1 to 4."},
	{"counted", Text, "Who is counted: residents or the providers' patients."},
	{"coverage", Share, "Share of the weight of indicators that has figures."},
	{"denominator", Count, "How many the indicator is out of."},
	{"depth", Decimal, "How far below target the failing domains lie."},
	{"entity", Text, "Code of the organisation or area that the figure is of."},
	{"direction", Text, "Whether the figure got better or worse, or neither beyond chance."},
	{"distance_inside_km", Decimal, "Mean distance in kilometres of residents to the care that they get inside."},
	{"distance_outside_km", Decimal, "Mean distance in kilometres of residents to the care that they get elsewhere."},
	{"domain", Text, "Group of indicators about one subject."},
	{"domains", Text, "Domains, and how each fares."},
	{"domains_failing", Whole, "Number of domains that fail."},
	{"domains_rated", Whole, "Number of domains with enough figures to be rated."},
	{"domains_with_figures", Whole, "Number of domains with any figures."},
	{"drawn", Flag, "Whether a footprint's border runs here."},
	{"error", Text, "What kept a figure from being used."},
	{"expected", Plain, "Value that the target asks for in this period."},
	{"failing", Text, "What fails."},
	{"first_order", Share, "Share of the rank's variance that this choice explains alone."},
	{"footprint", Text, "The health system's id. F01 has the most people."},
	{"gap", Plain, "Distance from the target. Positive is worse than the target."},
	{"hhi", Decimal, "How much of the area's care one provider gives: 1 if all (Herfindahl–Hirschman index)."},
	{"indicator", Text, "Which figure about care."},
	{"indicators", Whole, "Number of indicators in the set."},
	{"indicators_rated", Whole, "Number of indicators with figures."},
	{"inside", Flag, "Whether area and provider are in one footprint."},
	{"inside_share", Share, "Share of the provider's patients who live in its footprint."},
	{"inside_share_lower", Share, "The least that inside_share can be, as small counts are known only as a range."},
	{"inside_share_upper", Share, "The most that inside_share can be, as small counts are known only as a range."},
	{"item", Text, "What was varied."},
	{"kind", Text, "Whether the row is an area or a provider."},
	{"leakage", Share, "Share of residents' care that is given in other footprints."},
	{"length_km", Decimal, "Length in kilometres."},
	{"level", Text, "Which of several nested maps."},
	{"lat", Plain, "Latitude in degrees (WGS84)."},
	{"lon", Plain, "Longitude in degrees (WGS84)."},
	{"localisation_index", Share, "Of the patients who live here, the share treated here."},
	{"localisation_index_lower", Share, "The least that the localisation index can be, as small counts are known only as a range."},
	{"localisation_index_upper", Share, "The most that the localisation index can be, as small counts are known only as a range."},
	{"lower", Plain, "Lower end of the 95% interval."},
	{"lower_998", Plain, "Lower 99.8% limit of what chance would give."},
	{"lower_limit", Plain, "Lower control limit of the run of periods."},
	{"market_hhi", Decimal, "How much of the provider's work comes from one area: 1 if all (Herfindahl–Hirschman index)."},
	{"market_share_index", Share, "Of the patients treated here, the share who live here."},
	{"market_share_index_lower", Share, "The least that the market share index can be, as small counts are known only as a range."},
	{"market_share_index_upper", Share, "The most that the market share index can be, as small counts are known only as a range."},
	{"matched", Text, "Footprint that stands for the group of the reference."},
	{"max_rank_shift", Decimal, "The most that a rank moves when this is varied."},
	{"mean", Plain, "Mean of the periods."},
	{"mean_rank_shift", Decimal, "How far ranks move on average when this is varied."},
	{"meets_target", Flag, "Whether the target is met."},
	{"moved", Flag, "Whether the area lies elsewhere in the reference."},
	{"name", Text, "Name, for people."},
	{"neighbour", Text, "Code of the neighbouring area."},
	{"neighbour_name", Text, "Name of the neighbouring area."},
	{"net_flow", Decimal, "Patients who come in for each one who goes out."},
	{"next_footprint", Text, "The footprint that would suit the area best after its own."},
	{"numerator", Count, "How many of the denominator the indicator counts."},
	{"on_track", Flag, "Whether the figure is where it should be on the way to the target."},
	{"order_by_figures", Whole, "Place in the order by figures alone."},
	{"overridden", Flag, "Whether a rule set the rating aside."},
	{"p_worst", Share, "Chance of being among the worst footprints."},
	{"parent", Text, "Footprint of the coarser level that holds it."},
	{"parent_level", Whole, "The coarser level."},
	{"patients", Count, "Patients in published counts."},
	{"patients_inside", Count, "Patients who live here and are treated here, in published counts."},
	{"patients_inside_lower", Count, "The least that patients_inside can be, as small counts are known only as a range."},
	{"patients_inside_upper", Count, "The most that patients_inside can be, as small counts are known only as a range."},
	{"patients_lower", Count, "The least that patients can be, as small counts are known only as a range."},
	{"patients_resident", Count, "Patients who live here, wherever they are treated, in published counts."},
	{"patients_resident_lower", Count, "The least that patients_resident can be, as small counts are known only as a range."},
	{"patients_resident_upper", Count, "The most that patients_resident can be, as small counts are known only as a range."},
	{"patients_treated", Count, "Patients treated here, wherever they live, in published counts."},
	{"patients_treated_lower", Count, "The least that patients_treated can be, as small counts are known only as a range."},
	{"patients_treated_upper", Count, "The most that patients_treated can be, as small counts are known only as a range."},
	{"patients_upper", Count, "The most that patients can be, as small counts are known only as a range."},
	{"period", Text, "The year or month of the figures."},
	{"population", Count, "People who live here."},
	{"provider", Text, "Code of the provider that treats the patients."},
	{"providers", Whole, "Number of providers."},
	{"rank", Whole, "Place in the order of footprints. 1 is the worst."},
	{"rank_high", Decimal, "Upper end of the rank's 90% interval."},
	{"rank_low", Decimal, "Lower end of the rank's 90% interval."},
	{"rank_median", Decimal, "The middle of the drawn ranks."},
	{"rating", Whole, "From 1, the best, to 4, the worst. Empty if not rated."},
	{"reference", Text, "Group of the reference that the area lies in."},
	{"reock", Decimal, "Roundness of the shape by the circle around it: 1 is a circle (Reock)."},
	{"runs_share", Share, "Share of resampled runs that draw a border here."},
	{"score", Decimal, "Number of failing domains, then how far they fail. Higher is worse."},
	{"signals", Text, "Signs that the figure changed beyond chance."},
	{"standing", Text, "Where the figure is on the way to its target."},
	{"target", Plain, "Value that the indicator should reach in the end."},
	{"target_at_period", Plain, "Value that the indicator should reach in this period."},
	{"top_provider", Text, "Code of the provider with most of the area's patients."},
	{"total_effect", Share, "Share of the rank's variance that this choice explains with all others."},
	{"type", Text, "Type of the provider."},
	{"unrated", Text, "Domains without enough figures."},
	{"upper", Plain, "Upper end of the 95% interval."},
	{"upper_998", Plain, "Upper 99.8% limit of what chance would give."},
	{"upper_limit", Plain, "Upper control limit of the run of periods."},
	{"used", Flag, "Whether the figure counts in the score."},
	{"value", Plain, "The indicator's value, in its own unit."},
	{"weighted", Flag, "Whether the figure was shared out from providers or areas by patients."},
	{"worst_changed", Decimal, "How many of the worst footprints change when this is varied."},
	{"z", Decimal, "Distance from the other footprints in standard errors. Positive is worse."},
	{"indicators.failing", Flag, "Whether the indicator fails its target."},
	{"scores.failing", Text, "Domains that fail."},
	{"scores.domains", Whole, "Number of domains in the set."},
}

// Of is what a column of a table means; false if the glossary does not have it.
func Of(table, name string) (Column, bool) {
	for _, key := range []string{table + "." + name, name} {
		for _, list := range [...][]Column{columns, results} {
			for _, c := range list {
				if c.Name == key {
					c.Name = name
					return c, true
				}
			}
		}
	}
	return Column{Name: name}, false
}
