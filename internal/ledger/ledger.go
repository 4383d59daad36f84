package ledger

import (
	"bytes"
	"fmt"
	"math"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Ledger collects the transfers of one chain while a crawl goes on. It is used
// by one goroutine at a time.
type Ledger struct {
	chain     chain.Chain
	addresses *interner
	assets    *interner
	txs       txs
	columns
	// Crawl lists: the entries of an address on each side, newest first.
	heads       []head   // per address
	next        []uint32 // entry+1 per entry
	owner       []uint32 // transfer of each entry, for UTXO chains
	contract    []bool   // per address
	isAsset     []bool   // per address: it issued a token met here
	buf         []byte
	nameless    AddressID // the empty address, if hasNameless
	hasNameless bool
	near        uint64      // see AddBatch
	lastAsset   chain.Asset // the asset of the transfer before
	lastAssetID AssetID
}

// head is where the lists of an address begin.
type head struct {
	payer, payee uint32 // entry+1, 0 for none
	degree       uint32 // how many entries name the address
}

// New returns an empty ledger for the chain.
func New(c chain.Chain) *Ledger {
	return &Ledger{
		chain: c, addresses: newInterner(0), assets: newInterner(0),
		txs: txs{family: c.Family, hashes: newInterner(len(chain.Hash{}))}, columns: newColumns(c.Family), buf: make([]byte, 128),
	}
}

// Chain is the chain of the ledger.
func (l *Ledger) Chain() chain.Chain { return l.chain }

// Len is the number of transfers added, repeated ones included.
func (l *Ledger) Len() int { return len(l.tx) }

// Addresses is the number of addresses met.
func (l *Ledger) Addresses() int { return l.addresses.len() }

// Address interns an address.
func (l *Ledger) Address(a chain.Address) AddressID {
	key := packed(l.buf, a)
	return l.addressHashed(key, l.addresses.hash(key))
}

func (l *Ledger) addressHashed(key []byte, hash uint64) AddressID {
	id, fresh := l.addresses.internHashed(key, hash)
	if fresh {
		l.heads = append(l.heads, head{})
		if len(key) == 0 {
			l.nameless, l.hasNameless = AddressID(id), true
		}
		l.contract = append(l.contract, false)
		l.isAsset = append(l.isAsset, false)
	}
	return AddressID(id)
}

// Text is the address of an id.
func (l *Ledger) Text(id AddressID) chain.Address { return unpacked(l.addresses.key(uint32(id))) }

// Asset is the asset of an id.
func (l *Ledger) Asset(id AssetID) chain.Asset { return chain.Asset(l.assets.key(uint32(id))) }

// Contract reports whether the address is known to carry code: it was created,
// it called, or it issued a token. The null address counts as one.
func (l *Ledger) Contract(id AddressID) bool {
	return l.contract[id] || l.isAsset[id] || isNull(l.addresses.key(uint32(id)))
}

// Compare orders two addresses by their text.
func (l *Ledger) Compare(a, b AddressID) int {
	return compareAddress(l.addresses.key(uint32(a)), l.addresses.key(uint32(b)))
}

// CompareTx orders two transactions by their hash.
func (l *Ledger) CompareTx(a, b TxID) int {
	return bytes.Compare(l.txs.hashes.key(uint32(a)), l.txs.hashes.key(uint32(b)))
}

// Nameless reports whether the id stands for outputs without an address.
func (l *Ledger) Nameless(id AddressID) bool { return l.hasNameless && id == l.nameless }

// Assets is the number of assets met.
func (l *Ledger) Assets() int { return l.assets.len() }

// Add checks a transfer and appends it; nothing of t is kept. The error wraps
// chain.ErrContradiction when the transfer cannot be true (it creates value, or
// it disagrees with what was told of its transaction) and chain.ErrInput when
// it is malformed.
func (l *Ledger) Add(t *chain.Transfer) error {
	if err := l.check(t); err != nil {
		return err
	}
	tx, err := l.txs.add(&t.Tx)
	if err != nil {
		return err
	}
	if len(t.In)+len(t.Out) == 0 {
		return nil
	}
	ordinal := t.Ordinal
	if t.Kind == chain.Internal {
		ordinal = l.paths.add(t.Path)
	}
	if err := l.addHead(tx, t.Asset, t.Kind, ordinal, t.Inexact); err != nil {
		return err
	}
	if l.pairs {
		l.addPair(t)
	} else {
		l.addEntries(t)
	}
	return nil
}

// addHead appends what a transfer has beside its entries.
func (l *Ledger) addHead(tx TxID, asset chain.Asset, kind chain.Kind, ordinal uint32, inexact bool) error {
	if len(l.tx) >= math.MaxUint32/8 {
		return fmt.Errorf("more than %d transfers in one run: narrow the case or set crawl.budget", math.MaxUint32/8)
	}
	l.tx = append(l.tx, tx)
	l.kind = append(l.kind, kind)
	l.ordinal = append(l.ordinal, ordinal)
	l.asset = append(l.asset, l.internAsset(asset))
	l.inexact = append(l.inexact, inexact)
	return nil
}

// internAsset interns an asset, which mostly is that of the transfer before.
func (l *Ledger) internAsset(a chain.Asset) AssetID {
	if a == l.lastAsset {
		return l.lastAssetID
	}
	id, fresh := l.assets.intern(append(l.buf[:0], a...))
	if fresh && a != chain.Native {
		l.isAsset[l.Address(chain.Address(a))] = true
	}
	l.lastAsset, l.lastAssetID = a, AssetID(id)
	return AssetID(id)
}

// pays puts an entry at the head of what the address pays and returns the one
// that was there.
func (l *Ledger) pays(a AddressID, entry uint32) (next uint32) {
	h := &l.heads[a]
	next, h.payer = h.payer, entry+1
	h.degree++
	return next
}

// gets is pays for what the address receives.
func (l *Ledger) gets(a AddressID, entry uint32) (next uint32) {
	h := &l.heads[a]
	next, h.payee = h.payee, entry+1
	h.degree++
	return next
}

// addPair appends the entries of an account-chain transfer.
func (l *Ledger) addPair(t *chain.Transfer) {
	var amount *chain.Amount
	var payer, payee AddressID
	n := uint32(len(l.address))
	l.next = append(l.next, 0, 0)
	if len(t.In) > 0 {
		payer, amount = l.party(&t.In[0]), &t.In[0].Amount
		l.next[n] = l.pays(payer, n)
	}
	if len(t.Out) > 0 {
		payee, amount = l.party(&t.Out[0]), &t.Out[0].Amount
		l.next[n+1] = l.gets(payee, n+1)
	}
	l.address = append(l.address, payer, payee)
	l.amount.add(amount, true)
}

// addEntries appends the entries of a UTXO transfer.
func (l *Ledger) addEntries(t *chain.Transfer) {
	transfer := uint32(len(l.tx) - 1)
	add := func(e *chain.Entry, maker TxID) (a AddressID) {
		a = l.party(e)
		l.address = append(l.address, a)
		l.amount.add(&e.Amount, !e.AmountUnknown)
		l.owner = append(l.owner, transfer)
		l.place = append(l.place, e.Index)
		l.spendsTx = append(l.spendsTx, maker)
		l.spendsAt = append(l.spendsAt, e.Spends.Index)
		return a
	}
	for i := range t.In {
		a := add(&t.In[i], l.txs.stub(t.In[i].Spends.Tx))
		l.next = append(l.next, l.pays(a, uint32(len(l.address)-1)))
	}
	l.mid = append(l.mid, uint32(len(l.address)))
	for i := range t.Out {
		a := add(&t.Out[i], 0)
		l.next = append(l.next, l.gets(a, uint32(len(l.address)-1)))
	}
	l.first = append(l.first, uint32(len(l.address)))
}

// party interns the address of an entry.
func (l *Ledger) party(e *chain.Entry) AddressID {
	a := l.Address(e.Address)
	if e.Contract {
		l.contract[a] = true
	}
	return a
}

// check refuses what cannot be a transfer on this chain.
func (l *Ledger) check(t *chain.Transfer) error {
	bad := func(kind error, format string, args ...any) error {
		return fmt.Errorf("%w: transaction %s: %s", kind, t.Tx.Hash.Text(l.chain.Family), fmt.Sprintf(format, args...))
	}
	if len(t.In)+len(t.Out) == 0 {
		return nil
	}
	if t.Asset == "" {
		return bad(chain.ErrInput, "a transfer without an asset")
	}
	if t.Kind == chain.Token && t.Asset == chain.Native {
		return bad(chain.ErrInput, "a token transfer without a contract")
	}
	if l.chain.Family == chain.UTXO {
		if t.Kind != chain.Output {
			return bad(chain.ErrInput, "a %s transfer on a UTXO chain", t.Kind)
		}
		return l.conserves(t.In, t.Out, bad)
	}
	wantIn, wantOut := 1, 1
	switch t.Kind {
	case chain.Fee:
		wantOut = 0
	case chain.Reward:
		wantIn = 0
	case chain.NativeKind, chain.Internal, chain.Token:
	default:
		return bad(chain.ErrInput, "a %s transfer on an account chain", t.Kind)
	}
	if len(t.In) != wantIn || len(t.Out) != wantOut {
		return bad(chain.ErrInput, "a %s transfer with %d payers and %d payees", t.Kind, len(t.In), len(t.Out))
	}
	for _, side := range [][]chain.Entry{t.In, t.Out} {
		for i := range side {
			if side[i].AmountUnknown {
				return bad(chain.ErrInput, "a %s transfer of an unknown amount", t.Kind)
			}
		}
	}
	if wantIn+wantOut == 2 && t.In[0].Amount != t.Out[0].Amount {
		return bad(chain.ErrContradiction, "%s leaves %s and %s arrives", t.Kind, t.In[0].Amount.Dec(), t.Out[0].Amount.Dec())
	}
	return nil
}

// conserves checks a Bitcoin transaction: its outputs are at most its inputs.
// A coinbase has no inputs and is the only one that may create value.
func (l *Ledger) conserves(in, out []chain.Entry, bad func(error, string, ...any) error) error {
	if len(in) == 0 {
		return nil
	}
	paid, known, over := total(in)
	got, _, overToo := total(out)
	switch {
	case over || overToo:
		return bad(chain.ErrInput, "it moves more than 2^256-1")
	case known && got.Gt(&paid): // else decided at Seal, when the outputs it spends may be known
		return bad(chain.ErrContradiction, "it creates value: inputs %s, outputs %s", paid.Dec(), got.Dec())
	}
	return nil
}

// total adds up the known amounts of one side.
func total(side []chain.Entry) (sum chain.Amount, known, over bool) {
	known = true
	for i := range side {
		if side[i].AmountUnknown {
			known = false
		} else if _, over = sum.AddOverflow(&sum, &side[i].Amount); over {
			break
		}
	}
	return sum, known, over
}

// FindTx returns the transaction of a hash.
func (l *Ledger) FindTx(h chain.Hash) (TxID, bool) {
	id, found := l.txs.hashes.find(h[:])
	return TxID(id), found && l.txs.fact(TxID(id)).told
}
