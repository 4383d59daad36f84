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
	for k, d := range x.candidates {
		history := x.of(k)
		forwards := s.sweeps(x, history)
		if forwards < s.SweepMinForwards {
			continue
		}
		confidence := sweptOnce
		if forwards > 1 {
			confidence = sweptAgain
		}
		for _, m := range history {
			if m.out() && m.real() {
				out.add(d, m.other, s.txOf(m), confidence)
			}
		}
	}
	return out.sorted(s.Book)
}

// sweeps is the number of transactions in which an account paid its exchange, 0
// if it is no deposit address.
func (s *search) sweeps(x *depositIndex, history []side) int {
	var actor string
	paid := false
	for _, m := range history {
		if !m.out() {
			continue
		}
		to, ok := s.exchange(x, m.other)
		if !ok || paid && to != actor {
			return 0
		}
		actor, paid = to, true
	}
	if !s.paidByOthers(x, history, actor) {
		return 0
	}
	forwards := 0
	var last ledger.TxID
	for _, m := range history {
		if !m.out() || !m.real() {
			continue
		}
		if tx := s.txOf(m); forwards == 0 || tx != last {
			forwards++
			last = tx
		}
	}
	return forwards
}

// paidByOthers reports whether somebody who is not the exchange paid the account.
func (s *search) paidByOthers(x *depositIndex, history []side, actor string) bool {
	for _, m := range history {
		if m.out() || !m.real() {
			continue
		}
		if from, ok := s.exchange(x, m.other); !ok || from != actor {
			return true
		}
	}
	return false
}
