package bitcoin

import "github.com/scamtrace/scamtrace/internal/chain"

// Spent is what an input consumed. An unknown one has at most an address.
type Spent struct {
	Address chain.Address
	Value   uint64
	Known   bool
}

// Transfer is the transfer that a transaction is. spent are the outputs that its
// inputs consume; those of a coinbase are not looked at.
func (s Scripts) Transfer(tx *Transaction, pos chain.Pos, seconds int64, spent []Spent) chain.Transfer {
	t := chain.Transfer{
		Tx:   chain.Tx{Hash: tx.Hash, Pos: pos, Time: seconds, Status: chain.Succeeded},
		Kind: chain.Output, Asset: chain.Native,
		Out: make([]chain.Entry, len(tx.Outputs)),
	}
	if !tx.Coinbase() {
		t.In = make([]chain.Entry, len(tx.Inputs))
	}
	for i := range t.In {
		e := &t.In[i]
		*e = chain.Entry{Address: spent[i].Address, AmountUnknown: !spent[i].Known, Spends: tx.Inputs[i].Spends, Index: uint32(i)}
		e.Amount.SetUint64(spent[i].Value)
	}
	for i := range t.Out {
		e := &t.Out[i]
		*e = chain.Entry{Address: s.Address(tx.Outputs[i].Script), Index: uint32(i)}
		e.Amount.SetUint64(tx.Outputs[i].Value)
	}
	return t
}
