// Package footprinttest has what tests of several packages share: flow matrices,
// borders, and checks of partitions.
//
// It may import flow and footprint, and only tests import it.
package footprinttest
