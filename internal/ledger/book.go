package ledger

import (
	"iter"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Book is a sealed ledger: every transfer once, in chain order. It is read-only
// and safe for concurrent use.
type Book struct {
	chain     chain.Chain
	addresses *interner
	assets    *interner
	txs       txs
	columns
	spends   []EntryID // UTXO only: the output that an input spends
	contract []bool
	isAsset  []bool
	txOrder  []TxID
}

// EntryID is one entry of a book, in chain order from 0: dense on a UTXO chain,
// where an output's EntryID names the coin; on an account chain two for each
// transfer, of which a fee or a reward leaves one unused.
type EntryID uint32

// NoEntry is the EntryID of an output that the book does not have.
const NoEntry = ^EntryID(0)

// Chain is the chain of the book.
func (b *Book) Chain() chain.Chain { return b.chain }

// Len is the number of transfers; they are numbered 0 to Len-1 in chain order.
func (b *Book) Len() int { return len(b.tx) }

// Addresses is the number of addresses; some were only met by the crawl and
// touch no transfer.
func (b *Book) Addresses() int { return b.addresses.len() }

// Entries is the number above every EntryID.
func (b *Book) Entries() int { return len(b.address) }

// Assets is the number of assets.
func (b *Book) Assets() int { return b.assets.len() }

// Text is the address of an id.
func (b *Book) Text(id AddressID) chain.Address { return unpacked(b.addresses.key(uint32(id))) }

// Find returns the id of an address, if the book has met it.
func (b *Book) Find(a chain.Address) (AddressID, bool) {
	id, found := b.addresses.find(packed(make([]byte, 128), a))
	return AddressID(id), found
}

// Asset is the asset of an id.
func (b *Book) Asset(id AssetID) chain.Asset { return chain.Asset(b.assets.key(uint32(id))) }

// FindAsset returns the id of an asset, if the book has met it.
func (b *Book) FindAsset(a chain.Asset) (AssetID, bool) {
	id, found := b.assets.find([]byte(a))
	return AssetID(id), found
}

// Contract is described at Ledger.Contract.
func (b *Book) Contract(id AddressID) bool {
	return b.contract[id] || b.isAsset[id] || isNull(b.addresses.key(uint32(id)))
}

// Compare orders two addresses by their text.
func (b *Book) Compare(x, y AddressID) int {
	return compareAddress(b.addresses.key(uint32(x)), b.addresses.key(uint32(y)))
}

// Nameless reports whether the id stands for outputs without an address.
func (b *Book) Nameless(id AddressID) bool { return len(b.addresses.key(uint32(id))) == 0 }

// Tx is a transaction. Its Index is chain.UnknownIndex where no source told it.
func (b *Book) Tx(id TxID) chain.Tx { return b.txs.at(id) }

// FindTx returns the transaction of a hash, if the book has a transfer of it.
func (b *Book) FindTx(h chain.Hash) (TxID, bool) {
	id, found := b.txs.hashes.find(h[:])
	return TxID(id), found && b.txs.fact(TxID(id)).told
}

// Transactions yields the transactions that have transfers, in chain order.
func (b *Book) Transactions() iter.Seq[TxID] {
	return func(yield func(TxID) bool) {
		for _, id := range b.txOrder {
			if !yield(id) {
				return
			}
		}
	}
}

// Transfer is one transfer of a book.
type Transfer struct {
	// ID is its number in chain order.
	ID      int
	Tx      TxID
	Kind    chain.Kind
	Asset   AssetID
	Inexact bool
	// Ordinal is the log index of a token transfer, 0 or a running number else.
	Ordinal uint32
	// Its entries: inputs from First to Mid, outputs from Mid to End.
	First, Mid, End EntryID
}

// At is transfer i, 0 <= i < Len.
func (b *Book) At(i int) Transfer {
	first, mid, end := b.bounds(uint32(i))
	return Transfer{
		ID: i, Tx: b.tx[i], Kind: b.kind[i], Asset: b.asset[i], Inexact: b.inexact[i], Ordinal: b.ordinal[i],
		First: EntryID(first), Mid: EntryID(mid), End: EntryID(end),
	}
}

// Path is the trace address of an Internal transfer, nil for the others. It is
// read only.
func (b *Book) Path(t Transfer) []uint32 {
	if t.Kind != chain.Internal {
		return nil
	}
	return b.paths.at(t.Ordinal)
}

// Entry is one entry of a book.
type Entry struct {
	Address AddressID
	// Amount is in base units; it means nothing unless Known is set.
	Amount chain.Amount
	Known  bool
	// Index is the place on its side, for UTXO chains.
	Index uint32
	// Spends is the coin that a UTXO input consumes, or NoEntry.
	Spends EntryID
}

// Entry is the entry of an id.
func (b *Book) Entry(e EntryID) Entry {
	amount, known := b.value(uint32(e))
	out := Entry{Address: b.address[e], Amount: amount, Known: known, Spends: NoEntry}
	if b.spends != nil {
		out.Index, out.Spends = b.place[e], b.spends[e]
	}
	return out
}

// SpentTx is the transaction whose output a UTXO input consumes, known or not.
func (b *Book) SpentTx(e EntryID) chain.Hash { return b.txs.hash(b.spendsTx[e]) }

// SpentIndex is the index of the output that a UTXO input consumes.
func (b *Book) SpentIndex(e EntryID) uint32 { return b.spendsAt[e] }
