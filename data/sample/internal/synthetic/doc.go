// Package synthetic makes Synthetic England, the sample that package data
// embeds: commissioners' areas with natural borders, hospitals, patient flows
// and indicators, in health systems that are planted so that clustering can be
// checked against them. Nothing in it is a real place or organisation.
//
//	files, err := synthetic.Files(synthetic.Seed)
//
// The same seed gives the same bytes on every machine: geometry is in whole
// numbers, and floating-point products are rounded before they are added.
//
// # References
//
//   - Huff DL (1964). Defining and estimating a trading area. Journal of
//     Marketing 28(3):34. doi:10.1177/002224296402800307
//   - Lloyd SP (1982). Least squares quantization in PCM. IEEE Transactions on
//     Information Theory 28:129. doi:10.1109/TIT.1982.1056489
//   - The outline is from Natural Earth, 1:50m, public domain.
package synthetic

// Seed is the seed of the embedded sample.
const Seed = 1
