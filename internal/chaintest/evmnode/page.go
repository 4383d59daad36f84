package evmnode

import (
	"math/big"
	"math/rand/v2"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"

	"github.com/scamtrace/scamtrace/internal/chaintest/calldata"
)

// page is a block that is being written.
type page struct {
	*people
	plot  *Plot
	block *core.BlockGen
	draw  *rand.Rand
	count int
	// height is the block's own.
	height int
}

// write fills a block: what the scam does at this height, then bystanders. What
// a block holds follows from the plot, the height and the state before it.
func (s *Story) write(b *core.BlockGen) {
	if s.blank {
		s.open(b, 0)
		return
	}
	height := int(b.Number().Int64())
	p := &page{
		people: &s.people, plot: &s.Plot, block: b, height: height,
		draw: rand.New(rand.NewPCG(s.Plot.Seed, uint64(height)<<16|uint64(s.branch))),
	}
	b.SetPoS()
	b.OffsetTime(2 + 12*p.draw.Int64N(3)) // slots may be missed: 12, 24 or 36 s
	b.SetPoS()
	b.SetCoinbase(p.miner.address)
	p.scenes()
	if !s.Plot.Plain {
		p.withdrawals()
	}
	if height > 3 && !silent(height) {
		p.crowd()
	}
}

// silent blocks have no transactions of bystanders, and mostly none at all.
func silent(height int) bool { return height%10 == 0 || height%40 > 35 }

// message is a transaction before it is signed.
type message struct {
	to    *common.Address // nil creates a contract
	value *big.Int
	data  []byte
	gas   uint64 // 0 for the usual
}

const gwei = params.GWei

// send signs and adds a transaction if the sender can pay for it. Every other
// one is of the old type, with a gas price.
func (p *page) send(from account, m message) (sent bool) {
	if m.value == nil {
		m.value = new(big.Int)
	}
	if m.gas == 0 {
		m.gas = 21_000
		switch {
		case m.to == nil:
			m.gas = 1_500_000
		case len(m.data) > 0:
			m.gas = 400_000
		}
	}
	price := new(big.Int).Add(p.block.BaseFee(), big.NewInt(gwei+p.draw.Int64N(gwei)))
	need := new(big.Int).Mul(price, new(big.Int).SetUint64(m.gas))
	need.Add(need, m.value)
	if p.block.Gas() < m.gas || p.block.GetBalance(from.address).ToBig().Cmp(need) < 0 {
		return false
	}
	nonce := p.block.TxNonce(from.address)
	var inner types.TxData = &types.LegacyTx{Nonce: nonce, GasPrice: price, Gas: m.gas, To: m.to, Value: m.value, Data: m.data}
	signer := p.block.Signer()
	if p.count++; p.count%2 == 0 {
		inner = &types.DynamicFeeTx{
			ChainID: signer.ChainID(), Nonce: nonce, GasTipCap: big.NewInt(gwei / 2), GasFeeCap: price,
			Gas: m.gas, To: m.to, Value: m.value, Data: m.data,
		}
	}
	p.block.AddTx(types.MustSignNewTx(from.key, signer, inner))
	return true
}

// pay sends ether.
func (p *page) pay(from account, to common.Address, value *big.Int) bool {
	return p.send(from, message{to: &to, value: value})
}

// ask calls a contract.
func (p *page) ask(from account, contract common.Address, value *big.Int, data []byte) bool {
	return p.send(from, message{to: &contract, value: value, data: data})
}

// token sends tokens.
func (p *page) give(from account, token, to common.Address, value int64) bool {
	return p.ask(from, token, nil, calldata.Call("transfer(address,uint256)", to, big.NewInt(value)))
}

// share is the part of an account's ether that per mille says.
func (p *page) share(a account, mille uint64) *big.Int {
	b := new(uint256.Int).Mul(p.block.GetBalance(a.address), uint256.NewInt(mille))
	return b.Div(b, uint256.NewInt(1000)).ToBig()
}

// some is an amount of ether up to n, not round.
func (p *page) some(n int64) *big.Int {
	v := big.NewInt(1 + p.draw.Int64N(n*1_000_000_000))
	v.Mul(v, big.NewInt(1_000_000_000))
	return v.Add(v, big.NewInt(p.draw.Int64N(1_000_000_000)))
}
