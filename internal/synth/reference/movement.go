package reference

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/big"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Movement is one movement of value: on Ethereum one of a fee, a transaction's
// value, an internal call, a token transfer or a block's reward; on Bitcoin a
// whole transaction. Amounts are in base units and are never changed.
type Movement struct {
	Chain string // "ethereum" or "bitcoin"
	// Tx names the transaction, as seeds do. A reward may have any name of its
	// own.
	Tx     string
	Height uint64
	// Index is the place of the transaction in its block; of a reward it means
	// nothing, since rewards are paid last.
	Index uint32
	Kind  chain.Kind
	// NoIndex says that the export's row leaves Index out, as ethereum-etl does
	// for token transfers. Then a tracer knows it only if it is told another
	// movement of the transaction.
	NoIndex bool
	// LogIndex is that of a token transfer in its block.
	LogIndex uint32
	// TraceAddress is that of an internal call.
	TraceAddress []uint32
	// Asset is "native" or the token's contract.
	Asset string
	// Failed says that the transaction failed: all but its fee moved nothing.
	Failed bool
	// Opaque says that nobody can tell whose the outputs are: a CoinJoin.
	Opaque bool
	// In and Out are who pays and who is paid. On Ethereum each has one entry,
	// both of one amount; a fee has no Out and a reward no In. On Bitcoin they
	// are all inputs and all outputs, in order; a coinbase has no In.
	In, Out []Entry
}

// Entry is one side's share of a movement.
type Entry struct {
	// Address is empty if the output has none.
	Address string
	Amount  *big.Int
	// Created says of a payee that the movement created it as a contract.
	Created bool
	// Spends is the output that a Bitcoin input consumes.
	Spends Outpoint
}

// Outpoint names an output of a Bitcoin transaction.
type Outpoint struct {
	Tx    string
	Index int
}

// history is the movements of one chain that move or tell anything, in order.
type history struct {
	chain chain.Chain
	list  []Movement
}

// histories sorts the movements by chain and in chain order.
func histories(movements iter.Seq[Movement]) ([]history, error) {
	byChain := map[string][]Movement{}
	for m := range movements {
		byChain[m.Chain] = append(byChain[m.Chain], m)
	}
	var out []history
	for _, name := range slices.Sorted(maps.Keys(byChain)) {
		c, err := chain.Lookup(name)
		if err != nil {
			return nil, err
		}
		h := history{chain: c}
		for _, m := range byChain[name] {
			if err := m.check(c.Family); err != nil {
				return nil, fmt.Errorf("%s transaction %s: %w", name, m.Tx, err)
			}
			if m.moves() {
				h.list = append(h.list, m)
			}
		}
		slices.SortStableFunc(h.list, Movement.compare)
		for i := 1; i < len(h.list); i++ {
			if m := h.list[i]; h.list[i-1].compare(m) == 0 {
				return nil, fmt.Errorf("%s transaction %s: the same %s movement comes twice", name, m.Tx, m.Kind)
			}
		}
		out = append(out, h)
	}
	return out, nil
}

func (m Movement) check(f chain.Family) error {
	for _, e := range slices.Concat(m.In, m.Out) {
		if e.Amount == nil || e.Amount.Sign() < 0 {
			return fmt.Errorf("an amount of the %s movement is missing or negative", m.Kind)
		}
	}
	if (m.Kind == chain.Output) != (f == chain.UTXO) {
		return fmt.Errorf("a %s movement is not of this chain", m.Kind)
	}
	if f == chain.UTXO {
		if paid, got := total(m.In), total(m.Out); len(m.In) > 0 && paid.Cmp(got) < 0 {
			return fmt.Errorf("its inputs hold %s and its outputs %s", paid, got)
		}
		return nil
	}
	in, out := 1, 1
	if m.Kind == chain.Fee {
		out = 0
	}
	if m.Kind == chain.Reward {
		in = 0
	}
	if len(m.In) != in || len(m.Out) != out {
		return fmt.Errorf("a %s movement has %d payers and %d payees", m.Kind, len(m.In), len(m.Out))
	}
	if in+out == 2 && m.In[0].Amount.Cmp(m.Out[0].Amount) != 0 {
		return fmt.Errorf("a %s movement pays %s and delivers %s", m.Kind, m.In[0].Amount, m.Out[0].Amount)
	}
	return nil
}

func total(entries []Entry) *big.Int {
	sum := new(big.Int)
	for _, e := range entries {
		sum.Add(sum, e.Amount)
	}
	return sum
}

// moves reports whether exports tell a movement at all: calls without value are
// no movements, while token transfers of nothing are events like others.
func (m Movement) moves() bool {
	switch m.Kind {
	case chain.Fee, chain.Output:
		return true
	case chain.Token:
		return !m.Failed
	default:
		return !m.Failed && m.amount().Sign() > 0
	}
}

// amount is what a movement of an account chain moves.
func (m Movement) amount() *big.Int {
	if len(m.In) > 0 {
		return m.In[0].Amount
	}
	return m.Out[0].Amount
}

// compare is the order of the chain.
func (m Movement) compare(n Movement) int {
	return cmp.Or(m.place().compare(n.place()), cmp.Compare(m.Tx, n.Tx), cmp.Compare(m.Kind, n.Kind),
		slices.Compare(m.TraceAddress, n.TraceAddress), cmp.Compare(m.LogIndex, n.LogIndex))
}

// place is where a transaction stands on its chain.
type place struct {
	height uint64
	index  uint32
}

func (m Movement) place() place {
	if m.Kind == chain.Reward {
		return place{m.Height, math.MaxUint32}
	}
	return place{m.Height, m.Index}
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.height, q.height), cmp.Compare(p.index, q.index))
}

// touches calls f for the address of each entry until it returns true.
func (m Movement) touches(f func(address string) bool) bool {
	is := func(e Entry) bool { return f(e.Address) }
	return slices.ContainsFunc(m.In, is) || slices.ContainsFunc(m.Out, is)
}
