// Package flow holds patient flows: how many patients of each area of
// residence were treated at each provider, and the measures that are read off
// such a matrix before anyone draws a footprint.
//
// A [Matrix] is sparse and sorted; a [Builder] makes one out of records in any
// order, adding up duplicates and carrying the bounds of suppressed cells. The
// package's example shows both.
//
// In: records of an area, a provider and a count. Out: a matrix and its measures.
// It knows no files, no geometry and no clustering, and imports nothing of ours.
//
// # References
//
//   - Klauss G, Staub L, Widmer M, Busato A (2005). Hospital service areas: a
//     new tool for health care planning in Switzerland. BMC Health Services
//     Research 5:33. doi:10.1186/1472-6963-5-33 (localisation index, market
//     share index, net patient flow).
//   - Rhoades SA (1993). The Herfindahl-Hirschman index. Federal Reserve
//     Bulletin 79:188-189.
//   - Jones S et al. / Dr Foster (2011), Health Care Management Science 14:253,
//     proportionate catchment populations. doi:10.1007/s10729-011-9166-9
package flow
