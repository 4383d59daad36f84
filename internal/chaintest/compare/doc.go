// Package compare puts what others published about the real data sets, and what
// their strategies find there, beside what this program finds: as Markdown that
// also reads as text. It measures nothing itself; see chaintest/cmd/compare.
//
// Every published figure is a row of Published with the place it was read in. A
// figure that nobody published is no row, and printed as "-".
package compare
