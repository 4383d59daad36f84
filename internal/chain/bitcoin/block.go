package bitcoin

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Input spends an output. Its bytes are parts of what was parsed.
type Input struct {
	Spends  chain.Outpoint
	Script  []byte
	Witness [][]byte
}

// Output is an amount in satoshi and the script that locks it. The script is
// part of what was parsed.
type Output struct {
	Value  uint64
	Script []byte
}

// Transaction is a parsed transaction. Its hash was computed from its bytes.
type Transaction struct {
	Hash    chain.Hash
	Inputs  []Input
	Outputs []Output
}

// Coinbase reports whether the transaction makes new coins.
func (t *Transaction) Coinbase() bool {
	return len(t.Inputs) == 1 && t.Inputs[0].Spends == chain.Outpoint{Index: ^uint32(0)}
}

// Block is a parsed block. Its hash was computed from its header, and the
// header's merkle root and the coinbase's witness commitment were found to be
// those of its transactions.
type Block struct {
	Hash, Previous chain.Hash
	Time           int64
	Transactions   []Transaction
}

// headerLength is the size of a block header, maxMoney the number of satoshi
// that there can be.
const (
	headerLength = 80
	maxMoney     = 21_000_000 * 100_000_000
)

var (
	errShort     = errors.New("it is cut off")
	errTrailing  = errors.New("something follows its end")
	errMerkle    = errors.New("its transactions are not those that its header names")
	errWitnesses = errors.New("its witnesses are not those that its coinbase names")
	errMoney     = errors.New("an output is worth more than there is")
)

// reader takes serialized transactions apart.
type reader struct {
	b        []byte
	at       int // the next byte
	sum      hash.Hash
	inputs   []Input
	outputs  []Output
	items    [][]byte
	first    [sha256.Size]byte
	overflow bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > r.left() {
		r.overflow, r.at = true, len(r.b)
		return nil
	}
	r.at += n
	return r.b[r.at-n : r.at : r.at]
}

// left is how many bytes follow.
func (r *reader) left() int { return len(r.b) - r.at }

func (r *reader) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *reader) u64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// count reads the number of things of at least size bytes each that follow.
func (r *reader) count(size int) int {
	b := r.take(1)
	if b == nil {
		return 0
	}
	n := uint64(b[0])
	switch b[0] {
	case 0xfd:
		if b = r.take(2); b != nil {
			n = uint64(binary.LittleEndian.Uint16(b))
		}
	case 0xfe:
		n = uint64(r.u32())
	case 0xff:
		n = r.u64()
	}
	if n > uint64(r.left()/size) {
		r.overflow, r.at = true, len(r.b)
		return 0
	}
	return int(n)
}

func (r *reader) bytes() []byte { return r.take(r.count(1)) }

// double is the double SHA-256 of the parts, in the order of the chain's bytes.
func (r *reader) double(parts ...[]byte) (out [sha256.Size]byte) {
	r.sum.Reset()
	for _, p := range parts {
		r.sum.Write(p)
	}
	r.first = [sha256.Size]byte(r.sum.Sum(r.first[:0]))
	return sha256.Sum256(r.first[:])
}

// transaction reads one; witnessed is the hash of all its bytes.
func (r *reader) transaction() (t Transaction, plain, witnessed [sha256.Size]byte, err error) {
	begin := r.at
	version := r.take(4)
	segwit := r.left() >= 2 && r.b[r.at] == 0 && r.b[r.at+1] == 1
	if segwit {
		r.take(2)
	}
	inputs := r.at
	n := r.count(41)
	from := len(r.inputs)
	for range n {
		var in Input
		copy(in.Spends.Tx[:], r.take(sha256.Size))
		slices.Reverse(in.Spends.Tx[:])
		in.Spends.Index = r.u32()
		in.Script = r.bytes()
		r.u32()
		r.inputs = append(r.inputs, in)
	}
	t.Inputs = r.inputs[from:len(r.inputs):len(r.inputs)]
	n = r.count(9)
	from = len(r.outputs)
	for range n {
		out := Output{Value: r.u64(), Script: r.bytes()}
		if out.Value > maxMoney {
			return t, plain, witnessed, errMoney
		}
		r.outputs = append(r.outputs, out)
	}
	t.Outputs = r.outputs[from:len(r.outputs):len(r.outputs)]
	body := r.b[inputs:r.at]
	if segwit {
		for i := range t.Inputs {
			n = r.count(1)
			from = len(r.items)
			for range n {
				r.items = append(r.items, r.bytes())
			}
			t.Inputs[i].Witness = r.items[from:len(r.items):len(r.items)]
		}
	}
	lock := r.take(4)
	if r.overflow {
		return t, plain, witnessed, errShort
	}
	if len(t.Inputs) == 0 {
		return t, plain, witnessed, errors.New("it has no inputs")
	}
	plain = r.double(version, body, lock)
	witnessed = plain
	if segwit {
		witnessed = r.double(r.b[begin:r.at])
	}
	t.Hash = chain.Hash(plain)
	slices.Reverse(t.Hash[:])
	return t, plain, witnessed, nil
}

// ParseTransaction reads a serialized transaction.
func ParseTransaction(raw []byte) (Transaction, error) {
	r := reader{b: raw, sum: sha256.New()}
	t, _, _, err := r.transaction()
	if err == nil && r.left() > 0 {
		err = errTrailing
	}
	if err != nil {
		return Transaction{}, fmt.Errorf("transaction: %w", err)
	}
	return t, nil
}

// ParseBlock reads a serialized block and proves that it is whole.
func ParseBlock(raw []byte) (*Block, error) {
	r := reader{b: raw, sum: sha256.New()}
	header := r.take(headerLength)
	n := r.count(10)
	if r.overflow || n == 0 {
		return nil, fmt.Errorf("block: %w", errShort)
	}
	b := &Block{Hash: HeaderHash([headerLength]byte(header)), Time: int64(binary.LittleEndian.Uint32(header[68:]))}
	copy(b.Previous[:], header[4:36])
	slices.Reverse(b.Previous[:])
	// As many as blocks mostly have, so that the lists need not grow.
	r.inputs = make([]Input, 0, len(raw)/200)
	r.outputs = make([]Output, 0, len(raw)/150)
	r.items = make([][]byte, 0, len(raw)/150)
	b.Transactions = make([]Transaction, n)
	plain := make([][sha256.Size]byte, n)
	witnessed := make([][sha256.Size]byte, n)
	for i := range b.Transactions {
		var err error
		if b.Transactions[i], plain[i], witnessed[i], err = r.transaction(); err != nil {
			return nil, fmt.Errorf("block: transaction %d: %w", i, err)
		}
	}
	if r.left() > 0 {
		return nil, fmt.Errorf("block: %w", errTrailing)
	}
	if root, ok := merkleRoot(plain); !ok || root != [sha256.Size]byte(header[36:68]) {
		return nil, fmt.Errorf("block: %w", errMerkle)
	}
	if !witnessesHold(b, witnessed) {
		return nil, fmt.Errorf("block: %w", errWitnesses)
	}
	return b, nil
}

// HeaderHash is the hash of a block with this header.
func HeaderHash(header [headerLength]byte) chain.Hash {
	first := sha256.Sum256(header[:])
	h := chain.Hash(sha256.Sum256(first[:]))
	slices.Reverse(h[:])
	return h
}

// MerkleRoot is what a header must say of the transactions of its block.
func MerkleRoot(transactions []chain.Hash) (root chain.Hash, ok bool) {
	hashes := make([][sha256.Size]byte, len(transactions))
	for i, h := range transactions {
		hashes[i] = h
		slices.Reverse(hashes[i][:])
	}
	sum, ok := merkleRoot(hashes)
	root = sum
	slices.Reverse(root[:])
	return root, ok
}

// merkleRoot computes in place. It is not ok if two neighbours are equal: then
// the list can have been grown without changing the root (CVE-2012-2459).
func merkleRoot(hashes [][sha256.Size]byte) (root [sha256.Size]byte, ok bool) {
	if len(hashes) == 0 {
		return root, false
	}
	var pair [2 * sha256.Size]byte
	for n := len(hashes); n > 1; n = (n + 1) / 2 {
		for i := 0; i < n; i += 2 {
			right := min(i+1, n-1)
			if right > i && hashes[i] == hashes[right] {
				return root, false
			}
			copy(pair[:], hashes[i][:])
			copy(pair[sha256.Size:], hashes[right][:])
			first := sha256.Sum256(pair[:])
			hashes[i/2] = sha256.Sum256(first[:])
		}
	}
	return hashes[0], true
}

// witnessesHold checks the commitment of BIP-141, if there is one.
func witnessesHold(b *Block, witnessed [][sha256.Size]byte) bool {
	magic := [6]byte{0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed}
	coinbase := &b.Transactions[0]
	for i := len(coinbase.Outputs) - 1; i >= 0; i-- {
		script := coinbase.Outputs[i].Script
		if len(script) < 38 || [6]byte(script) != magic {
			continue
		}
		in := coinbase.Inputs[0]
		if len(in.Witness) != 1 || len(in.Witness[0]) != sha256.Size {
			return !anyWitness(b.Transactions)
		}
		witnessed[0] = [sha256.Size]byte{}
		root, ok := merkleRoot(witnessed)
		first := sha256.Sum256(append(root[:], in.Witness[0]...))
		return ok && sha256.Sum256(first[:]) == [sha256.Size]byte(script[6:38])
	}
	return !anyWitness(b.Transactions)
}

func anyWitness(txs []Transaction) bool {
	return slices.ContainsFunc(txs, func(t Transaction) bool {
		return slices.ContainsFunc(t.Inputs, func(in Input) bool { return len(in.Witness) > 0 })
	})
}

// Header is what a node's JSON says of a block header, enough to compute the
// block's hash from it.
type Header struct {
	Version          int32
	Previous, Merkle chain.Hash
	Time             int64
	Bits             string // hex
	Nonce            uint32
}

// Hash is the hash of the block with this header.
func (h Header) Hash() (chain.Hash, error) {
	var b [headerLength]byte
	binary.LittleEndian.PutUint32(b[:], uint32(h.Version))
	previous, merkle := h.Previous, h.Merkle
	slices.Reverse(previous[:])
	slices.Reverse(merkle[:])
	copy(b[4:], previous[:])
	copy(b[36:], merkle[:])
	binary.LittleEndian.PutUint32(b[68:], uint32(h.Time))
	bits, err := hex.DecodeString(h.Bits)
	if err != nil || len(bits) != 4 {
		return chain.Hash{}, fmt.Errorf("bits %q are not 4 bytes", h.Bits)
	}
	slices.Reverse(bits)
	copy(b[72:], bits)
	binary.LittleEndian.PutUint32(b[76:], h.Nonce)
	return HeaderHash(b), nil
}

// Genesis reports whether a chain can begin with this block: a CAIP-2
// identifier of the namespace bip122 is the first half of its hash.
func Genesis(c chain.Chain, hash string) bool {
	const half = 32
	return len(hash) >= half && string(c.ID) == "bip122:"+hash[:half]
}
