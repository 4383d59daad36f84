// Package bulk is the scenario of the benchmarks, a size and a setting of synth:
// token transfers in Parquet, of which more than half can be reached forward in
// time from one reported wallet for each compound.
package bulk
