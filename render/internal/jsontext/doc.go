// Package jsontext appends strings and values as JSON, for the formats that
// write JSON themselves. It imports none of ours.
package jsontext
