package evmnode

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/scamtrace/scamtrace/internal/chaintest/calldata"
)

func mustUint256(v *big.Int) *uint256.Int { return uint256.MustFromBig(v) }

// crowd is what bystanders do: most of it tokens, much of it with the exchange.
func (p *page) crowd() {
	// A seventh of the blocks are silent, and some 200 transactions are the scam's.
	n := max(p.plot.Txs-200, 0) * 7 / (6 * p.plot.Blocks)
	if extra := max(p.plot.Txs-200, 0) * 7 % (6 * p.plot.Blocks); p.draw.IntN(6*p.plot.Blocks) < extra {
		n++
	}
	for range n {
		a := p.bystanders[p.draw.IntN(len(p.bystanders))]
		b := p.bystanders[p.draw.IntN(len(p.bystanders))]
		switch k := p.draw.IntN(100); {
		case k < 50:
			p.give(a, p.token, b.address, 1+p.draw.Int64N(1_000_000))
		case k < 65:
			p.pay(a, b.address, p.some(2))
		case k < 75:
			p.pay(a, p.hub.address, p.some(1))
		case k < 83:
			p.give(a, p.token, p.hub.address, 1+p.draw.Int64N(5_000_000))
		case k < 90:
			p.pay(p.hub, a.address, p.some(1))
		case k < 93:
			p.pay(a, b.address, new(big.Int))
		case k < 95:
			p.give(a, p.other, b.address, 1_000_000) // it has none: fails
		default:
			p.ask(a, p.second, p.some(1), calldata.Call("split(address[])", []common.Address{b.address, p.hub.address}))
		}
	}
}
