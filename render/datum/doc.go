// Package datum brings positions from OSGB36 to WGS84 by a grid of shifts, such as
// the Ordnance Survey's OSTN15.
//
// In comes an NTv2 file; out go positions. It may import flow/fault and
// render/internal.
package datum
