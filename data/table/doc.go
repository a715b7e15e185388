// Package table reads delimited text: it finds separator, encoding and heading,
// reads rows with the place of every fault, and knows numbers, marks of small
// counts, and the headings that mean the same.
//
// In: bytes, and the roles of the columns that are wanted. Out: rows, field by
// field. It may import flow and flow/fault.
package table
