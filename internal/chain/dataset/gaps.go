package dataset

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// gaps declares what the folder cannot tell, for the kinds asked.
func (s *source) gaps(q *question) []chain.Gap {
	var gaps []chain.Gap
	gap := func(k chain.Kind, when bool, reason string) {
		if when && q.kinds.has(k) {
			gaps = append(gaps, chain.Gap{Kind: k, Span: q.Span, Reason: reason})
		}
	}
	lacks := func(table string, column int) bool {
		return slices.ContainsFunc(s.table(table), func(f *file) bool { return !f.has[column] })
	}
	if s.chain.Family == chain.UTXO {
		gap(chain.Output, !s.has("transactions"), "no transactions in the data set")
		return gaps
	}
	if s.has("transactions") {
		gap(chain.Fee, lacks("transactions", txGasUsed) ||
			lacks("transactions", txGasPaid) && lacks("transactions", txGasPrice), "no gas columns")
		gap(chain.NativeKind, lacks("transactions", txStatus),
			"receipt_status missing: failed transactions cannot be told from successful ones")
		gap(chain.NativeKind, s.floats("transactions", txValue), "amounts are floating point")
	} else {
		gap(chain.Fee, true, "no transactions in the data set")
		gap(chain.NativeKind, true, "no transactions in the data set")
	}
	if s.has("traces") {
		gap(chain.Internal, lacks("traces", trcStatus),
			"trace status missing: calls below a reverted call cannot be told from successful ones")
		gap(chain.Internal, s.floats("traces", trcValue), "amounts are floating point")
		gap(chain.Reward, s.floats("traces", trcValue), "amounts are floating point")
	} else {
		gap(chain.Internal, true, "no traces in the data set")
		gap(chain.Reward, true, "no traces in the data set")
	}
	if !s.has("logs") {
		gap(chain.Token, !s.has("token_transfers"), "no token transfers in the data set")
		gap(chain.Token, s.floats("token_transfers", tokValue), "amounts are floating point")
	}
	return gaps
}

// floats reports whether a column of some file of the table holds floats.
func (s *source) floats(table string, column int) bool {
	return slices.ContainsFunc(s.table(table), func(f *file) bool {
		return f.parquet != nil && f.parquet.floats(column)
	})
}
