package replay

import (
	"fmt"

	"github.com/btcsuite/btcd/chainhash/v2"

	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/synth/dice"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Bitcoin makes the Bitcoin transactions of a play again in regtest. Blocks have
// the times that the play wants; there are only those in which something
// happens.
type Bitcoin struct {
	story   *btcnode.Story
	seed    uint64
	parties map[world.Party]*btcnode.Party
	coins   map[outpoint]btcnode.Coin // unspent
	hashes  []chainhash.Hash          // of transactions, by number
	height  int64                     // of the play's open block
	time    int64                     // of it
	index   int                       // of the next transaction, after the coinbase
}

// outpoint is an output by the number of its transaction.
type outpoint struct {
	tx    int64
	index int
}

const (
	// before is how many blocks there are before a play. Coinbases of a hundred
	// wait, and the others are 7,450 bitcoin.
	before = 250
	// after is how many there are after it, so that it is final.
	after = 6
	// interval is between these blocks, in seconds.
	interval = 600
)

func newBitcoin(start int64, seed uint64) *Bitcoin {
	return &Bitcoin{
		story: btcnode.Blank(before, start-interval), seed: seed, parties: map[world.Party]*btcnode.Party{},
		coins: map[outpoint]btcnode.Coin{},
	}
}

// party is who has the key of an address. A third use P2PKH, the others P2WPKH.
func (b *Bitcoin) party(p world.Party) *btcnode.Party {
	if b.parties[p] == nil {
		b.parties[p] = b.story.Party(fmt.Sprintf("replay %d party %d", b.seed, p), dice.Mix(b.seed^dice.Mix(uint64(p)))%3 == 0)
	}
	return b.parties[p]
}

// note is what outputs without money say.
const note = "hello world"

// Execute makes a transaction and fills in its Height and Index.
func (b *Bitcoin) Execute(tx *world.BitcoinTx) error {
	if tx.Height != b.height {
		b.mine()
		b.height, b.time, b.index = tx.Height, tx.Time, 1
	}
	tx.Height, tx.Index = int64(b.story.Height())+1, b.index
	b.index++
	hash, made, err := b.make(tx)
	if err != nil {
		return fmt.Errorf("Bitcoin transaction %d: %w", tx.Number, err)
	}
	if int64(len(b.hashes)) != tx.Number {
		return fmt.Errorf("Bitcoin transaction %d comes after %d others", tx.Number, len(b.hashes))
	}
	b.hashes = append(b.hashes, hash)
	for i, o := range tx.Out {
		if o.To != 0 {
			b.coins[outpoint{tx.Number, i}] = made[i]
		}
	}
	return nil
}

func (b *Bitcoin) make(tx *world.BitcoinTx) (chainhash.Hash, []btcnode.Coin, error) {
	if len(tx.In) == 0 && len(tx.Out) == 1 {
		hash, c, err := b.story.Grant(b.party(tx.Out[0].To), tx.Out[0].Value)
		return hash, []btcnode.Coin{c}, err
	}
	var from []btcnode.Coin
	for _, c := range tx.In {
		k := outpoint{c.Tx, c.Index}
		coin, ok := b.coins[k]
		if !ok {
			return chainhash.Hash{}, nil, fmt.Errorf("it spends output %d of transaction %d, which is not there", c.Index, c.Tx)
		}
		delete(b.coins, k)
		from = append(from, coin)
	}
	var to []btcnode.Payment
	for _, o := range tx.Out {
		if o.To == 0 {
			to = append(to, btcnode.Payment{Value: o.Value, Text: note})
		} else {
			to = append(to, btcnode.Payment{To: b.party(o.To), Value: o.Value})
		}
	}
	return b.story.Spend(from, to)
}

// mine ends the open block.
func (b *Bitcoin) mine() {
	if b.height != 0 {
		b.story.Mine(b.time)
	}
}

// finish ends the open block and lets some others follow.
func (b *Bitcoin) finish() {
	b.mine()
	for n := range int64(after) {
		b.story.Mine(b.time + (n+1)*interval)
	}
}
