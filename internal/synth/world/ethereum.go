package world

import "fmt"

// ethereum is the actors' way to their chain.
type ethereum struct {
	w      *World
	ledger Ledger
	gas    bool // whether anybody pays fees, and ether moves
	number int64
	tx     EthereumTx
}

// balance is what an account has.
func (e *ethereum) balance(t Token, p Party) int64 { return e.ledger.Balance(t, p) }

// fee is what gas costs now, in gwei.
func (e *ethereum) fee(gas int64) int64 {
	if !e.gas {
		return 0
	}
	return gas * e.ledger.Price(e.w.now)
}

// feeCeiling is a fee that no later price exceeds, in gwei.
func (e *ethereum) feeCeiling(gas int64) int64 {
	if !e.gas {
		return 0
	}
	return gas * 31
}

// spendable is what an account can pay of a token now, after the fee.
func (e *ethereum) spendable(t Token, p Party) int64 {
	if t == Ether {
		return max(0, e.balance(Ether, p)-e.feeCeiling(gasTransfer))
	}
	if e.balance(Ether, p) < e.fee(gasToken) {
		return 0
	}
	return e.balance(t, p)
}

// send executes a transaction now and returns its number.
func (e *ethereum) send(tx EthereumTx) int64 {
	w := e.w
	if w.err != nil {
		return -1
	}
	tx.Time, tx.NoGas = w.now, !e.gas
	if tx.NoGas {
		tx.Value, tx.Calls = 0, nil
	}
	tx.Number = e.number
	e.number++
	if err := e.ledger.Execute(&tx); err != nil {
		w.err = fmt.Errorf("the play failed at transaction %d, %s: %w", tx.Number, tx.Mark.Stage, err)
		return -1
	}
	tx.Night = w.night(tx.Time)
	w.touch(tx.From, tx.Time)
	w.touch(tx.To, tx.Time)
	rows := int64(0)
	if !tx.Failed && !tx.Reward {
		if tx.Value > 0 {
			rows++
		}
		for _, c := range tx.Calls {
			if c.Kind == "call" && !c.Failed && c.Value > 0 {
				rows++
				w.touch(c.To, tx.Time)
			}
		}
		for _, l := range tx.Logs {
			rows++
			w.touch(l.To, tx.Time)
		}
	}
	w.count(rows, tx.Mark)
	e.tx = tx
	if err := w.sink.Ethereum(&e.tx); err != nil {
		w.err = err
	}
	return tx.Number
}

// pay sends ether or a token. Poisoners see payments of USDT.
func (e *ethereum) pay(from, to Party, t Token, amount int64, m Mark) int64 {
	n := e.send(payment(from, to, t, amount, m))
	if t == USDT && e.w.poison != nil {
		e.w.poison.notice(from, to)
	}
	return n
}

// fail is a payment that ran out of gas: its value stays where it was. Ether
// fails at a contract; a person cannot but take it.
func (e *ethereum) fail(from, to Party, t Token, amount int64, m Mark) {
	if !e.gas {
		return
	}
	if t == Ether {
		to = e.w.places.pool
	}
	tx := payment(from, to, t, amount, m)
	tx.Failed, tx.Logs = true, nil
	e.send(tx)
}

// reward makes ether, as genesis and old mining did.
func (e *ethereum) reward(to Party, amount int64) {
	if e.gas {
		e.send(EthereumTx{To: to, Value: amount, Reward: true})
	}
}

func payment(from, to Party, t Token, amount int64, m Mark) EthereumTx {
	if t == Ether {
		return EthereumTx{From: from, To: to, Value: amount, GasUsed: gasTransfer, Mark: m}
	}
	return EthereumTx{
		From: from, To: to, Input: TokenTransfer, Token: t, GasUsed: gasToken, Mark: m,
		Logs: []Log{{Token: t, From: from, To: to, Amount: amount}},
	}
}

// touch notes that an address was active.
func (w *World) touch(p Party, t int64) { w.parties.touch(p, t-w.start) }

// count counts rows; when there are enough, time stops.
func (w *World) count(rows int64, m Mark) {
	w.written += rows
	if m.Stage != "" {
		w.scam += rows
	}
}
