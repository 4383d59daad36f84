package etherscan

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// likeness is what two token transfers of one transaction share if nothing but
// their log index tells them apart.
type likeness struct {
	tx       chain.Hash
	asset    chain.Asset
	from, to chain.Address
	value    chain.Amount
}

// ordinals numbers the transfers of one address's list whose log index the
// server does not tell. Transfers that are alike are in the lists of both
// parties or of neither, so counting them gives both parties the same numbers.
type ordinals struct {
	height uint64
	seen   map[likeness]uint32 // of this height
}

// of is the ordinal of a row. Rows come in the order of their heights.
func (o *ordinals) of(r *row) uint32 {
	if r.logKnown {
		return r.log
	}
	if o.seen == nil || o.height != r.tx.Pos.Height {
		o.seen, o.height = map[likeness]uint32{}, r.tx.Pos.Height
	}
	like := likeness{tx: r.tx.Hash, asset: r.asset, from: r.from, to: r.to, value: r.value}
	n := o.seen[like]
	o.seen[like] = n + 1
	return number(&like, n)
}

// number hashes a transfer and how many like it came before. The transaction is
// not hashed: ordinals count within one.
func number(l *likeness, before uint32) uint32 {
	b := make([]byte, 0, 200)
	for _, part := range []string{string(l.asset), string(l.from), string(l.to)} {
		b = append(append(b, part...), ' ')
	}
	value := l.value.Bytes32()
	b = binary.BigEndian.AppendUint32(append(b, value[:]...), before)
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint32(sum[:4])
}
