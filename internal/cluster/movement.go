package cluster

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// movement is a transfer of an account chain that says something about the two
// accounts.
type movement struct {
	from, to ledger.AddressID // from is nobody for a block's reward
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
func (s *search) movement(i int) (m movement, ok bool) {
	kind, from, to := s.Book.Sides(i)
	switch kind {
	case chain.Fee:
		return m, false
	case chain.Reward:
		from = nobody
	default:
	}
	if from == to {
		return m, false
	}
	f := s.floor(s.Book.AssetOf(i))
	amount := s.Book.PairAmount(i)
	m = movement{from: from, to: to, dust: amount.Lt(&f.least), counts: f.counts}
	return m, !amount.IsZero() && (f.counts || s.paidFee(i, from))
}

// paidFee reports whether the account paid the fee of the transfer's
// transaction. The fee is the first transfer of a transaction.
func (s *search) paidFee(i int, a ledger.AddressID) bool {
	tx := s.Book.TxOf(i)
	for i > 0 && s.Book.TxOf(i-1) == tx {
		i--
	}
	kind, payer, _ := s.Book.Sides(i)
	return kind == chain.Fee && payer == a
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
