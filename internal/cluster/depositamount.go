package cluster

import (
	"slices"

	"github.com/holiman/uint256"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// depositAmount links a user (A) to the deposit address (B) that passed a
// payment of his on to an exchange; the evidence is the forward. All users of a
// deposit address are one customer of the exchange, so uniting the links makes
// them one through it. No exchange is ever part of a link.
//
// With user ->(t1,a1) d ->(t2,a2) exchange, the forward fits the payment if it
// is later on the chain by at most AmountMaxBlocks, in the same asset, and of
// the same amount; native value may be AmountTolerance less, for gas. Each
// forward is matched, in chain order, to the latest payment that fits and is
// not matched yet, whoever sent it.
//
// d is no contract, seed, labelled service, exchange wallet or miner; it was
// expanded; it pays one exchange only, in at least AmountMinForwards
// transactions; and at most AmountMaxDepositors accounts other than exchanges
// paid it, matched or not. The user is no contract, labelled service, exchange
// or miner: a service that pays for its customers would merge them. A seed may
// be a user. Dust, forged and rounded amounts neither pay nor forward.
//
// The confidence is Tutela's 1 - (a1-a2)/2amax - (t2-t1)/2tmax in percent.
func depositAmount(s *search) []Link {
	x := s.depositIndex()
	out := newLinks(DepositAmount)
	native, ok := s.Book.FindAsset(chain.Native)
	if !ok {
		native = ^ledger.AssetID(0)
	}
	for k, d := range x.candidates {
		if x.class[d]&miner != 0 {
			continue
		}
		history := x.of(k)
		if s.takesDeposits(x, history) {
			s.matchForwards(x, d, history, native, out)
		}
	}
	return out.sorted(s.Book)
}

// takesDeposits decides about an account without regard to amounts.
func (s *search) takesDeposits(x *depositIndex, history []side) bool {
	forwards := 0
	var last ledger.TxID
	var actor string
	depositors := s.depositors[:0] // few, or d is none
	defer func() { s.depositors = depositors }()
	for _, m := range history {
		if !m.real() {
			continue
		}
		if !m.out() {
			if _, ok := s.exchange(x, m.other); !ok && !slices.Contains(depositors, m.other) {
				depositors = append(depositors, m.other)
			}
			if len(depositors) > s.AmountMaxDepositors {
				return false
			}
			continue
		}
		to, ok := s.exchange(x, m.other)
		if !ok {
			continue
		}
		if forwards > 0 && to != actor {
			return false
		}
		if tx := s.txOf(m); forwards == 0 || tx != last {
			forwards++
			actor, last = to, tx
		}
	}
	return forwards >= s.AmountMinForwards
}

// payment is an inflow of a deposit address that no forward is matched to yet.
type payment struct {
	from   ledger.AddressID
	asset  ledger.AssetID
	amount chain.Amount
	height uint64
}

// matchForwards looks back from each forward. A look back ends after
// AmountMaxBlocks, so its length is bounded by what d was paid in that time.
func (s *search) matchForwards(x *depositIndex, d ledger.AddressID, history []side, native ledger.AssetID, out *links) {
	open := s.open[:0]
	defer func() { s.open = open }()
	for _, m := range history {
		if !m.real() || m.what&rounded != 0 {
			continue
		}
		if m.out() {
			if _, ok := s.exchange(x, m.other); !ok {
				continue
			}
		}
		tx, amount := s.txOf(m), s.Book.PairAmount(int(m.transfer))
		height := s.Book.Height(tx)
		if !m.out() {
			open = append(open, payment{m.other, m.asset(), amount, height})
			continue
		}
		for k := len(open) - 1; k >= 0 && height-open[k].height <= s.AmountMaxBlocks; k-- {
			p := &open[k]
			var rest chain.Amount
			if p.asset != m.asset() || amount.Gt(&p.amount) {
				continue
			}
			rest.Sub(&p.amount, &amount)
			if !rest.IsZero() && (p.asset != native || rest.Gt(&s.AmountTolerance)) {
				continue
			}
			if s.isUser(x, p.from) {
				out.add(p.from, d, tx, s.kappa(&rest, height-p.height))
			}
			open = slices.Delete(open, k, k+1)
			break
		}
	}
}

// isUser reports whether an account may be the customer of an exchange.
func (s *search) isUser(x *depositIndex, a ledger.AddressID) bool {
	if a == nobody || a == s.nameless || x.class[a]&miner != 0 {
		return false
	}
	if _, ok := s.exchange(x, a); ok {
		return false
	}
	return (s.Stops == nil || !s.Stops(a)) && !s.Book.Contract(a)
}

// kappa is Tutela's confidence in percent, each of its two terms rounded up.
func (s *search) kappa(rest *chain.Amount, blocks uint64) int {
	return 100 - half(rest, &s.AmountTolerance) - half(uint256.NewInt(blocks), uint256.NewInt(s.AmountMaxBlocks))
}

// half is 50·part/whole rounded up, for part <= whole; 0 if whole is 0.
func half(part, whole *chain.Amount) int {
	if part.IsZero() || whole.IsZero() {
		return 0
	}
	// 50·part may pass 2^256, which these two take.
	var q chain.Amount
	q.MulDivOverflow(part, uint256.NewInt(50), whole)
	n := int(q.Uint64())
	var r chain.Amount
	if !r.MulMod(part, uint256.NewInt(50), whole).IsZero() {
		n++
	}
	return n
}
