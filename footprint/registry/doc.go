// Package registry lists the methods and the published rule sets by name.
//
// In: a name. Out: what a method says about itself and how to make it, or the
// method and parameters of a rule set. It may import footprint and the packages
// of the methods.
package registry
