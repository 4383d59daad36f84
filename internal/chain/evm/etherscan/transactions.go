package etherscan

import (
	"errors"
	"math"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// readTransaction reads a row of txlist.
func readTransaction(w *wire) (row, error) {
	if w.isGenesis() {
		return readGenesis(w)
	}
	var r row
	if err := w.place(&r); err != nil {
		return r, err
	}
	if err := w.parties(&r); err != nil {
		return r, err
	}
	if w.Nonce.text != "" {
		var err error
		if r.nonce, err = whole(w.Nonce, "nonce", math.MaxUint64); err != nil {
			return r, err
		}
		r.nonceKnown = true
	}
	var err error
	if r.tx.Status, err = w.outcome(); err != nil {
		return r, err
	}
	r.pays = pays(w.Input.text)
	if w.GasUsed.text == "" || w.GasPrice.text == "" {
		return r, nil
	}
	var used, price chain.Amount
	if err := amount(&used, w.GasUsed, "gasUsed"); err != nil {
		return r, err
	}
	if err := amount(&price, w.GasPrice, "gasPrice"); err != nil {
		return r, err
	}
	if _, over := r.fee.MulOverflow(&used, &price); over {
		return r, wrong("gasPrice", w.GasPrice.text, errors.New("times gasUsed is above 2^256-1"))
	}
	r.feeKnown = true
	return r, nil
}

// outcome is the receipt's status where there is one. Before Byzantium receipts
// had none, and isError is what the explorer found out by running the
// transaction.
func (w *wire) outcome() (chain.Status, error) {
	word, name := w.Status, "txreceipt_status"
	failed := "0"
	if word.text == "" {
		word, name, failed = w.Failed, "isError", "1"
	}
	if word.text == "" {
		return chain.StatusUnknown, nil
	}
	if _, err := yes(word, name); err != nil {
		return 0, err
	}
	if w.Status.text != "" && w.Failed.text != "" && w.Failed.text == w.Status.text {
		return 0, wrong("isError", w.Failed.text, errors.New("contradicts txreceipt_status"))
	}
	if word.text == failed {
		return chain.Failed, nil
	}
	return chain.Succeeded, nil
}

// readGenesis reads what an address was given in the genesis block. It is of no
// transaction and not covered; the balance needs it.
func readGenesis(w *wire) (row, error) {
	r := row{idle: true, genesis: true}
	var err error
	if r.to, err = address(w.To, "to"); err != nil {
		return r, err
	}
	r.tx.Pos.Index = chain.UnknownIndex
	if r.tx.Pos.Height, err = whole(w.Height, "blockNumber", 0); err != nil {
		return r, err
	}
	return r, amount(&r.value, w.Value, "value")
}

// tellTransaction tells the fee of a transaction that the address sent and the
// value that it sent or got.
func tellTransaction(r *row, a chain.Address, t *teller) error {
	if r.feeKnown && r.from == a {
		if err := t.move(r, chain.Fee, chain.Entry{Address: r.from, Amount: r.fee}, chain.Entry{}); err != nil {
			return err
		}
	}
	if r.tx.Status == chain.Failed {
		if r.feeKnown {
			return nil
		}
		return t.outcome(r)
	}
	if r.value.IsZero() {
		return nil
	}
	return t.move(r, chain.NativeKind,
		chain.Entry{Address: r.from, Amount: r.value},
		chain.Entry{Address: r.to, Amount: r.value, Contract: r.created})
}
