package ledger

import "github.com/scamtrace/scamtrace/internal/chain"

// What follows reads single columns, for loops over the whole book that would
// be slowed down by whole values.

// Sides are the kind, payer and payee of transfer i of an account chain. A fee
// has no payee and a reward no payer; what stands there means nothing.
func (b *Book) Sides(i int) (kind chain.Kind, payer, payee AddressID) {
	return b.kind[i], b.address[2*i], b.address[2*i+1]
}

// PairAmount is the amount of transfer i of an account chain.
func (b *Book) PairAmount(i int) chain.Amount {
	a, _ := b.amount.at(uint32(i))
	return a
}

// TxOf is the transaction of transfer i.
func (b *Book) TxOf(i int) TxID { return b.tx[i] }

// AssetOf is the asset of transfer i.
func (b *Book) AssetOf(i int) AssetID { return b.asset[i] }

// AddressOf is the address of an entry.
func (b *Book) AddressOf(e EntryID) AddressID { return b.address[e] }

// Height is the height of a transaction.
func (b *Book) Height(id TxID) uint64 { return uint64(b.txs.fact(id).height) }

// Seconds is the time of a transaction.
func (b *Book) Seconds(id TxID) int64 { return int64(b.txs.fact(id).seconds) }

// Index is the index of a transaction, or chain.UnknownIndex.
func (b *Book) Index(id TxID) uint32 { return b.txs.fact(id).index }

// AppendText appends the address of an id.
func (b *Book) AppendText(dst []byte, id AddressID) []byte {
	key := b.addresses.key(uint32(id))
	switch {
	case len(key) == 20:
		return appendHex(append(dst, '0', 'x'), key)
	case len(key) == 21 && key[20] == 0:
		return append(dst, key[:20]...)
	}
	return append(dst, key...)
}

// AppendHash appends the hash of a transaction as text.
func (b *Book) AppendHash(dst []byte, id TxID) []byte {
	if b.chain.Family == chain.Account {
		dst = append(dst, '0', 'x')
	}
	return appendHex(dst, b.txs.hashes.key(uint32(id)))
}

// AppendSpent appends the hash of the transaction whose output an input spends.
func (b *Book) AppendSpent(dst []byte, e EntryID) []byte { return b.AppendHash(dst, b.spendsTx[e]) }
