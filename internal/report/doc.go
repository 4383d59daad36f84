// Package report writes what people read: report.md for investigators and the
// few lines that a run ends with. It computes nothing: every figure stands in
// the tables too, and the report says where.
package report
