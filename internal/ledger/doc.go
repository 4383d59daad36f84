// Package ledger is the book of one chain: every transfer that a run knows,
// checked on entry, kept once, and read in chain order.
//
// A Ledger is written by the crawl, one goroutine at a time. Seal turns it into
// a Book, which is read-only and safe for concurrent use. Memory is columnar:
// addresses, assets and transactions are interned to dense ids and amounts are
// eight bytes where they fit, so that ten million transfers stay below 1.2 GiB.
// The API hands out values, never the columns.
package ledger
