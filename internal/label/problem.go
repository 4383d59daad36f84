package label

import (
	"fmt"
	"slices"
)

// Problem is one thing found while reading a file.
type Problem struct {
	File string
	// Line is where it is, counted from 1; 0 stands for the whole file.
	Line int
	// Reason says what is wrong and, where it can, what to do about it.
	Reason string
	// Note marks a remark: nothing was refused, but somebody should know, e.g.
	// that a column is not used or that a seed stands there twice.
	Note bool
}

// String is "file:line: reason", which editors and terminals understand.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Reason
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Reason)
}

// Refusals are the problems that are more than a note, in the same order.
func Refusals(all []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(all), func(p Problem) bool { return p.Note })
}

// Notes are the problems that are only a note, in the same order.
func Notes(all []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(all), func(p Problem) bool { return !p.Note })
}
