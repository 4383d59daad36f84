package taint

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// flow is what of one source and asset entered and what was burnt.
type flow struct {
	injected, fees chain.Amount
}

// pair is a source and an asset as one map key, in the order of both.
func pair(source int, asset ledger.AssetID) uint64 { return uint64(source)<<32 | uint64(asset) }

func (t *tracer) flow(source int, asset ledger.AssetID) *flow {
	key := pair(source, asset)
	f := t.flows[key]
	if f == nil {
		f = &flow{}
		t.flows[key] = f
	}
	return f
}

// place is where value of a source stopped.
type place struct {
	source  uint32
	asset   ledger.AssetID
	address ledger.AddressID
}

func (t *tracer) stop(source int, asset ledger.AssetID, a ledger.AddressID, amount *chain.Amount) {
	key := place{uint32(source), asset, a}
	sum := t.ends[key]
	sum.Add(&sum, amount)
	t.ends[key] = sum
}
