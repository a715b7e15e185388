// Package score judges footprints as whole systems: it brings the figures of
// providers and areas to footprints through the patient flows, holds them
// against their targets and against each other, and says how sure it is.
//
//	r, err := score.Run(ctx, score.Input{Matrix: m, Partition: p, Observations: rows})
//	if err != nil {
//		return err // *fault.List: indicators.csv:3: numerator above denominator: 12 of 9
//	}
//	r.WriteLeague(os.Stdout, 10)
//
// What is measured, against what, and which way is better stands in a set of
// [Definitions]; the rules by which figures become a rating stand in [Options],
// all with a stated default. In scores, gaps and z higher is worse; a rating of
// 1 is the best and 4 the worst; rank 1 is the worst.
//
// What each step does, in the order in which [Run] takes them:
//
//  1. Attribution. A provider's numerator and denominator are split by where its
//     patients live (residents' view) or go where it lies (providers' view);
//     areas' figures are added up. Footprints and what is unattributed add up to
//     the input; values keep their fractions. See package attribution.
//  2. Statistics. Every value has its interval (package interval), its
//     gap to what its target asks for in its own period, and apart from that a z against the other footprints
//     that allows for over-dispersion (package dispersion).
//  3. Composite. A domain fails where at least half of its weight does; a
//     footprint is ranked by failing domains and then by depth, or by a mean.
//     Too few figures of the whole set are "not rated": nothing is imputed, and no
//     score mixes years unless asked to.
//  4. Doubt. Everything is drawn again many times: figures within their sampling
//     error, weights, normalisation, aggregation, the flows that split providers'
//     figures, and the partition where its confidence is known. Where a figure's
//     error is not known, ranks have no range. The sensitivity table says which of them moves ranks.
//  5. Trend. Several periods give changes with intervals, control charts of
//     monthly series, and the place on a target's trajectory.
//
// The split of a provider's patients by residence is taken from all flows alike:
// where the patients behind an indicator live otherwise than the provider's
// others, the residents' view is off by that much, and its intervals do not say
// so.
//
// # References
//
//   - Spiegelhalter DJ (2005). Funnel plots for comparing institutional
//     performance. Statistics in Medicine 24:1185. doi:10.1002/sim.1970
//   - Spiegelhalter DJ (2005). Handling over-dispersion of performance
//     indicators. Quality and Safety in Health Care 14:347.
//     doi:10.1136/qshc.2005.013755
//   - DerSimonian R, Laird N (1986). Meta-analysis in clinical trials. Controlled
//     Clinical Trials 7:177. doi:10.1016/0197-2456(86)90046-2
//   - OECD and JRC (2008). Handbook on constructing composite indicators.
//     doi:10.1787/9789264043466-en
//   - Jacobs R, Goddard M, Smith PC (2005). How robust are hospital ranks based
//     on composite performance measures? Medical Care 43:1177.
//   - Barclay M, Dixon-Woods M, Lyratzopoulos G (2019). The problem with
//     composite indicators. BMJ Quality & Safety 28:338.
//     doi:10.1136/bmjqs-2018-007798
package score
