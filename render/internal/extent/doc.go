// Package extent finds the box around geometries. It imports none of ours.
package extent
