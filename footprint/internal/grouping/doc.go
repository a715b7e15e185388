// Package grouping has what labels of items need: numbering, counting, joining
// of sets, and walks.
//
// In: slices of labels. Out: the same, and sets. It may import
// footprint/internal/work only.
package grouping
