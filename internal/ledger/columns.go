package ledger

import "github.com/scamtrace/scamtrace/internal/chain"

// columns are the transfers and their entries, both numbered.
//
// On a UTXO chain transfer i has the entries first[i] to first[i+1]: inputs
// before mid[i], then outputs. On an account chain it has two, 2i for the payer
// and 2i+1 for the payee, which share one amount; a fee leaves the second
// unused and a reward the first.
type columns struct {
	pairs   bool // an account chain
	tx      []TxID
	kind    []chain.Kind
	ordinal []uint32
	asset   []AssetID
	inexact []bool
	paths   paths

	address []AddressID // per entry
	amount  amounts     // per entry; with pairs per transfer
	// For UTXO chains only: the bounds of the entries, the place of an entry on
	// its side, and the output that an input spends.
	first    []uint32
	mid      []uint32
	place    []uint32
	spendsTx []TxID
	spendsAt []uint32
}

func newColumns(f chain.Family) columns {
	if f == chain.Account {
		return columns{pairs: true}
	}
	return columns{first: []uint32{0}}
}

// bounds are where the entries of a transfer begin, where its outputs begin and
// where they end.
func (c *columns) bounds(i uint32) (first, mid, end uint32) {
	if !c.pairs {
		return c.first[i], c.mid[i], c.first[i+1]
	}
	first, mid, end = 2*i, 2*i+1, 2*i+2
	switch c.kind[i] {
	case chain.Fee:
		end--
	case chain.Reward:
		first++
	default:
	}
	return first, mid, end
}

// value is the amount of an entry.
func (c *columns) value(e uint32) (a chain.Amount, known bool) {
	if c.pairs {
		e /= 2
	}
	return c.amount.at(e)
}

// paths are the trace addresses of Internal transfers, whose ordinals number
// them.
type paths struct{ ends, steps []uint32 }

func (p *paths) add(path []uint32) (ordinal uint32) {
	p.steps = append(p.steps, path...)
	p.ends = append(p.ends, uint32(len(p.steps)))
	return uint32(len(p.ends) - 1)
}

func (p *paths) at(ordinal uint32) []uint32 {
	var from uint32
	if ordinal > 0 {
		from = p.ends[ordinal-1]
	}
	return p.steps[from:p.ends[ordinal]:p.ends[ordinal]]
}
