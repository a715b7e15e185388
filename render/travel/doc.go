// Package travel says where the people of areas live, and how far it is to care.
//
//	in:     boundaries, points
//	out:    [Homes], [Distances]
//	import: render/boundary
package travel
