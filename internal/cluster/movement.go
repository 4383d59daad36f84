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
	floor := s.floor(t.Asset)
	if t.Mid == t.End || floor.ignored {
		return m, false
	}
	to := s.Book.Entry(t.Mid)
	m = movement{tx: t.Tx, from: nobody, to: to.Address, asset: t.Asset, amount: to.Amount, inexact: t.Inexact}
	if t.First < t.Mid {
		m.from = s.Book.Entry(t.First).Address
	}
	m.dust = m.amount.Lt(&floor.least)
	return m, to.Known && !m.amount.IsZero() && m.from != m.to
}

// floor is what Input.Floor says of an asset.
type floor struct {
	least   chain.Amount
	ignored bool
}

func (s *search) floor(asset ledger.AssetID) floor {
	if s.floors == nil {
		s.floors = make([]floor, s.Book.Assets())
		for i := range s.floors {
			if s.Floor != nil {
				least, counts := s.Floor(ledger.AssetID(i))
				s.floors[i] = floor{least, !counts}
			}
		}
	}
	return s.floors[asset]
}
