package etherscan

import (
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/evm"
)

// payment is what a call of a token's transfer(address,uint256) must lead to.
type payment struct {
	tx    chain.Hash
	token chain.Asset
	to    chain.Address
}

// transferCall is the selector of transfer(address,uint256) and the zeros before
// the address.
const transferCall = "0xa9059cbb000000000000000000000000"

// pays is the recipient of a call of transfer(address,uint256), empty if the
// input is another.
func pays(input string) chain.Address {
	if len(input) != 138 || !strings.HasPrefix(input, transferCall) {
		return ""
	}
	a, err := evm.ParseAddress("0x" + input[34:74])
	if err != nil {
		return ""
	}
	return a
}

// note keeps what a row says of payments in tokens: what was called for, or
// what moved.
func (t *told) note(r *row) {
	if !t.part.server.set.tokens || r.from != t.part.address {
		return
	}
	switch {
	case r.asset != "":
		t.payments[payment{r.tx.Hash, r.asset, r.to}] = struct{}{}
	case r.pays != "" && r.tx.Status == chain.Succeeded:
		t.payments[payment{r.tx.Hash, chain.Asset(r.to), r.pays}] = struct{}{}
	}
}

// proveCalls holds payments in tokens that the address called for against those
// in its list of tokens. Only contracts that are in that list are known to be
// tokens.
func (p *part) proveCalls(lists []*told) []chain.Gap {
	var called, moved *told
	for _, t := range lists {
		switch t.list.action {
		case transactions().action:
			called = t
		case tokens().action:
			moved = t
		}
	}
	if called == nil || moved == nil {
		return nil
	}
	known := map[chain.Asset]bool{}
	for asset := range moved.sums {
		known[asset] = true
	}
	for want := range called.payments {
		if _, there := moved.payments[want]; known[want.token] && !there {
			return p.unproved(moved, p.server.name+" lists a transaction that pays in tokens, and not that payment")
		}
	}
	return nil
}
