package table

import (
	"encoding/hex"
	"strconv"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// texts remembers the text of ids that were just written. A hub is named in
// thousands of rows; its text is made once.
type texts struct {
	book      *ledger.Book
	addresses [textSlots]text
	assets    [textSlots / 16]text
	tx        ledger.TxID
	known     bool
	hash      []byte
	told      chain.Tx
	path      []byte
}

type text struct {
	owner uint32 // id+1
	text  string
}

const textSlots = 1 << 14

func newTexts(b *ledger.Book) *texts { return &texts{book: b} }

func (t *texts) address(id ledger.AddressID) string {
	slot := &t.addresses[uint32(id)%textSlots]
	if slot.owner != uint32(id)+1 {
		slot.owner, slot.text = uint32(id)+1, string(t.book.Text(id))
	}
	return slot.text
}

func (t *texts) asset(id ledger.AssetID) string {
	slot := &t.assets[int(id)%len(t.assets)]
	if slot.owner != uint32(id)+1 {
		slot.owner, slot.text = uint32(id)+1, string(t.book.Asset(id))
	}
	return slot.text
}

// transaction is the transaction and its hash as text, valid until the next
// call.
func (t *texts) transaction(id ledger.TxID) (*chain.Tx, []byte) {
	if !t.known || t.tx != id {
		t.told, t.tx, t.known = t.book.Tx(id), id, true
		t.hash = appendHash(t.hash[:0], &t.told.Hash, t.book.Chain().Family)
	}
	return &t.told, t.hash
}

// appendHash is chain.Hash.Text without allocating.
func appendHash(dst []byte, h *chain.Hash, f chain.Family) []byte {
	if f == chain.Account {
		dst = append(dst, '0', 'x')
	}
	return hex.AppendEncode(dst, h[:])
}

// trace is a trace address as text: 0.2.1. It is valid until the next call.
func (t *texts) trace(path []uint32) []byte {
	t.path = t.path[:0]
	for i, n := range path {
		if i > 0 {
			t.path = append(t.path, '.')
		}
		t.path = strconv.AppendUint(t.path, uint64(n), 10)
	}
	return t.path
}
