// Package glossary is the one home of what words mean: the columns of every
// table, and the terms of the field.
//
// In: the name of a column or a term. Out: a sentence that explains it, and how
// its values are shown. It imports nothing of ours.
package glossary
