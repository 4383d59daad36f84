package explain

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/table"
)

// way is a way in time order from a seed to the address, the seed first. Mostly
// it is the chain of parents. But a parent's own shortest way may arrive after it
// paid on, when a longer way had arrived before; then it is the way by which
// money could be here first.
func (e *explainer) way(c chain.Chain, visits map[string]table.Visit, to table.Visit) ([]table.Visit, error) {
	var path []table.Visit
	for at, ok := to, true; ok && len(path) <= len(visits); at, ok = visits[at.Parent] {
		path = append(path, at)
		if at.Parent == "" {
			break
		}
	}
	slices.Reverse(path)
	if inOrder(path) || to.Direction == "backward" {
		return path, nil
	}
	first, err := e.foremost(c, visits, to)
	if err != nil || first == nil {
		return path, err
	}
	return first, nil
}

// inOrder reports whether no step stands in an earlier block than the one before
// it.
func inOrder(path []table.Visit) bool {
	for i := 2; i < len(path); i++ {
		a, b := path[i-1].FirstBlock, path[i].FirstBlock
		if a != nil && b != nil && *b < *a {
			return false
		}
	}
	return true
}

// foremost goes over all transfers once, in chain order, and notes for every
// address the transfer that could bring the seeds' money there first.
func (e *explainer) foremost(c chain.Chain, visits map[string]table.Visit, to table.Visit) ([]table.Visit, error) {
	came := map[string]table.Visit{}
	holds := func(a string) bool {
		v, met := visits[a]
		_, here := came[a]
		return met && v.Stop == "" && (here || v.Hop == 0)
	}
	arrive := func(from, at, tx string, block, micros int64) {
		if _, known := came[at]; at == "" || known || visits[at].Hop == 0 && visits[at].Address != "" || from == at {
			return
		}
		came[at] = table.Visit{Chain: c.Name, Address: at, Parent: from, FirstBlock: &block, FirstTimestamp: &micros, TransactionHash: tx, Direction: "forward"}
	}
	var err error
	if c.Family == chain.UTXO {
		err = e.foremostOutputs(c, holds, arrive)
	} else {
		_, err = rows(e, "transfers", func(t *table.Transfer) bool {
			if t.Chain == c.Name && t.Kind != chain.Fee.String() && t.ValueLossless != "0" && holds(t.FromAddress) {
				arrive(t.FromAddress, t.ToAddress, t.TransactionHash, t.BlockNumber, t.BlockTimestamp)
			}
			return false
		})
	}
	if err != nil {
		return nil, err
	}
	path := []table.Visit{}
	for at := to.Address; ; {
		step, ok := came[at]
		if !ok {
			if visits[at].Hop != 0 {
				return nil, nil
			}
			path = append(path, visits[at])
			break
		}
		path = append(path, step)
		at = step.Parent
	}
	slices.Reverse(path)
	return path, nil
}

// foremostOutputs does it for Bitcoin, whose entries stand together by
// transaction, inputs first.
func (e *explainer) foremostOutputs(c chain.Chain, holds func(string) bool, arrive func(from, at, tx string, block, micros int64)) error {
	var tx, from string
	_, err := rows(e, "entries", func(t *table.Entry) bool {
		switch {
		case t.Chain != c.Name:
			return false
		case t.TransactionHash != tx:
			tx, from = t.TransactionHash, ""
		}
		switch {
		case t.Side == "in" && from == "" && holds(t.Address):
			from = t.Address
		case t.Side == "out" && from != "":
			arrive(from, t.Address, tx, t.BlockNumber, 0)
		}
		return false
	})
	return err
}
