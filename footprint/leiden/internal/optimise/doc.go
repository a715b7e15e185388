// Package optimise improves labels of a network's nodes by the Leiden and
// Louvain algorithms.
//
// In: a network with its masses, γ and a stream of random numbers. Out: labels.
// It may import footprint/internal and leiden/internal/network.
package optimise
