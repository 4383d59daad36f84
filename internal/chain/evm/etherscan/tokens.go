package etherscan

import (
	"math"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// readToken reads a row of tokentx. Rows with a token's number are NFTs, whose
// value would be taken for an amount.
func readToken(w *wire) (row, error) {
	var r row
	if err := w.place(&r); err != nil {
		return r, err
	}
	var err error
	if r.from, err = address(w.From, "from"); err != nil {
		return r, err
	}
	if r.to, err = address(w.To, "to"); err != nil {
		return r, err
	}
	asset, err := address(w.Contract, "contractAddress")
	if err != nil {
		return r, err
	}
	r.asset = chain.Asset(asset)
	if w.LogIndex.text != "" {
		log, err := whole(w.LogIndex, "logIndex", math.MaxUint32)
		if err != nil {
			return r, err
		}
		r.log, r.logKnown = uint32(log), true
	}
	if len(w.TokenID) > 0 {
		r.idle = true
		return r, nil
	}
	return r, amount(&r.value, w.Value, "value")
}

// tellToken tells a token transfer, also of value zero: such rows are the
// evidence of address poisoning. Only a receipt tells the outcome.
func tellToken(r *row, _ chain.Address, t *teller) error {
	return t.move(r, chain.Token,
		chain.Entry{Address: r.from, Amount: r.value},
		chain.Entry{Address: r.to, Amount: r.value})
}
