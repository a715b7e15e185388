package published

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"stpmap/data/importer"
)

// Formats lists the published files that can be read, by name. A new one is a
// file of this package, named as --format names it, with a function that gives
// its importer.Format, and a line here.
func Formats() importer.FormatList { return slices.Clone(formats()) }

// formats are made at the first use: nothing changes one.
var formats = sync.OnceValue(func() importer.FormatList {
	fs := importer.FormatList{
		aeFormat(),
		cqcFormat(),
		cwtFormat(),
		dm01Format(),
		dtocFormat(),
		fingertipsFormat(),
		gpLSOAFormat(),
		hesFormat(),
		kh03Format(),
		longFormat(),
		lookupFormat(),
		matrixFormat(),
		ohidFormat(),
		organisationFormat(),
		postcodeFormat(),
		rttFormat(),
		scotlandFormat(),
		shmiFormat(),
		successorFormat(),
		tacFormat(),
	}
	slices.SortFunc(fs, func(a, b *importer.Format) int { return cmp.Compare(a.Name, b.Name) })
	return fs
})

// Import reads published files of one format, together: the months of a year,
// or the two halves of the trusts' accounts. An empty format is recognised by
// the heading. The error is *fault.List (each a *fault.Error with its place) where
// the files are at fault, and otherwise of the source or of the context.
func Import(ctx context.Context, format string, inputs []importer.Input, opts importer.Options) (*importer.Result, error) {
	return importer.Read(ctx, formats(), format, inputs, opts)
}
