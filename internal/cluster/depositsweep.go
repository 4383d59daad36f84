package cluster

import "github.com/scamtrace/scamtrace/internal/ledger"

// The confidence of a deposit-sweep link: an account that paid an exchange once
// may be a person who sold once; each further sweep without one payment
// elsewhere makes that less likely.
const (
	sweptOnce  = 60
	sweptAgain = 80
)

// depositSweep links a deposit address (A) to each wallet of its exchange that
// it paid (B), with the first such transaction.
//
// A deposit address is an account that
//   - is no contract, no seed, no labelled service and no exchange wallet;
//   - was expanded, so that no payment elsewhere can be missing;
//   - pays, in any asset, only wallets of one exchange. Fees are no payment;
//     dust to anyone else is one, as the account's owner signed it, and so is
//     an asset that does not count, if the account paid the fee. What can be
//     forged in its name is not;
//   - paid them in at least SweepMinForwards transactions, dust aside;
//   - was paid, dust aside, by somebody who is not that exchange: an account
//     that only got gas from its exchange is an exchange's own.
//
// The link says that the exchange holds the keys. It does not say that the
// exchange and its customer are one owner.
func depositSweep(s *search) []Link {
	x := s.depositIndex()
	out := newLinks(DepositSweep)
	var history []movement
	for k, d := range x.candidates {
		history = s.history(x.of(k), history[:0])
		forwards := s.sweeps(x, d, history)
		if forwards < s.SweepMinForwards {
			continue
		}
		confidence := sweptOnce
		if forwards > 1 {
			confidence = sweptAgain
		}
		for _, m := range history {
			if m.from == d && m.counts && !m.dust {
				out.add(d, m.to, m.tx, confidence)
			}
		}
	}
	return out.sorted(s.Book)
}

// sweeps is the number of transactions in which d paid its exchange, 0 if d is
// no deposit address.
func (s *search) sweeps(x *depositIndex, d ledger.AddressID, history []movement) int {
	forwards := 0
	var last ledger.TxID
	var actor string
	paid := false
	for _, m := range history {
		if m.from != d {
			continue
		}
		to, ok := s.exchange(x, m.to)
		if !ok || paid && to != actor {
			return 0
		}
		actor, paid = to, true
		if m.counts && !m.dust && (forwards == 0 || m.tx != last) {
			forwards++
			last = m.tx
		}
	}
	for _, m := range history {
		if m.to != d || m.dust || !m.counts {
			continue
		}
		if from, ok := s.exchange(x, m.from); !ok || from != actor {
			return forwards
		}
	}
	return 0
}
