package dataset

import (
	"math"

	"github.com/parquet-go/parquet-go"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// tokenScan tells rows of token_transfers column by column instead of row by
// row: the table is the biggest, and a crawl reads it once a round. It tells
// only runs of rows that are as they should be; at the first doubt the rows are
// told one by one, so that an error is found in the same place.
type tokenScan struct {
	asset, from, to, value, hash, log, height, clock *view
	index                                            *view // nil if the file has none
	views                                            []*view

	rows  []int64 // of the run that are wanted
	moves []tokenMove
	texts []byte // payer and payee of each
	told  int    // how many moves were made of the window
	known [64]chain.Asset

	keys, stack []byte // see shelf
}

// tokenMove is one row of a run.
type tokenMove struct {
	tx      chain.Tx
	asset   chain.Asset
	value   chain.Amount
	ordinal uint32
	inexact bool
	// Where the payer begins in texts, and where payer and payee end.
	begin int
	cuts  [2]int
	// Their places among the asked, or -1.
	payer, payee int
}

// newTokenScan is nil where the rows have to be told one by one.
func newTokenScan(s *groupScan) *tokenScan {
	t := s.teller
	if s.file.layout.table != "token_transfers" || t.untimed || t.checkOnly ||
		!t.question.kinds.has(chain.Token) || len(s.cursors) > 0 {
		return nil
	}
	k := &tokenScan{}
	places := map[int]**view{
		tokAsset: &k.asset, tokFrom: &k.from, tokTo: &k.to, tokValue: &k.value, tokHash: &k.hash,
		tokLog: &k.log, tokHeight: &k.height, tokTime: &k.clock, tokIndex: &k.index,
	}
	for _, v := range s.views {
		if place := places[v.leaf.column]; place != nil {
			*place = v
			k.views = append(k.views, v)
		}
	}
	t.rows = s.group.NumRows()
	return k
}

// tell tells the rows from a on that hit, all in the current pages of the keys.
func (k *tokenScan) tell(s *groupScan, a int64, hits []bool) error {
	for i := 0; i < len(hits); {
		if !hits[i] {
			i++
			continue
		}
		end := a + int64(len(hits))
		for _, v := range k.views {
			if err := v.load(a + int64(i)); err != nil {
				s.row.line = s.base + a + int64(i) + 1
				return s.row.fault(v.leaf.name, err)
			}
			end = min(end, v.end)
		}
		n := int(end - a)
		if !k.read(s.teller, a, hits[:n], i) {
			for ; i < n; i++ {
				if hits[i] {
					if err := s.tell(a + int64(i)); err != nil {
						return err
					}
				}
			}
			continue
		}
		if err := k.emit(s.teller); err != nil {
			return err
		}
		i = n
	}
	return nil
}

// read fills moves with the wanted rows from first on, all in the current pages
// of all columns. It reports false if some row is not as it should be.
func (k *tokenScan) read(t *teller, a int64, hits []bool, first int) bool {
	if !k.begin() {
		return false
	}
	for i := first; i < len(hits); i++ {
		if hits[i] && !k.readWay(t, a+int64(i), t.question.Span) {
			return false
		}
	}
	k.drop(t)
	return k.readRest(t)
}

// readAll fills moves with the rows from a to b, wanted or not.
func (k *tokenScan) readAll(t *teller, a, b int64) bool {
	if !k.begin() {
		return false
	}
	for at := a; at < b; at++ {
		if !k.readWay(t, at, chain.Span{To: math.MaxUint64}) {
			return false
		}
	}
	return k.readRest(t)
}

// begin forgets the moves. It reports false if the current pages are not of the
// usual kind.
func (k *tokenScan) begin() bool {
	k.rows, k.moves, k.texts = k.rows[:0], k.moves[:0], k.texts[:0]
	return k.from.isText() && k.to.isText() && k.hash.isText() && k.height.isWhole() && k.log.isWhole()
}

// readWay begins the move of a row, if it lies in the span, with payer and payee.
func (k *tokenScan) readWay(t *teller, at int64, span chain.Span) bool {
	h := k.height.wholes().at(int(at - k.height.start))
	if h < 0 {
		return false
	}
	if !span.Has(uint64(h)) {
		return true
	}
	from, to := k.from.text(at), k.to.text(at)
	if len(from) == 0 || len(to) == 0 || t.check(from) != nil || t.check(to) != nil {
		return false
	}
	k.rows = append(k.rows, at)
	begin := len(k.texts)
	k.texts = append(k.texts, from...)
	cut := len(k.texts)
	k.texts = append(k.texts, to...)
	k.moves = append(k.moves, tokenMove{
		tx:    chain.Tx{Pos: chain.Pos{Height: uint64(h), Index: chain.UnknownIndex}},
		begin: begin, cuts: [2]int{cut, len(k.texts)},
	})
	return true
}

// readRest fills in the other columns.
func (k *tokenScan) readRest(t *teller) bool {
	return k.readHashes() && k.readLogs() && k.readClocks() && k.readValues() && k.readAssets(t) && k.readIndexes()
}

// drop leaves out the rows that the question does not want.
func (k *tokenScan) drop(t *teller) {
	q := t.question
	n := 0
	for i := range k.moves {
		m := &k.moves[i]
		from, to := k.texts[m.begin:m.cuts[0]], k.texts[m.cuts[0]:m.cuts[1]]
		hf, ht := digest(from), digest(to)
		if q.answered.may(hf) && q.answered.find(from, hf) >= 0 || q.answered.may(ht) && q.answered.find(to, ht) >= 0 {
			continue
		}
		m.payer, m.payee = q.asked.find(from, hf), q.asked.find(to, ht)
		if m.payer < 0 && m.payee < 0 {
			continue
		}
		k.moves[n], k.rows[n] = *m, k.rows[i]
		n++
	}
	k.moves, k.rows = k.moves[:n], k.rows[:n]
}

func (k *tokenScan) readHashes() bool {
	for i, at := range k.rows {
		b := k.hash.text(at)
		if len(b) != 66 || b[0] != '0' || b[1] != 'x' || !unhex(&k.moves[i].tx.Hash, b[2:]) {
			return false
		}
	}
	return true
}

// unhex reads 64 hex digits.
func unhex(h *chain.Hash, b []byte) bool {
	b = b[:64]
	var wrong byte
	for i := range h {
		high, low := hexDigits[b[2*i]], hexDigits[b[2*i+1]]
		wrong |= high | low
		h[i] = high<<4 | low&15
	}
	return wrong <= 15
}

func (k *tokenScan) readLogs() bool {
	logs := k.log.wholes()
	for i, at := range k.rows {
		n := logs.at(int(at - k.log.start))
		if n < 0 || n >= int64(chain.UnknownIndex) {
			return false
		}
		k.moves[i].ordinal = uint32(n)
	}
	return true
}

func (k *tokenScan) readClocks() bool {
	var c cell
	for i, at := range k.rows {
		if err := k.clock.cell(at, &c); err != nil {
			return false
		}
		seconds, err := c.seconds()
		if err != nil {
			return false
		}
		k.moves[i].tx.Time = seconds
	}
	return true
}

func (k *tokenScan) readValues() bool {
	var c cell
	for i, at := range k.rows {
		m := &k.moves[i]
		if k.value.isText() {
			if b := k.value.text(at); len(b) > 0 && len(b) <= 18 {
				if n, ok := digits(b); ok {
					m.value.SetUint64(n)
					continue
				}
			}
		}
		var err error
		if err = k.value.cell(at, &c); err != nil {
			return false
		}
		if m.inexact, err = c.amount(&m.value); err != nil {
			return false
		}
	}
	return true
}

// digits reads at most 18 decimal digits.
func digits(b []byte) (n uint64, ok bool) {
	for _, d := range b {
		d -= '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + uint64(d)
	}
	return n, true
}

func (k *tokenScan) readAssets(t *teller) bool {
	var c cell
	for i, at := range k.rows {
		if err := k.asset.cell(at, &c); err != nil || c.kind != text || len(c.b) == 0 {
			return false
		}
		known := &k.known[digest(c.b)%uint64(len(k.known))]
		if string(*known) != string(c.b) {
			if t.check(c.b) != nil {
				return false
			}
			*known = chain.Asset(c.b)
		}
		k.moves[i].asset = *known
	}
	return true
}

func (k *tokenScan) readIndexes() bool {
	if k.index == nil {
		return true
	}
	var c cell
	for i, at := range k.rows {
		if err := k.index.cell(at, &c); err != nil {
			return false
		}
		n, err := c.index(chain.UnknownIndex)
		if err != nil {
			return false
		}
		k.moves[i].tx.Pos.Index = n
	}
	return true
}

// emit gives the moves on. The texts of a run share one allocation, which is
// much cheaper than to look every address up.
func (k *tokenScan) emit(t *teller) error {
	if len(k.moves) == 0 {
		return nil
	}
	k.told += len(k.moves)
	texts := string(k.texts)
	if cap(t.in) == 0 || cap(t.out) == 0 {
		t.in, t.out = make([]chain.Entry, 1), make([]chain.Entry, 1)
	}
	for i := range k.moves {
		m := &k.moves[i]
		wanted := m.payer >= 0 && t.count(m.payer)
		if m.payee >= 0 && m.payee != m.payer && t.count(m.payee) {
			wanted = true
		}
		if !wanted {
			continue
		}
		t.in, t.out = t.in[:1], t.out[:1]
		t.in[0] = chain.Entry{Address: chain.Address(texts[m.begin:m.cuts[0]]), Amount: m.value}
		t.out[0] = chain.Entry{Address: chain.Address(texts[m.cuts[0]:m.cuts[1]]), Amount: m.value}
		t.transfer = chain.Transfer{
			Tx: m.tx, Kind: chain.Token, Ordinal: m.ordinal, Asset: m.asset, In: t.in, Out: t.out, Inexact: m.inexact,
		}
		if err := t.emit(&t.transfer); err != nil {
			return err
		}
	}
	return nil
}

// isText reports whether each row of the current page is a text of its own.
func (v *view) isText() bool {
	return len(v.levels) == 0 && v.values.indexes == nil && v.leaf.physical == parquet.ByteArray && v.leaf.meaning == asText
}

// text is the text of a row of such a page.
func (v *view) text(row int64) []byte {
	return v.values.text(int(row - v.start))
}

// isWhole reports whether each row of the current page is a plain integer.
func (v *view) isWhole() bool {
	return len(v.levels) == 0 && v.values.indexes == nil && v.leaf.meaning == asInteger && v.leaf.scale == 0
}

// wholes are integers of either width.
type wholes struct {
	short []int32
	long  []int64
}

func (v *view) wholes() wholes {
	if v.leaf.physical == parquet.Int32 {
		return wholes{short: v.values.int32s}
	}
	return wholes{long: v.values.int64s}
}

func (w wholes) at(i int) int64 {
	if w.short != nil {
		return int64(w.short[i])
	}
	return w.long[i]
}
