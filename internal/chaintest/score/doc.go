// Package score says how good the tracer is: it holds what a run published
// against the truth that a generator, or whoever made a data set, knows.
//
//	truth ──┐
//	        ├─▶ rows of counts ─▶ table ─▶ compared with the kept one
//	tables ─┘
//
// Every row has counts, and its rates are worked out of them: a rate alone hides
// whether it is of three or of three thousand. Whether a row got worse is
// decided on the counts too, as integers.
//
// A tracing method is never scored against "the true coin", which nobody knows
// and a generator does not either. It is scored against the reference that the
// generator works out slowly by the same method.
//
// The package is pure but for reading the truth's files.
package score
