package names

import (
	"encoding/binary"
	"encoding/hex"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/synth/dice"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Computed names follow from the seed. Nobody has their keys.
type Computed struct {
	seed    uint64
	like    func(world.Party) world.Party
	scripts bitcoin.Scripts
	tokens  [256][20]byte
}

// New are the names of a play. like tells whom a look-alike imitates, 0 if the
// party is none.
func New(seed uint64, like func(world.Party) world.Party) *Computed {
	scripts, _ := bitcoin.ScriptsOf(chain.Chain{Name: "bitcoin"}) // it is a network of Bitcoin
	c := &Computed{seed: seed, like: like, scripts: scripts}
	for t := range c.tokens {
		c.tokens[t] = c.contract(world.Token(t))
	}
	return c
}

// What a number counts.
const (
	aParty = iota + 1
	aToken
	aTransaction
	aBlock
	aKey
	aBitcoinTransaction
	aBitcoinBlock
)

// fill makes bytes of a number.
func (c *Computed) fill(to []byte, kind, number uint64) {
	h := dice.Mix(c.seed ^ dice.Mix(kind<<56^number))
	for len(to) > 0 {
		var word [8]byte
		binary.BigEndian.PutUint64(word[:], h)
		to = to[copy(to, word[:]):]
		h = dice.Mix(h ^ number)
	}
}

func (c *Computed) hash(kind uint64, number int64) (h [32]byte) {
	c.fill(h[:], kind, uint64(number))
	return h
}

// Ethereum implements Namer. A look-alike has the first three or four and the
// last four digits of whom it imitates.
func (c *Computed) Ethereum(p world.Party) (a [20]byte) {
	if p == 0 {
		return a
	}
	c.fill(a[:], aParty, uint64(p))
	if other := c.like(p); other != 0 {
		b := c.Ethereum(other)
		if a[0] = b[0]; p%2 == 0 {
			a[1] = b[1]
		} else {
			a[1] = b[1]&0xf0 | (b[1]+1+a[1]%15)&0x0f
		}
		a[18], a[19] = b[18], b[19]
	}
	return a
}

// Token implements Namer: what is named like a token of the world is that
// token, and all others are computed.
func (c *Computed) Token(t world.Token) [20]byte { return c.tokens[t] }

func (c *Computed) contract(t world.Token) (a [20]byte) {
	if real := contract(t); real != "" {
		b, _ := hex.DecodeString(real) // a test reads them
		copy(a[:], b)
	} else if t != world.Ether {
		c.fill(a[:], aToken, uint64(t))
	}
	return a
}

// contract is that of a token on Ethereum's main network.
func contract(t world.Token) string {
	switch t {
	case world.USDT:
		return "dac17f958d2ee523a2206206994597c13d831ec7"
	case world.USDC:
		return "a0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"
	case world.DAI:
		return "6b175474e89094c44da98b954eedeac495271d0f"
	case world.WBTC:
		return "2260fac5e5542a773aa44fbcfedf7c193bc2c599"
	default:
		return ""
	}
}

// Transaction implements Namer.
func (c *Computed) Transaction(number int64) [32]byte { return c.hash(aTransaction, number) }

// Block implements Namer.
func (c *Computed) Block(height int64) [32]byte { return c.hash(aBlock, height) }

// BitcoinTransaction implements Namer.
func (c *Computed) BitcoinTransaction(number int64) [32]byte {
	return c.hash(aBitcoinTransaction, number)
}

// BitcoinBlock implements Namer. Work has been done: the hash begins with zeros.
func (c *Computed) BitcoinBlock(height int64) [32]byte {
	h := c.hash(aBitcoinBlock, height)
	clear(h[:9])
	return h
}

// Bitcoin implements Namer: a third are paid to a key hash, the others to a
// witness key hash.
func (c *Computed) Bitcoin(p world.Party) Script {
	if p == 0 {
		const data = "hello world"
		return Script{Hex: "6a0b" + hex.EncodeToString([]byte(data)), Type: "nulldata"}
	}
	script, kind := make([]byte, 0, 25), "witness_v0_keyhash"
	var key [20]byte
	c.fill(key[:], aKey, uint64(p))
	if dice.Mix(c.seed^dice.Mix(uint64(p)))%3 == 0 {
		kind = "pubkeyhash"
		script = append(append(append(script, 0x76, 0xa9, 20), key[:]...), 0x88, 0xac)
	} else {
		script = append(append(script, 0, 20), key[:]...)
	}
	return Script{Address: string(c.scripts.Address(script)), Hex: hex.EncodeToString(script), Type: kind}
}
