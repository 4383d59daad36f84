package cluster

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// movement is a transfer of an account chain that says something about the two
// accounts.
type movement struct {
	tx       ledger.TxID
	from, to ledger.AddressID // from is nobody for a block's reward
	asset    ledger.AssetID
	amount   chain.Amount
	inexact  bool
	// dust is below the asset's floor: too little to show that two accounts
	// deal with each other, yet sent by the payer's own will.
	dust bool
}

// movement reads transfer i. It is false for what says nothing: fees, payments
// to oneself, transfers of nothing and assets that do not count, since the last
// two can be forged in anyone's name.
func (s *search) movement(i int) (m movement, ok bool) {
	t := s.Book.At(i)
	if t.Kind == chain.Fee || !s.floor(t.Asset).counts {
		return m, false
	}
	return s.read(t)
}

// signed reads transfer i of an asset that does not count. It is true if the
// payer also paid the fee of the transaction: then it was its own act, whatever
// the asset is worth.
func (s *search) signed(i int) (m movement, ok bool) {
	t := s.Book.At(i)
	if t.Kind == chain.Fee || s.floor(t.Asset).counts {
		return m, false
	}
	if m, ok = s.read(t); !ok {
		return m, false
	}
	// The fee is the first transfer of a transaction.
	for i > 0 && s.Book.At(i-1).Tx == t.Tx {
		i--
	}
	fee := s.Book.At(i)
	return m, fee.Kind == chain.Fee && s.Book.Entry(fee.First).Address == m.from
}

func (s *search) read(t ledger.Transfer) (m movement, ok bool) {
	to := s.Book.Entry(t.Mid)
	m = movement{tx: t.Tx, from: nobody, to: to.Address, asset: t.Asset, amount: to.Amount, inexact: t.Inexact}
	if t.First < t.Mid {
		m.from = s.Book.Entry(t.First).Address
	}
	m.dust = m.amount.Lt(&s.floor(t.Asset).least)
	return m, !m.amount.IsZero() && m.from != m.to
}

// floor is what Input.Floor says of an asset.
type floor struct {
	least  chain.Amount
	counts bool
}

func (s *search) floor(asset ledger.AssetID) *floor {
	if s.floors == nil {
		s.floors = make([]floor, s.Book.Assets())
		for i := range s.floors {
			f, id := &s.floors[i], ledger.AssetID(i)
			if s.Floor != nil {
				f.least, f.counts = s.Floor(id)
			} else {
				f.counts = s.Book.Asset(id) == chain.Native
			}
		}
	}
	return &s.floors[asset]
}
