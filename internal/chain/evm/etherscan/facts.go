package etherscan

import (
	"errors"
	"math"
	"strconv"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// facts are what the rows of one address say of blocks and transactions. Every
// row repeats some of it, so that a row which lies mostly contradicts another.
type facts struct {
	blocks  map[uint64]blockFact
	heights map[chain.Hash]uint64 // of blocks, where rows name their hash
	txs     map[chain.Hash]txFact
	places  map[chain.Pos]chain.Hash
	// numbers are the transactions that the address sent, nil where two of them
	// may have the same number.
	numbers map[uint64]chain.Hash
}

type blockFact struct {
	time int64
	hash chain.Hash // zero if no row tells it
}

type txFact struct {
	height uint64
	index  uint32
}

// mostFacts is how many transactions are kept in mind: where nobody set a limit
// a list may have any length.
const mostFacts = 200_000

// What is wrong with a row that contradicts another.
var (
	errBlock  = errors.New("two rows disagree about a block")
	errTx     = errors.New("two rows disagree about a transaction")
	errNumber = errors.New("two transactions of a sender have the same number")
)

func newFacts(numbered bool) *facts {
	f := &facts{
		blocks: map[uint64]blockFact{}, heights: map[chain.Hash]uint64{},
		txs: map[chain.Hash]txFact{}, places: map[chain.Pos]chain.Hash{},
	}
	if numbered {
		f.numbers = map[uint64]chain.Hash{}
	}
	return f
}

// numbersOnce reports whether no two transactions of a sender have the same
// number on a chain. On rollups those that come from below may.
func numbersOnce(id chain.ID) bool { return paysWhole(id) && id != "eip155:42161" }

// agree reports whether rows agree with each other and with what is known; it
// keeps nothing. f may be nil.
func (f *facts) agree(rows []row, a chain.Address, numbered bool) error {
	fresh := newFacts(numbered)
	for i := range rows {
		if f != nil {
			if err := f.doubt(&rows[i], a); err != nil {
				return err
			}
		}
		if err := fresh.doubt(&rows[i], a); err != nil {
			return err
		}
		fresh.learn(&rows[i], a)
	}
	return agreeOnHead(rows)
}

// doubt is what speaks against a row.
func (f *facts) doubt(r *row, a chain.Address) error {
	if r.genesis {
		return nil
	}
	height, none := r.tx.Pos.Height, chain.Hash{}
	if b, ok := f.blocks[height]; ok && (b.time != r.tx.Time || b.hash != r.block && b.hash != none && r.block != none) {
		return errBlock
	}
	if h, ok := f.heights[r.block]; ok && r.block != none && h != height {
		return errBlock
	}
	if t, ok := f.txs[r.tx.Hash]; ok && (t.height != height ||
		t.index != r.tx.Pos.Index && t.index != chain.UnknownIndex && r.tx.Pos.Index != chain.UnknownIndex) {
		return errTx
	}
	if h, ok := f.places[r.tx.Pos]; ok && r.tx.Pos.Index != chain.UnknownIndex && h != r.tx.Hash {
		return errTx
	}
	if h, ok := f.numbers[r.nonce]; ok && r.sentBy(a) && h != r.tx.Hash {
		return errNumber
	}
	return nil
}

// learn takes in a row.
func (f *facts) learn(r *row, a chain.Address) {
	if r.genesis {
		return
	}
	if len(f.txs) >= mostFacts {
		clear(f.blocks)
		clear(f.heights)
		clear(f.txs)
		clear(f.places)
		clear(f.numbers)
	}
	b := blockFact{time: r.tx.Time, hash: r.block}
	if had := f.blocks[r.tx.Pos.Height]; b.hash == (chain.Hash{}) {
		b.hash = had.hash
	}
	f.blocks[r.tx.Pos.Height] = b
	if r.block != (chain.Hash{}) {
		f.heights[r.block] = r.tx.Pos.Height
	}
	t := txFact{r.tx.Pos.Height, r.tx.Pos.Index}
	if had, ok := f.txs[r.tx.Hash]; ok && t.index == chain.UnknownIndex {
		t.index = had.index
	}
	f.txs[r.tx.Hash] = t
	if r.tx.Pos.Index != chain.UnknownIndex {
		f.places[r.tx.Pos] = r.tx.Hash
	}
	if f.numbers != nil && r.sentBy(a) {
		f.numbers[r.nonce] = r.tx.Hash
	}
}

// agreeOnHead holds rows against the head that each of them implies: its height
// and the number of blocks that confirm it. If most rows imply one head, those
// that do not are wrong; if they do not, the server does not count like that.
func agreeOnHead(rows []row) error {
	heads := map[uint64]int{}
	told, most := 0, 0
	for i := range rows {
		if head := rows[i].head; head != 0 {
			told++
			heads[head]++
			most = max(most, heads[head])
		}
	}
	if len(heads) > 1 && told == len(rows) && 2*most > told {
		return errBlock
	}
	return nil
}

// confirmed is the head that a row implies, 0 if it does not say.
func (w *wire) confirmed(height uint64) uint64 {
	n, err := strconv.ParseUint(w.Confirmations.text, 10, 63)
	if err != nil || height > math.MaxInt64-n {
		return 0
	}
	return height + n
}
