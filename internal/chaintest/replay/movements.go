package replay

import (
	"fmt"
	"math/big"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/reference"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// The names of the chains in cases.
const (
	ethereumName = "ethereum"
	bitcoinName  = "bitcoin-regtest"
)

// Movements are all that the play moved, in the words of the chains: heights,
// places, hashes, addresses, base units. A coinbase of the play has no payer
// here; on the chain a miner pays it.
func (r *Replay) Movements() []reference.Movement {
	m := &movements{names: r.Names}
	if err := r.Retell(m); err != nil {
		panic(err) // listening does not fail
	}
	return m.list
}

// movements is a world.Sink that listens to transactions alone.
type movements struct {
	deaf
	names   Names
	list    []reference.Movement
	rewards int
}

func (m *movements) entry(p world.Party, t world.Token, amount int64) []reference.Entry {
	a := m.names.Ethereum(p)
	return []reference.Entry{{Address: names.Hex(a[:]), Amount: units(t, amount)}}
}

func (m *movements) Ethereum(tx *world.EthereumTx) error {
	hash := m.names.Transaction(tx.Number)
	base := reference.Movement{
		Chain: ethereumName, Tx: names.Hex(hash[:]), Height: uint64(tx.Height), Index: uint32(tx.Index), Asset: "native",
		Failed: tx.Failed,
	}
	add := func(kind chain.Kind, change func(*reference.Movement)) {
		one := base
		one.Kind = kind
		change(&one)
		m.list = append(m.list, one)
	}
	if tx.Reward {
		m.rewards++
		add(chain.Reward, func(one *reference.Movement) {
			one.Tx, one.Out = fmt.Sprint("reward ", m.rewards), m.entry(tx.To, world.Ether, tx.Value)
		})
		return nil
	}
	add(chain.Fee, func(one *reference.Movement) { one.In = m.entry(tx.From, world.Ether, tx.GasUsed*tx.GasPrice) })
	if tx.Value > 0 {
		add(chain.NativeKind, func(one *reference.Movement) {
			one.In, one.Out = m.entry(tx.From, world.Ether, tx.Value), m.entry(tx.To, world.Ether, tx.Value)
		})
	}
	for i, c := range tx.Calls {
		add(chain.Internal, func(one *reference.Movement) {
			one.TraceAddress = []uint32{uint32(i)}
			one.In, one.Out = m.entry(c.From, world.Ether, c.Value), m.entry(c.To, world.Ether, c.Value)
		})
	}
	for i, l := range tx.Logs {
		add(chain.Token, func(one *reference.Movement) {
			one.LogIndex, one.Asset = uint32(tx.FirstLog+i), names.Asset(m.names, l.Token)
			one.In, one.Out = m.entry(l.From, l.Token, l.Amount), m.entry(l.To, l.Token, l.Amount)
		})
	}
	return nil
}

func (m *movements) Bitcoin(tx *world.BitcoinTx) error {
	one := reference.Movement{
		Chain: bitcoinName, Tx: m.bitcoin(tx.Number), Height: uint64(tx.Height), Index: uint32(tx.Index), Kind: chain.Output,
		Asset: "native", Opaque: tx.Join,
	}
	for _, c := range tx.In {
		one.In = append(one.In, reference.Entry{
			Address: m.names.Bitcoin(c.Owner).Address, Amount: big.NewInt(c.Value),
			Spends: reference.Outpoint{Tx: m.bitcoin(c.Tx), Index: c.Index},
		})
	}
	for _, o := range tx.Out {
		one.Out = append(one.Out, reference.Entry{Address: m.names.Bitcoin(o.To).Address, Amount: big.NewInt(o.Value)})
	}
	m.list = append(m.list, one)
	return nil
}

func (m *movements) bitcoin(number int64) string {
	h := m.names.BitcoinTransaction(number)
	return fmt.Sprintf("%x", h)
}

// deaf is a world.Witness that does not listen.
type deaf struct{}

func (deaf) Entity(world.EntityFact) error   { return nil }
func (deaf) Link(world.LinkFact) error       { return nil }
func (deaf) Victim(world.VictimFact) error   { return nil }
func (deaf) Deposit(world.DepositFact) error { return nil }
func (deaf) Night(world.NightFact) error     { return nil }
