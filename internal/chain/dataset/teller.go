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
	amount                   chain.Amount
	inexact                  bool
}

// teller turns rows into transfers and gives the wanted ones to emit. Without a
// question it only checks rows. It belongs to one part.
type teller struct {
	chain           chain.ID
	check           checker
	hasTransactions bool
	question        *question
	// checkOnly says that the row touches no asked address.
	checkOnly bool
	emit      func(*chain.Transfer) error
	layout    *layout
	// untimed says that the file has no times: emit fills them in from the
	// blocks table.
	untimed bool
	// rows is how many transfers the part tells at most, 0 if that is not known.
	rows int64

	transfer chain.Transfer
	in, out  []chain.Entry
	// texts are the addresses of in and then of out, while they are bytes.
	texts [][]byte
	met   []face // texts, looked up
	path  []uint32
	faces []face
	// told counts the transfers of each asked address, by its place.
	told []uint32
}

// face is an address or token met lately: its text, and its part in the
// question. Looking it up once a row is most of the work of a row that hits.
type face struct {
	digest          uint64
	text            chain.Address
	place           int // of the asked address
	asked, answered bool
}

// faceCount is how many faces are kept; 16,384 are 0.6 MB a part.
const faceCount = 1 << 14

// face looks b up.
func (t *teller) face(b []byte) face {
	if len(b) == 0 {
		return face{}
	}
	if t.faces == nil {
		t.faces = make([]face, faceCount)
	}
	h := digest(b)
	f := &t.faces[h&(faceCount-1)]
	if f.digest == h && string(f.text) == string(b) {
		return *f
	}
	*f = face{digest: h}
	if f.place = t.question.asked.find(b, h); f.place >= 0 {
		f.text, f.asked = t.question.asked.texts[f.place], true
	} else {
		f.text = chain.Address(b)
	}
	f.answered = t.question.answered.find(b, h) >= 0
	return *f
}

// wants reports whether a transfer between the faces touches an asked address
// and none that was answered, and counts it.
func (t *teller) wants(faces ...face) bool {
	wanted := false
	for i := range faces {
		if faces[i].answered {
			return false
		}
		wanted = wanted || faces[i].asked
	}
	return wanted && t.below(faces)
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
	if t.checkOnly || !q.kinds.has(m.kind) || !q.Span.Has(t.transfer.Tx.Pos.Height) {
		return nil
	}
	from, to := t.face(m.from), t.face(m.to)
	if !t.wants(from, to) {
		return nil
	}
	tr := &t.transfer
	tr.Kind, tr.Ordinal, tr.Path, tr.Inexact = m.kind, m.ordinal, m.path, m.inexact
	tr.Asset = chain.Native
	if m.asset != nil {
		tr.Asset = chain.Asset(t.face(m.asset).text)
	}
	t.in, t.out = t.in[:0], t.out[:0]
	if !m.noFrom {
		t.in = append(t.in, chain.Entry{Address: from.text, Amount: m.amount, Contract: m.fromContract})
	}
	if !m.noTo {
		t.out = append(t.out, chain.Entry{Address: to.text, Amount: m.amount, Contract: m.toContract})
	}
	tr.In, tr.Out = t.in, t.out
	return t.emit(tr)
}

// outcome tells that a transaction failed, without moving anything.
func (t *teller) outcome(from, to []byte) error {
	q := t.question
	if t.checkOnly || !q.kinds.has(chain.NativeKind) || !q.Span.Has(t.transfer.Tx.Pos.Height) ||
		!t.wants(t.face(from), t.face(to)) {
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
	if t.checkOnly || !q.kinds.has(chain.Output) || !q.Span.Has(t.transfer.Tx.Pos.Height) {
		return nil
	}
	t.met = t.met[:0]
	for _, b := range t.texts {
		t.met = append(t.met, t.face(b))
	}
	if !t.wants(t.met...) {
		return nil
	}
	for i := range t.in {
		t.in[i].Address = t.met[i].text
	}
	for i := range t.out {
		t.out[i].Address = t.met[len(t.in)+i].text
	}
	tr := &t.transfer
	*tr = chain.Transfer{Tx: tr.Tx, Kind: chain.Output, Asset: chain.Native, In: t.in, Out: t.out}
	return t.emit(tr)
}

// below counts the transfer for each asked address and reports whether one of
// them has not passed the limit. One more than the limit is told, so that the
// caller sees that it was passed.
func (t *teller) below(faces []face) bool {
	open := t.question.Limit <= 0
	for i := range faces {
		if faces[i].asked && !seen(faces[:i], faces[i].place) && t.count(faces[i].place) {
			open = true
		}
	}
	return open
}

// count counts a transfer of one asked address and reports whether it has not
// passed the limit.
func (t *teller) count(place int) bool {
	limit := t.question.Limit
	if limit <= 0 || t.rows > 0 && int64(limit) >= t.rows {
		return true // no address can pass it in this part
	}
	if t.told == nil {
		t.told = make([]uint32, len(t.question.asked.texts))
	}
	t.told[place]++
	return int64(t.told[place]) <= int64(limit)+1
}

func seen(before []face, place int) bool {
	for i := range before {
		if before[i].asked && before[i].place == place {
			return true
		}
	}
	return false
}
