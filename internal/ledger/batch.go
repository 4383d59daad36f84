package ledger

import (
	"hash/maphash"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// batchSize is how many transfers a Batch holds: 50 KB, so that they stay near.
const batchSize = 256

// Batch gathers transfers for one ledger, so that workers can make them ready
// side by side and the ledger only has to look them up. Each worker has a batch
// of its own.
type Batch struct {
	l    *Ledger
	list []prepared
	buf  []byte
}

// prepared is a checked account-chain transfer whose keys are packed and hashed.
type prepared struct {
	tx                       chain.Tx
	amount                   chain.Amount
	hash, payer, payee       uint64
	from, to                 [20]byte
	asset                    chain.Asset
	ordinal                  uint32
	kind                     chain.Kind
	inexact                  bool
	fromContract, toContract bool
}

// NewBatch returns an empty batch for the ledger.
func (l *Ledger) NewBatch() *Batch {
	return &Batch{l: l, list: make([]prepared, 0, batchSize), buf: make([]byte, 128)}
}

// Take checks a transfer and puts it into the batch; nothing of t is kept. It is
// false when t needs Ledger.Add, because it is of a rarer sort, or is wrong; and
// when the batch is full. It may run beside any method of the ledger.
func (b *Batch) Take(t *chain.Transfer) bool {
	l := b.l
	if len(b.list) == batchSize || !l.pairs || len(t.In) != 1 || len(t.Out) != 1 || t.Kind == chain.Internal || l.check(t) != nil {
		return false
	}
	b.list = b.list[:len(b.list)+1]
	p := &b.list[len(b.list)-1]
	from, to := &t.In[0], &t.Out[0]
	if !pack20(&p.from, from.Address) || !pack20(&p.to, to.Address) {
		b.list = b.list[:len(b.list)-1]
		return false
	}
	p.tx, p.amount, p.asset, p.ordinal, p.kind, p.inexact = t.Tx, to.Amount, t.Asset, t.Ordinal, t.Kind, t.Inexact
	p.fromContract, p.toContract = from.Contract, to.Contract
	p.hash = maphash.Bytes(l.txs.hashes.seed, p.tx.Hash[:])
	p.payer, p.payee = maphash.Bytes(l.addresses.seed, p.from[:]), maphash.Bytes(l.addresses.seed, p.to[:])
	return true
}

// AddBatch adds what the batch holds, as Add does, and empties it.
func (l *Ledger) AddBatch(b *Batch) error {
	list := b.list
	b.list = b.list[:0]
	// Reading the slots first, with nothing to wait for, brings them near at
	// once instead of one after the other.
	var near uint64
	for i := range list {
		p := &list[i]
		near += l.txs.hashes.slots[l.txs.hashes.home(p.hash)]
		near += l.addresses.slots[l.addresses.home(p.payer)] + l.addresses.slots[l.addresses.home(p.payee)]
	}
	for i := range list {
		near += l.approach(list[i].payer) + l.approach(list[i].payee)
	}
	l.near = near
	for i := range list {
		if err := l.addPrepared(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// approach reads what is there of the address with this hash, most probably.
func (l *Ledger) approach(hash uint64) uint64 {
	t := l.addresses
	s := t.slots[t.home(hash)]
	if s>>32 != hash>>32 || s == 0 {
		return 0
	}
	id := uint32(s) - 1
	near := uint64(l.heads[id].degree)
	if k := t.key(id); len(k) > 0 {
		near += uint64(k[0])
	}
	return near
}

func (l *Ledger) addPrepared(p *prepared) error {
	tx, err := l.txs.addHashed(&p.tx, p.hash)
	if err != nil {
		return err
	}
	if err := l.addHead(tx, p.asset, p.kind, p.ordinal, p.inexact); err != nil {
		return err
	}
	payer, payee := l.addressHashed(p.from[:], p.payer), l.addressHashed(p.to[:], p.payee)
	if p.fromContract {
		l.contract[payer] = true
	}
	if p.toContract {
		l.contract[payee] = true
	}
	n := uint32(len(l.address))
	l.next = append(l.next, l.pays(payer, n), l.gets(payee, n+1))
	l.address = append(l.address, payer, payee)
	l.amount.add(&p.amount, true)
	return nil
}
