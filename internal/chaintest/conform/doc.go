// Package conform is one suite for every source: what chain.Source promises,
// tried on a small chain of which everything is known. It also compares the
// books that two sources lead to, transfer by transfer, as text.
package conform
