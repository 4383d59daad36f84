// Package label reads what people say about addresses: seed lists (where to
// start) and label files (whose an address is), as CSV or as GraphSense
// TagPacks. It keeps every statement with its file and line, opens no file
// itself, and never drops a line in silence: what it cannot use comes back as a
// Problem.
package label
