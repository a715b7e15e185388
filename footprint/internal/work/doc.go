// Package work runs independent tasks on several processors, and uses memory
// again.
//
// In: tasks by number. Out: the first error. It imports none of ours.
package work
