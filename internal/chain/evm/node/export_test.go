package node

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// Classify is the table of faults, for tests.
func Classify(f jsonrpc.Fault, ranged bool) fetch.Verdict { return newTable().classify(f, ranged) }

// Hint is what the words of a fault say of the range that is not too wide.
func Hint(words string) (stated, suggested uint64) {
	h := hintOf(words)
	return h.stated, h.suggested
}

// Cut is where a range is cut.
func Cut(width uint64) uint64 { return cut(width) }

// Logs counts the Transfers in an answer to eth_getLogs.
func Logs(v jsontext.Value) (transfers, all int, err error) {
	err = decodeLogs(v, func(e *entry) error {
		all++
		if e.transfer {
			transfers++
		}
		return nil
	})
	return transfers, all, err
}

// Move is value that moved inside a transaction.
type Move struct {
	Path     []uint32
	From, To chain.Address
	Value    string
	Creates  bool
}

// Frames are the internal movements of one trace of the callTracer.
func Frames(v jsontext.Value) ([]Move, error) {
	var t tracer
	if err := t.callFrame(walk(v), -1, 0); err != nil {
		return nil, err
	}
	var out []Move
	t.internal(func(path []uint32, f *frame) {
		out = append(out, Move{append([]uint32{}, path...), addressText(&f.from), addressText(&f.to), f.value.Hex(), f.creates})
	})
	return out, nil
}

// Rows are the internal movements of the traces of whole transactions, as
// OpenEthereum wrote them.
func Rows(v jsontext.Value) ([]Move, error) {
	by := map[chain.Hash][]row{}
	var order []chain.Hash
	err := decodeRows(v, func(r *row) error {
		if r.reward {
			return nil
		}
		if _, ok := by[r.tx]; !ok {
			order = append(order, r.tx)
		}
		c := *r
		c.path = append([]uint32{}, r.path...)
		by[r.tx] = append(by[r.tx], c)
		return nil
	})
	var out []Move
	for _, tx := range order {
		rows := by[tx]
		fallen(rows)
		for i := range rows {
			if r := &rows[i]; len(r.path) > 0 && r.moves && !r.failed && !r.value.IsZero() {
				out = append(out, Move{r.path, addressText(&r.from), addressText(&r.to), r.value.Hex(), r.creates})
			}
		}
	}
	return out, err
}

// Block decodes a block and, where they are given, its receipts and traces.
func Block(v, receipts, traces jsontext.Value) (txs, tokens, moves int, err error) {
	b, err := decodeBlock(v)
	if err == nil && receipts != nil {
		err = b.receipts(receipts)
	}
	if err == nil && traces != nil {
		err = b.traces(traces)
	}
	if err != nil {
		return 0, 0, 0, err
	}
	return len(b.txs), len(b.tokens), len(b.moves), nil
}

// Sealed reports whether the hash of a header and the root of its transactions
// are those that are told.
func Sealed(v jsontext.Value) error {
	b, err := decodeBlock(v)
	if err == nil {
		err = checkHeader(v, &b.header)
	}
	if err == nil && len(b.txs) > 0 {
		_, err = checkBody(v, b)
	}
	return err
}

// Receipt decodes a receipt and returns its fee, in hex.
func Receipt(v jsontext.Value) (string, error) {
	r, err := decodeReceipt(v)
	if err != nil {
		return "", err
	}
	fee, err := r.fee(new(chain.Amount))
	return fee.Hex(), err
}
