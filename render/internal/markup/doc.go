// Package markup writes XML with attributes in the order they are given. It
// imports none of ours.
package markup
