package evmnode

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/scamtrace/scamtrace/internal/chaintest/calldata"
)

// lastScene is the height at which the scam's own story has been told once.
const lastScene = 80

// scenes does what the scam does at this height. Later transactions rest on
// earlier ones: amounts are shares of what is there.
func (p *page) scenes() {
	h := p.height
	switch {
	case h == 1:
		p.deploy()
	case h == 2:
		p.mint()
	case h == 3:
		p.allow()
	case h > 3 && h <= 30:
		p.victimsPay()
	case h > p.plot.Blocks && h%5 == 0:
		p.nextNight()
	}
	switch h {
	case 12, 22, 32:
		p.directHop(h / 10 % 3)
	case 14, 24, 34:
		p.splitHop(h / 10 % 3)
	case 16:
		p.oddities(0)
	case 26:
		p.oddities(1)
	case 36:
		p.tokenHop()
	case 28:
		p.failures(0)
	case 38:
		p.failures(1)
	case 41, 43, 45:
		p.secondHop(h)
	case 47:
		p.purses()
	case 48:
		p.smash()
	case 51, 53, 55, 57:
		p.cashOut(h)
	case 59, 63, 67, 71:
		p.sweep(h)
	case 75:
		p.failures(2)
	}
}

func (p *page) deploy() {
	for _, name := range []string{"Token", "Token", "Collectible", "Oddity"} {
		p.send(p.deployer, message{data: creation(name)})
	}
	p.send(p.deployer, message{data: creation("Splitter")})
	p.send(p.deployer, message{data: creation("Splitter"), value: ether(1)})
	p.send(p.deployer, message{data: append(creation("Proxy"), calldata.Encode(p.splitter)...)})
}

// mint makes tokens for whoever has some at the start.
func (p *page) mint() {
	for i, a := range p.victims {
		p.ask(p.deployer, p.token, nil, calldata.Call("mint(address,uint256)", a.address, big.NewInt(5_000_000_000+int64(i))))
	}
	for _, a := range p.bystanders[:min(len(p.bystanders), 150)] {
		p.ask(p.deployer, p.token, nil, calldata.Call("mint(address,uint256)", a.address, big.NewInt(1_000_000_000_000)))
	}
	for i, a := range []account{p.seeds[0], p.victims[0], p.bystanders[1]} {
		p.ask(p.deployer, p.collectible, nil, calldata.Call("mint(address,uint256)", a.address, big.NewInt(int64(100+i))))
	}
}

// allow mints the second token and lets the splitter move tokens of victims.
func (p *page) allow() {
	many := new(big.Int).Lsh(big.NewInt(1), 255)
	for _, a := range p.victims[:4] {
		p.ask(p.deployer, p.other, nil, calldata.Call("mint(address,uint256)", a.address, many.Rsh(many, 3)))
		p.ask(a, p.token, nil, calldata.Call("approve(address,uint256)", p.splitter, big.NewInt(1_000_000_000)))
	}
	for _, a := range p.bystanders[min(len(p.bystanders), 150):min(len(p.bystanders), 400)] {
		p.ask(p.deployer, p.token, nil, calldata.Call("mint(address,uint256)", a.address, big.NewInt(1_000_000_000_000)))
	}
}

func (p *page) victimsPay() {
	v, s := p.victims[p.height%len(p.victims)], p.seeds[p.height%len(p.seeds)]
	if silent(p.height) {
		return
	}
	p.pay(v, s.address, p.some(20))
	p.give(v, p.token, s.address, 100_000_000+int64(p.height))
}

// directHop moves ether of a seed to the first layer, and a little to itself.
func (p *page) directHop(i int) {
	s := p.seeds[i]
	p.pay(s, p.layer1[2*i].address, p.share(s, 300))
	p.pay(s, p.layer1[2*i+1].address, p.share(s, 200))
	p.pay(s, s.address, p.some(1))
}

// splitHop moves ether of a seed in internal calls: one deep, two deep, and by
// the code of another contract.
func (p *page) splitHop(i int) {
	s, to := p.seeds[i], addresses(p.layer1)
	p.ask(s, p.splitter, p.share(s, 200), calldata.Call("split(address[])", to[i:i+3]))
	p.ask(s, p.splitter, p.share(s, 200), calldata.Call("relay(address,address[])", p.second, to[i+1:i+4]))
	p.ask(s, p.shield, p.share(s, 200), calldata.Call("split(address[])", to[i:i+2]))
	p.ask(s, p.splitter, p.share(s, 200), calldata.Call("attempt(address,address)", to[0], to[5-i]))
}

// oddities are transfers that are easily told wrong.
func (p *page) oddities(i int) {
	s, v, stranger := p.seeds[i], p.victims[i], p.bystanders[2]
	p.pay(s, p.layer1[0].address, new(big.Int))                                          // moves nothing
	p.give(s, p.token, s.address, 77)                                                    // to itself
	p.give(s, p.token, p.layer1[0].address, 0)                                           // moves no token
	p.ask(stranger, p.token, nil, calldata.Call("transferFrom(address,address,uint256)", // poisoning
		s.address, p.bystanders[3].address, new(big.Int)))
	p.ask(s, p.oddity, nil, calldata.Call("transfer(address,uint256)", p.layer1[0].address, big.NewInt(5)))
	p.ask(s, p.other, nil, calldata.Call("mint(address,uint256)", s.address, big.NewInt(9))) // from nobody
	owner := []account{p.seeds[0], p.victims[0]}[i]
	p.ask(owner, p.collectible, nil, calldata.Call("transferFrom(address,address,uint256)", owner.address, p.layer1[1].address, big.NewInt(100+int64(i))))
	p.send(s, message{to: &p.layer1[2].address, value: p.some(1), data: []byte("thank you"), gas: 30_000})
	if !p.plot.Plain {
		p.blob(v)
	}
}

// blob is a transaction that also pays for blobs.
func (p *page) blob(from account) {
	signer := p.block.Signer()
	to := p.seeds[2].address
	p.block.AddTx(types.MustSignNewTx(from.key, signer, &types.BlobTx{
		ChainID: mustUint256(signer.ChainID()), Nonce: p.block.TxNonce(from.address),
		GasTipCap: mustUint256(big.NewInt(gwei)), GasFeeCap: mustUint256(big.NewInt(20 * gwei)), Gas: 21_000,
		To: to, Value: mustUint256(p.some(1)),
		BlobFeeCap: mustUint256(big.NewInt(gwei)), BlobHashes: []common.Hash{{0: 1, 31: 7}},
	}))
}

// tokenHop moves tokens: by the owner, by a collector, in two tokens.
func (p *page) tokenHop() {
	for i, s := range p.seeds {
		p.give(s, p.token, p.layer1[i].address, 120_000_000+int64(i))
		p.give(s, p.token, p.layer1[5-i].address, 60_000_000)
	}
	p.ask(p.layer1[0], p.splitter, nil, calldata.Call("collect(address,address[],address,uint256)",
		p.token, addresses(p.victims[:4]), p.layer1[1].address, big.NewInt(250_000_000)))
	for i, v := range p.victims[:3] {
		p.give(v, p.other, p.seeds[i].address, 1_000_000)
	}
}

// failures are transactions that cost a fee and move nothing.
func (p *page) failures(i int) {
	s, l := p.seeds[i], p.layer1[i]
	p.give(s, p.token, l.address, 1_000_000_000_000_000)                                             // more than it has
	p.ask(s, p.token, p.some(1), calldata.Call("transfer(address,uint256)", l.address, common.Big1)) // refuses ether
	p.send(s, message{                                                                               // runs out of gas between two payments
		to: &p.splitter, value: p.share(s, 100), gas: 52_000,
		data: calldata.Call("split(address[])", addresses(p.layer2[:4])),
	})
	p.send(s, message{value: p.some(1), data: common.Hex2Bytes("60006000fd"), gas: 100_000}) // a creation that fails
}

// secondHop moves ether and tokens from the first layer to the second.
func (p *page) secondHop(h int) {
	for i, a := range p.layer1 {
		first, second := p.layer2[(i+h)%len(p.layer2)], p.layer2[(i+h+4)%len(p.layer2)]
		switch (h + i) % 3 {
		case 0:
			p.pay(a, first.address, p.share(a, 400))
		case 1:
			p.ask(a, p.second, p.share(a, 400), calldata.Call("split(address[])", []common.Address{first.address, second.address, a.address}))
		default:
			p.ask(a, p.splitter, p.share(a, 400), calldata.Call("relay(address,address[])", p.second, []common.Address{first.address, second.address}))
		}
		p.give(a, p.token, second.address, 20_000_000+int64(h))
	}
}

// purses creates contracts with value inside a transaction: one that stays, one
// that is smashed at once.
func (p *page) purses() {
	a := p.layer1[0]
	p.ask(a, p.splitter, p.share(a, 100), calldata.Call("hatch(bytes32,address)", common.Hash{}, common.Address{}))
	p.ask(a, p.splitter, p.share(a, 100), calldata.Call("hatch(bytes32,address)", common.Hash{31: 1}, p.layer2[0].address))
	p.send(a, message{value: p.share(a, 100), data: creation("Purse")})
}

// smash breaks the purse that stayed: a self-destruction that moves value.
func (p *page) smash() {
	purse := crypto.CreateAddress(p.splitter, 1)
	p.ask(p.layer1[1], purse, nil, calldata.Call("smash(address)", p.layer2[1].address))
}

// cashOut moves what the second layer has to deposit addresses.
func (p *page) cashOut(h int) {
	for i, a := range p.layer2 {
		to := p.deposits[(i+h)%len(p.deposits)].address
		p.pay(a, to, p.share(a, 600))
		p.give(a, p.token, to, 10_000_000)
	}
}

// sweep moves what deposit addresses have to the hot wallet, leaving dust.
func (p *page) sweep(h int) {
	for i, a := range p.deposits {
		if (i+h)%2 == 0 {
			p.give(a, p.token, p.hub.address, 9_000_000)
			p.pay(a, p.hub.address, p.share(a, 990))
		}
	}
}

// nextNight is what goes on after the story.
func (p *page) nextNight() {
	i := p.height / 5
	v, s := p.victims[i%len(p.victims)], p.seeds[i%len(p.seeds)]
	a, b, d := p.layer1[i%len(p.layer1)], p.layer2[i%len(p.layer2)], p.deposits[i%len(p.deposits)]
	p.pay(v, s.address, p.some(5))
	p.give(v, p.token, s.address, 1_000_000)
	p.ask(s, p.splitter, p.share(s, 500), calldata.Call("split(address[])", []common.Address{a.address, b.address}))
	p.give(s, p.token, a.address, 500_000)
	p.pay(a, b.address, p.share(a, 300))
	p.pay(b, d.address, p.share(b, 300))
	p.give(b, p.token, d.address, 100_000)
	p.pay(d, p.hub.address, p.share(d, 900))
}

// withdrawals of validators come without a transaction.
func (p *page) withdrawals() {
	if p.height%16 == 7 {
		p.block.AddWithdrawal(&types.Withdrawal{Validator: 1, Address: p.bystanders[0].address, Amount: 17_000_000 + uint64(p.height)})
	}
	if p.height == 40 {
		p.block.AddWithdrawal(&types.Withdrawal{Validator: 2, Address: p.layer2[1].address, Amount: 32_000_000_000})
		p.block.AddWithdrawal(&types.Withdrawal{Validator: 3, Address: p.bystanders[0].address, Amount: 5})
	}
}
