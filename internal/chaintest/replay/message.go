package replay

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/scamtrace/scamtrace/internal/chaintest/calldata"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// units are base units of an amount of the play.
func units(t world.Token, amount int64) *big.Int {
	n := big.NewInt(amount)
	if t == world.Ether || t == world.DAI {
		n.Mul(n, gwei())
	}
	return n
}

// message says how a transaction of the play is made on the chain.
func (e *Ethereum) message(tx *world.EthereumTx) (message, error) {
	m := message{
		from: e.account(tx.From), to: e.address(tx.To), value: units(world.Ether, tx.Value),
		gas: uint64(tx.GasUsed), failed: tx.Failed,
	}
	for _, l := range tx.Logs {
		m.logs = append(m.logs, step{e.tokens[l.Token], e.address(l.From), e.address(l.To), units(l.Token, l.Amount)})
	}
	switch {
	case tx.Reward:
		return m, nil
	case tx.Failed:
		return m, e.failing(tx, &m)
	case tx.Input == world.Plain:
		return m, nil
	case tx.Input == world.TokenTransfer:
		m.to = e.tokens[tx.Token]
		m.data = transfer(m.logs[0].to, m.logs[0].value)
		return m, nil
	case tx.Input == world.Creation:
		m.creates, m.data = true, creation("Actor")
		return m, nil
	case e.parties.Contract(tx.To):
		return m, e.acting(tx, &m)
	}
	return m, e.issuing(tx, &m)
}

func transfer(to common.Address, value *big.Int) []byte {
	return calldata.Call("transfer(address,uint256)", to, value)
}

// failing makes a payment that fails: ether that a pool has no gas to take, or a
// token's transfer, of more than there is or with too little gas by turns.
func (e *Ethereum) failing(tx *world.EthereumTx, m *message) error {
	const enough = 30_000 // to begin a transfer, not to end it
	if tx.Input == world.Plain {
		return nil
	}
	m.to = e.tokens[tx.Token]
	amount := units(tx.Token, e.Balance(tx.Token, tx.From))
	if tx.Number%2 == 0 {
		m.gas = enough
	} else {
		amount.Add(amount, common.Big1)
	}
	m.data = transfer(e.address(tx.To), amount)
	return nil
}

// acting lets a contract do what the transaction does: calls first, so that
// their paths are those of the play, then tokens.
func (e *Ethereum) acting(tx *world.EthereumTx, m *message) error {
	var steps []step
	for i, c := range tx.Calls {
		if c.Path != fmt.Sprint(i) || c.Kind != "call" || c.From != tx.To || c.Failed {
			return fmt.Errorf("an Actor cannot make the call %+v", c)
		}
		steps = append(steps, step{to: e.address(c.To), value: units(world.Ether, c.Value)})
	}
	for _, l := range m.logs {
		if l.from != (common.Address{}) && l.from != m.to && l.value.Sign() > 0 {
			if err := e.trust(l.coin, m.to); err != nil {
				return err
			}
		}
	}
	m.data = perform(append(steps, m.logs...))
	return nil
}

// issuing calls a token's contract: to mint, or, without logs, USDT's to freeze
// somebody. The play names nobody whom such a transaction is for.
func (e *Ethereum) issuing(tx *world.EthereumTx, m *message) error {
	if tx.Value != 0 || len(tx.Calls) > 0 {
		return fmt.Errorf("transaction %d calls party %d, who has no code", tx.Number, tx.To)
	}
	if len(tx.Logs) == 0 {
		m.to, m.data = e.tokens[world.USDT], calldata.Call("submit()")
		return nil
	}
	m.to = m.logs[0].coin
	m.gas *= 2 // the first of all mints takes more; those who mint have plenty
	for _, l := range tx.Logs {
		if l.From != 0 || l.Token != tx.Logs[0].Token {
			return fmt.Errorf("transaction %d is no mint of one token", tx.Number)
		}
	}
	if m.data = airdrop(m.logs); len(m.logs) == 1 {
		m.data = calldata.Call("mint(address,uint256)", m.logs[0].to, m.logs[0].value)
	}
	return nil
}
