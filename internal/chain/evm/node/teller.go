package node

import (
	"github.com/scamtrace/scamtrace/internal/chain"
)

// teller makes transfers of what blocks and logs say. What is told of which
// movement is the same as in package dataset. It belongs to one part.
type teller struct {
	q        *inquiry
	emit     func(*chain.Transfer) error
	transfer chain.Transfer
	in, out  [1]chain.Entry
	faces    map[[20]byte]chain.Address
}

func newTeller(q *inquiry, emit func(*chain.Transfer) error) teller {
	return teller{q: q, emit: emit, faces: map[[20]byte]chain.Address{}}
}

// mostFaces bounds the addresses whose text is remembered.
const mostFaces = 1 << 16

// face is an address in text.
func (t *teller) face(a *[20]byte) chain.Address {
	if at, ok := t.q.at[*a]; ok {
		return t.q.texts[at]
	}
	text, ok := t.faces[*a]
	if !ok {
		if len(t.faces) >= mostFaces {
			clear(t.faces)
		}
		text = addressText(a)
		t.faces[*a] = text
	}
	return text
}

// pay emits a transfer of one entry a side; a side that is nil has none. The
// rest of t.transfer has been filled in.
func (t *teller) pay(from, to *chain.Entry) error {
	tr := &t.transfer
	tr.In, tr.Out = nil, nil
	if from != nil {
		t.in[0] = *from
		tr.In = t.in[:]
	}
	if to != nil {
		t.out[0] = *to
		tr.Out = t.out[:]
	}
	return t.emit(tr)
}

// token emits the ERC-20 Transfer of a log. Only a receipt tells a status: it is
// told with the fee.
func (t *teller) token(e *entry) error {
	t.transfer = chain.Transfer{
		Tx: chain.Tx{
			Hash: e.tx, Pos: chain.Pos{Height: e.height, Index: e.txIndex}, Time: e.time,
		},
		Kind: chain.Token, Ordinal: e.index, Asset: chain.Asset(t.face(&e.token)),
	}
	return t.pay(
		&chain.Entry{Address: t.face(&e.from), Amount: e.value},
		&chain.Entry{Address: t.face(&e.to), Amount: e.value},
	)
}
