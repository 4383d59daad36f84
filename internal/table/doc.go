// Package table is what a run publishes: Parquet tables, and the manifest that
// names every file of them.
//
// A table is a documented row struct and a Table value beside it; All lists
// them. Amounts are written twice, as a nullable DECIMAL(38,0) for arithmetic
// and as exact base-10 text, because 256 bits do not fit any decimal type that
// all warehouses read. The same rows give the same bytes: nothing of a run's
// clock, host or worker count is in a data file.
//
// Every file appears under its final name complete or not at all, and is hashed
// while it is written.
package table
