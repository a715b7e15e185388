// Package intern gives numbers to codes, so that each code is held once.
//
// In: the bytes of a code. Out: its number, and the code of a number. It imports
// nothing of ours.
package intern
