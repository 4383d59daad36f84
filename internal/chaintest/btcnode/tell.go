package btcnode

import (
	"fmt"
	"maps"
	"slices"

	"github.com/btcsuite/btcd/wire/v2"
)

const bitcoin = 100_000_000

// The parts of the story, in the order of the chain.
const (
	customers   = 40
	hubPayments = 360
	peels       = 12
)

// tell makes the demo chain.
func (s *Story) tell() {
	miners := []*Party{s.party("miner-1", p2pkh), s.party("miner-2", p2wpkh), s.party("miner-3", p2tr)}
	mine := func(n int) {
		for range n {
			s.mine(miners[len(s.Blocks)%len(miners)])
		}
	}
	mine(104)
	treasury := s.party("treasury", p2wpkh)
	for _, m := range miners {
		s.send(s.take(m, 1), nil, pay{to: treasury, value: 49 * bitcoin}) // leaves a big fee
	}
	mine(1)
	s.fund(treasury)
	mine(1)
	s.victims()
	mine(1)
	s.launder()
	mine(2)
	s.odd()
	mine(2)
	s.business(func() { mine(1) })
	s.peel(func() { mine(1) })
	mine(8)
}

// fund gives everyone something to begin with.
func (s *Story) fund(treasury *Party) {
	var to []pay
	for i := range customers {
		p := s.party(fmt.Sprintf("customer-%d", i+1), form(i%int(p2wsh+1)))
		for k := range hubPayments / customers {
			to = append(to, pay{to: p, value: int64(1_000_000 + 1_000*i + k)})
		}
	}
	s.send(s.take(treasury, 1), treasury, to...)
	to = nil
	for i := range 5 {
		v := s.party(fmt.Sprintf("victim-%d", i+1), form(i%int(p2wsh+1)))
		for k := range 3 {
			to = append(to, pay{to: v, value: int64((i+1)*20_000_000 + k)})
		}
		to = append(to, pay{to: s.party(fmt.Sprintf("joiner-%d", i+1), form(i%int(p2wsh+1))), value: int64(30_000_000 + i*1_234_567)})
	}
	s.send(s.take(treasury, 1), treasury, to...)
}

// victims pay the scammer: plainly, from several coins, and twice in one
// transaction.
func (s *Story) victims() {
	scammer := s.party("scammer", p2pkh)
	for i := range 5 {
		v := s.parties[fmt.Sprintf("victim-%d", i+1)]
		switch i {
		case 0:
			s.send(s.take(v, 3), v, pay{to: scammer, value: 50_000_000})
		case 1:
			s.send(s.take(v, 2), nil, pay{to: scammer, value: 10_000_000}, pay{to: scammer, value: 5_000_000}, pay{to: v, value: 64_990_000})
		default:
			s.send(s.take(v, 1), v, pay{to: scammer, value: int64(i+1) * 19_000_000})
		}
	}
}

// launder spends what came together, through a CoinJoin, inside one block.
func (s *Story) launder() {
	scammer, second := s.parties["scammer"], s.party("second", p2tr)
	s.send(s.take(scammer, len(scammer.coins)), nil, pay{to: second, value: 100_000_000}, pay{to: scammer, value: 60_000_000})
	third := s.party("third", p2wpkh)
	s.send(s.take(second, 1), second, pay{to: third, value: 25_000_000}) // in the same block
	s.send(s.take(third, 1), nil, pay{to: s.party("fourth", nestedP2wpkh), value: 24_000_000})
	var from []Coin
	var to, change []pay
	for i := range 5 {
		p := s.parties[fmt.Sprintf("joiner-%d", i+1)]
		c := s.take(p, 1)
		from = append(from, c...)
		to = append(to, pay{to: s.party(fmt.Sprintf("joined-%d", i+1), p2wpkh), value: 20_000_000})
		change = append(change, pay{to: s.party(fmt.Sprintf("unmixed-%d", i+1), form(i%int(p2wsh+1))), value: c[0].out.Value - 20_000_000 - 500})
	}
	s.send(from, nil, append(to, change...)...)
}

// odd makes outputs without an address, and spends them.
func (s *Story) odd() {
	treasury, saver := s.parties["treasury"], s.party("saver", p2wsh)
	names := []form{p2pk, multisig, lonely, anyone}
	to := []pay{{text: "data", value: 0}, {text: "burnt", value: 7}}
	for _, f := range names {
		to = append(to, pay{to: s.party(fmt.Sprintf("odd-%d", f), f), value: 3_000_000})
	}
	s.send(s.take(treasury, 1), treasury, append(to, pay{to: saver, value: 0})...)
	var from []Coin
	for _, f := range names {
		from = append(from, s.take(s.parties[fmt.Sprintf("odd-%d", f)], 1)...)
	}
	s.send(from, saver, pay{to: s.party("odd heir", p2pkh), value: 1_000_000})
}

// business makes the hub: an exchange that many pay.
func (s *Story) business(mine func()) {
	hub := s.party("hub", p2wpkh)
	for k := range hubPayments / customers {
		for i := range customers {
			p := s.parties[fmt.Sprintf("customer-%d", i+1)]
			s.send(s.take(p, 1), p, pay{to: hub, value: 900_000})
		}
		if k%2 == 1 {
			s.send(s.take(hub, 10), nil, pay{to: s.party("cold", p2tr), value: 8_500_000}) // sweeps
		}
		mine()
	}
}

// peel takes a small payment off a big coin, again and again.
func (s *Story) peel(mine func()) {
	at := s.parties["fourth"]
	for i := range peels {
		next := s.party(fmt.Sprintf("peel-%d", i+1), form(i%int(p2wsh+1)))
		shop := s.party(fmt.Sprintf("shop-%d", i%3+1), p2pkh)
		s.send(s.take(at, 1), next, pay{to: shop, value: int64(400_000 + i)})
		at = next
		if i%2 == 1 {
			mine()
		}
	}
}

// Extend tells what happened in n more blocks: the scammer goes on, the hub
// goes on, and someone new appears.
func (s *Story) Extend(n int) {
	miner := s.parties["miner-2"]
	for range n {
		h := len(s.Blocks)
		saver := s.parties["saver"]
		big := slices.IndexFunc(saver.coins, func(c Coin) bool { return c.out.Value > 500_000 })
		if big >= 0 {
			c := saver.coins[big]
			saver.coins = slices.Delete(saver.coins, big, big+1)
			s.send([]Coin{c}, saver, pay{to: s.parties["scammer"], value: 10_000}, pay{to: s.party(fmt.Sprintf("new-%d", h), p2tr), value: 20_000})
		}
		s.send(s.take(s.parties["hub"], 2), nil, pay{to: s.parties["cold"], value: 1_700_000})
		s.mine(miner)
	}
}

// Fork is another story that shares the blocks up to a height and nothing but
// empty blocks after it.
func (s *Story) Fork(height, blocks int) *Story {
	f := &Story{Blocks: slices.Clone(s.Blocks[:height+1]), parties: maps.Clone(s.parties), order: slices.Clone(s.order), extra: s.extra + 1}
	miner := newParty("fork miner", p2pkh)
	for range blocks {
		f.mine(miner)
	}
	return f
}

// Unconfirmed is a payment of the treasury that is in no block.
func (s *Story) Unconfirmed() *wire.MsgTx {
	treasury := s.parties["treasury"]
	c := treasury.coins[len(treasury.coins)-1]
	return build([]Coin{c}, treasury, pay{to: s.parties["scammer"], value: 77_777})
}
