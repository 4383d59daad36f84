package btcnode

import (
	"fmt"

	"github.com/btcsuite/btcd/chainhash/v2"
)

// rich is who mines a blank story.
const rich = "miner"

// Blank is a chain on which nothing has happened but that a miner found so many
// blocks, the last ten minutes before a time in seconds since 1970: a chain for
// somebody else's story.
func Blank(blocks int, time int64) *Story {
	s := newStory()
	for left := int64(blocks); left > 0; left-- {
		s.Mine(time - left*spacing)
	}
	return s
}

// Mine puts what happened since the last block into the next, which is of a
// time.
func (s *Story) Mine(time int64) { s.mineAt(s.party(rich, p2wpkh), time) }

// Party is somebody of a name, whose outputs are P2PKH if legacy and P2WPKH
// otherwise.
func (s *Story) Party(name string, legacy bool) *Party {
	if legacy {
		return s.party(name, p2pkh)
	}
	return s.party(name, p2wpkh)
}

// Script is what locks a party's outputs.
func (p *Party) Script() []byte { return p.script }

// Payment is an output to be made. Without a party it is data of the text.
type Payment struct {
	To    *Party
	Value int64
	Text  string
}

// Spend spends coins for payments; what is left is the fee. It returns the
// transaction, which is in the next block, and the coins that it makes, in order.
func (s *Story) Spend(from []Coin, to []Payment) (chainhash.Hash, []Coin, error) {
	var sum int64
	for _, c := range from {
		sum += c.out.Value
	}
	for _, p := range to {
		sum -= p.Value
	}
	if sum < 0 {
		return chainhash.Hash{}, nil, fmt.Errorf("a payment of %d coins is short of %d satoshi", len(from), -sum)
	}
	hash, made := s.add(0, from, nil, to)
	return hash, made, nil
}

// Grant lets the miner pay somebody, as a coinbase of any value would. It
// returns the transaction and the coin.
func (s *Story) Grant(to *Party, value int64) (chainhash.Hash, Coin, error) {
	m := s.party(rich, p2wpkh)
	var from []Coin
	for have := int64(0); have < value+fee; {
		if len(m.coins) == 0 || m.coins[0].mined && m.coins[0].height+maturity > len(s.Blocks) {
			return chainhash.Hash{}, Coin{}, fmt.Errorf("the miner has only %d satoshi to spend at height %d", have, len(s.Blocks))
		}
		from = append(from, s.take(m, 1)...)
		have += from[len(from)-1].out.Value
	}
	hash, made := s.add(fee, from, m, []Payment{{To: to, Value: value}})
	if len(made) > 1 {
		m.coins = append([]Coin{made[1]}, m.coins...)
	}
	return hash, made[0], nil
}

func (s *Story) add(fee int64, from []Coin, change *Party, to []Payment) (chainhash.Hash, []Coin) {
	list := make([]pay, len(to))
	for i, p := range to {
		list[i] = pay{to: p.To, value: p.Value, text: p.Text}
	}
	tx := assign(fee, from, change, list)
	s.pending = append(s.pending, tx)
	return tx.TxHash(), s.made(tx, change, list)
}
