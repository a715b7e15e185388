// Package sample is the embedded sample, Synthetic England. Its generator is apart,
// in data/sample/internal.
//
// In: nothing. Out: the files of the sample. It imports nothing of ours.
package sample
