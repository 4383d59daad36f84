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
	// counts is false for an asset that does not count, moved by the payer's own
	// will: it is no evidence for anything but that the account pays elsewhere.
	counts bool
}

// movement reads a transfer. It is false for what says nothing: fees, payments
// to oneself, transfers of nothing and assets that do not count, since the last
// two can be forged in anyone's name. An asset that does not count is read if
// the payer also paid the fee of the transaction, for then it was its own act.
func (s *search) movement(t ledger.Transfer) (m movement, ok bool) {
	if t.Kind == chain.Fee {
		return m, false
	}
	f := s.floor(t.Asset)
	to := s.Book.Entry(t.Mid)
	m = movement{
		tx: t.Tx, from: nobody, to: to.Address, asset: t.Asset, amount: to.Amount,
		inexact: t.Inexact, dust: to.Amount.Lt(&f.least), counts: f.counts,
	}
	if t.First < t.Mid {
		m.from = s.Book.Entry(t.First).Address
	}
	return m, !m.amount.IsZero() && m.from != m.to && (f.counts || s.paidFee(t, m.from))
}

// paidFee reports whether the account paid the fee of the transfer's
// transaction. The fee is the first transfer of a transaction.
func (s *search) paidFee(t ledger.Transfer, a ledger.AddressID) bool {
	i := t.ID
	for i > 0 && s.Book.At(i-1).Tx == t.Tx {
		i--
	}
	fee := s.Book.At(i)
	return fee.Kind == chain.Fee && s.Book.Entry(fee.First).Address == a
}

// history appends the movements of a candidate to buf, in chain order.
func (s *search) history(transfers []uint32, buf []movement) []movement {
	for _, i := range transfers {
		if m, ok := s.movement(s.Book.At(int(i))); ok {
			buf = append(buf, m)
		}
	}
	return buf
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
