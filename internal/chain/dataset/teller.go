package dataset

import "github.com/scamtrace/scamtrace/internal/chain"

// movement is one account-chain transfer before it is known to be wanted: its
// addresses are still bytes of the row.
type movement struct {
	kind                     chain.Kind
	ordinal                  uint32
	path                     []uint32
	asset                    []byte // nil is the native coin
	from, to                 []byte
	noFrom, noTo             bool
	fromContract, toContract bool
	amount                   *chain.Amount
	inexact                  bool
}

// teller turns rows into transfers and gives the wanted ones to emit. Without a
// question it only checks rows. It belongs to one part.
type teller struct {
	chain           chain.ID
	check           checker
	hasTransactions bool
	question        *question
	emit            func(*chain.Transfer) error
	layout          *layout
	// untimed says that the file has no times: emit fills them in from the
	// blocks table.
	untimed bool

	transfer chain.Transfer
	in, out  []chain.Entry
	// texts are the addresses of in and then of out, while they are bytes.
	texts [][]byte
	path  []uint32
	names map[string]string
	told  map[chain.Address]int
}

// place fills the transfer's height and time.
func (t *teller) place(r *row, height, clock int) error {
	h, err := r.cells[height].whole()
	if err != nil {
		return r.fault(t.layout.columns[height].name, err)
	}
	t.transfer.Tx = chain.Tx{Pos: chain.Pos{Height: h, Index: chain.UnknownIndex}}
	if t.untimed {
		return nil
	}
	if t.transfer.Tx.Time, err = r.cells[clock].seconds(); err != nil {
		return r.fault(t.layout.columns[clock].name, err)
	}
	return nil
}

// transaction fills what every row of a transaction tells.
func (t *teller) transaction(r *row, hash, height, clock, index int) error {
	if err := t.place(r, height, clock); err != nil {
		return err
	}
	var err error
	tx := &t.transfer.Tx
	if tx.Hash, err = r.cells[hash].hash(); err != nil {
		return r.fault(t.layout.columns[hash].name, err)
	}
	if tx.Pos.Index, err = r.cells[index].index(chain.UnknownIndex); err != nil {
		return r.fault(t.layout.columns[index].name, err)
	}
	return nil
}

// address reads and checks an address; nil where the row has none.
func (t *teller) address(r *row, at int, name string) ([]byte, error) {
	b, err := r.cells[at].address()
	if err == nil && b != nil {
		err = t.check(b)
	}
	if err != nil {
		return nil, r.fault(name, err)
	}
	return b, nil
}

func (t *teller) addressGiven(r *row, at int, name string) ([]byte, error) {
	b, err := t.address(r, at, name)
	if err == nil && b == nil {
		err = r.fault(name, errMissing)
	}
	return b, err
}

// account emits one movement if the question wants it.
func (t *teller) account(m movement) error {
	q := t.question
	if q == nil || !q.kinds.has(m.kind) || !q.Span.Has(t.transfer.Tx.Pos.Height) {
		return nil
	}
	if !q.wants(m.from, m.to) || !t.below(m.from, m.to) {
		return nil
	}
	tr := &t.transfer
	tr.Kind, tr.Ordinal, tr.Path, tr.Inexact = m.kind, m.ordinal, m.path, m.inexact
	tr.Asset = chain.Native
	if m.asset != nil {
		tr.Asset = chain.Asset(t.name(m.asset))
	}
	t.in, t.out = t.in[:0], t.out[:0]
	if !m.noFrom {
		t.in = append(t.in, chain.Entry{Address: t.addressText(m.from), Amount: *m.amount, Contract: m.fromContract})
	}
	if !m.noTo {
		t.out = append(t.out, chain.Entry{Address: t.addressText(m.to), Amount: *m.amount, Contract: m.toContract})
	}
	tr.In, tr.Out = t.in, t.out
	return t.emit(tr)
}

// outcome tells that a transaction failed, without moving anything.
func (t *teller) outcome(from, to []byte) error {
	q := t.question
	if q == nil || !q.kinds.has(chain.NativeKind) || !q.Span.Has(t.transfer.Tx.Pos.Height) ||
		!q.wants(from, to) || !t.below(from, to) {
		return nil
	}
	tr := &t.transfer
	*tr = chain.Transfer{Tx: tr.Tx, Kind: chain.NativeKind, Asset: chain.Native}
	return t.emit(tr)
}

// whole emits the transaction of a UTXO chain in t.in and t.out if the question
// wants it.
func (t *teller) whole() error {
	q := t.question
	if q == nil || !q.kinds.has(chain.Output) || !q.Span.Has(t.transfer.Tx.Pos.Height) {
		return nil
	}
	if !q.wants(t.texts...) || !t.below(t.texts...) {
		return nil
	}
	for i, a := range t.texts {
		if i < len(t.in) {
			t.in[i].Address = t.addressText(a)
		} else {
			t.out[i-len(t.in)].Address = t.addressText(a)
		}
	}
	tr := &t.transfer
	*tr = chain.Transfer{Tx: tr.Tx, Kind: chain.Output, Asset: chain.Native, In: t.in, Out: t.out}
	return t.emit(tr)
}

// below counts the transfer for each asked address and reports whether one of
// them has not passed the limit. One more than the limit is told, so that the
// caller sees that it was passed.
func (t *teller) below(addresses ...[]byte) bool {
	limit := t.question.Limit
	if limit <= 0 {
		return true
	}
	if t.told == nil {
		t.told = map[chain.Address]int{}
	}
	open := false
	for i, a := range addresses {
		if _, asked := t.question.Addresses[chain.Address(a)]; !asked || seen(addresses[:i], a) {
			continue
		}
		n := t.told[chain.Address(a)]
		open = open || n <= limit
		t.told[chain.Address(a)] = n + 1
	}
	return open
}

func seen(before [][]byte, a []byte) bool {
	for _, b := range before {
		if string(b) == string(a) {
			return true
		}
	}
	return false
}

func (t *teller) addressText(b []byte) chain.Address { return chain.Address(t.name(b)) }

// name is the text of b. Addresses and tokens repeat, so recent ones are kept;
// 65,536 of them are some 8 MB.
func (t *teller) name(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := t.names[string(b)]; ok {
		return s
	}
	if t.names == nil || len(t.names) >= 1<<16 {
		t.names = make(map[string]string, 1<<10)
	}
	s := string(b)
	t.names[s] = s
	return s
}
