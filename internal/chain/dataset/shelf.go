package dataset

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"sync"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// shelf is a file for rows of token_transfers that were unpacked once. Each round
// of a crawl asks for other addresses, whose rows lie all over the table; to
// unpack nearly every page once a round is what a crawl would do most of its
// time. So the rows of a window of which many hit are put here, each as long as
// the next, and looked up from then on. The file lives as long as the source; it
// is about as big as the windows are in Parquet.
type shelf struct {
	dir  string
	mu   sync.Mutex
	file *os.File // nil until something is put
	end  int64
	full bool // nothing more is put
}

// window is what is known of the rows of one chunk in one file.
type window struct {
	mu      sync.Mutex
	hits    int // how many rows hit when it was last unpacked
	refused bool
	shelved bool
	// Where it lies on the shelf, and the assets of its rows; read only once it is
	// there.
	at     int64
	assets []chain.Asset
}

const (
	// One hit in so many rows is worth the shelf: there is one in nearly every page.
	shelfShare = 1024
	// On the shelf lie the digests of payers and payees, then the rows.
	shelfKey = 16
	shelfRow = 32 + 20 + 20 + 16 + 5*4
	// stackRows are read at once.
	stackRows = 512
)

// put writes b and says where it lies. It is false when the disk takes no more.
func (s *shelf) put(b []byte) (at int64, ok bool) {
	s.mu.Lock()
	if s.file == nil && !s.full {
		err := os.MkdirAll(s.dir, 0o755)
		if err == nil {
			s.file, err = os.CreateTemp(s.dir, ".rows-*.tmp")
		}
		if s.full = err != nil; !s.full {
			// Where an open file can be removed, a killed run leaves nothing.
			os.Remove(s.file.Name())
		}
	}
	if s.full {
		s.mu.Unlock()
		return 0, false
	}
	at = s.end
	s.end += int64(len(b))
	s.mu.Unlock()
	if _, err := s.file.WriteAt(b, at); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.full = true
		return 0, false
	}
	return at, true
}

func (s *shelf) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if e := os.Remove(s.file.Name()); e != nil && !errors.Is(e, os.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}

// window is what is known of the rows from row on.
func (f *file) window(row int64) *window {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.windows == nil {
		f.windows = map[int64]*window{}
	}
	if f.windows[row] == nil {
		f.windows[row] = &window{}
	}
	return f.windows[row]
}

// window tells the rows from a to b: from the shelf, or else from their pages.
func (s *groupScan) window(a, b int64) error {
	if s.tokens == nil || s.shelf == nil {
		return s.flat(a, b)
	}
	w := s.file.window(s.base + a)
	if s.keep(w, a, b) {
		return s.tokens.fetch(s, w, int(b-a))
	}
	s.tokens.told = 0
	err := s.flat(a, b)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hits = s.tokens.told
	return err
}

// keep puts the window on the shelf if that is worth it, and reports whether it
// is there. Only a window whose addresses are checked and indexed goes there.
func (s *groupScan) keep(w *window, a, b int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shelved || w.refused || s.check || s.indexer != nil || int64(w.hits)*shelfShare < b-a {
		return w.shelved
	}
	if w.shelved = s.shelve(w, a, b); !w.shelved {
		w.refused = true
		// The pages are behind; what is wrong is found where the row is told.
		s.close()
		s.open()
		s.tokens = newTokenScan(s)
	}
	return w.shelved
}

// shelve puts the rows from a to b on the shelf. It is false if some row is not
// as it should be or does not fit there.
func (s *groupScan) shelve(w *window, a, b int64) bool {
	k := s.tokens
	keys := make([]byte, 0, (b-a)*(shelfKey+shelfRow))
	rows := make([]byte, 0, (b-a)*shelfRow)
	assets := map[chain.Asset]uint32{}
	for at := a; at < b; {
		end := b
		for _, v := range k.views {
			if v.load(at) != nil {
				return false
			}
			end = min(end, v.end)
		}
		if !k.readAll(s.teller, at, end) {
			return false
		}
		for i := range k.moves {
			m := &k.moves[i]
			asset, ok := assets[m.asset]
			if !ok {
				asset = uint32(len(assets))
				assets[m.asset] = asset
				w.assets = append(w.assets, m.asset)
			}
			from, to := k.texts[m.begin:m.cuts[0]], k.texts[m.cuts[0]:m.cuts[1]]
			keys = binary.LittleEndian.AppendUint64(keys, digest(from))
			keys = binary.LittleEndian.AppendUint64(keys, digest(to))
			if rows, ok = m.appendTo(rows, from, to, asset); !ok {
				return false
			}
		}
		at = end
	}
	var ok bool
	w.at, ok = s.shelf.put(append(keys, rows...))
	return ok
}

// inexactMark is set in the number of an asset where the amount is inexact.
const inexactMark = 1 << 31

// appendTo appends a row of the shelf; false if it does not fit there.
func (m *tokenMove) appendTo(b, from, to []byte, asset uint32) ([]byte, bool) {
	var payer, payee [20]byte
	if !pack(from, &payer) || !pack(to, &payee) || m.value[2]|m.value[3] != 0 ||
		m.tx.Pos.Height > math.MaxUint32 || m.tx.Time < 0 || m.tx.Time > math.MaxUint32 {
		return b, false
	}
	if m.inexact {
		asset |= inexactMark
	}
	b = append(b, m.tx.Hash[:]...)
	b = append(b, payer[:]...)
	b = append(b, payee[:]...)
	b = binary.LittleEndian.AppendUint64(b, m.value[0])
	b = binary.LittleEndian.AppendUint64(b, m.value[1])
	for _, n := range [...]uint32{uint32(m.tx.Pos.Height), m.tx.Pos.Index, uint32(m.tx.Time), m.ordinal, asset} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b, true
}

// fetch tells the n rows of a window from the shelf.
func (k *tokenScan) fetch(s *groupScan, w *window, n int) error {
	q := s.teller.question
	read := func(b []byte, at int64) ([]byte, error) {
		if _, err := s.shelf.file.ReadAt(b, w.at+at); err != nil {
			return nil, fmt.Errorf("reading rows kept in %s: %w; run again", s.shelf.dir, err)
		}
		return b, nil
	}
	var err error
	k.keys = resize(k.keys, n*shelfKey)
	if k.keys, err = read(k.keys, 0); err != nil {
		return err
	}
	k.moves, k.texts = k.moves[:0], k.texts[:0]
	first, end := 0, 0 // the rows in stack
	for i := range n {
		from, to := binary.LittleEndian.Uint64(k.keys[i*shelfKey:]), binary.LittleEndian.Uint64(k.keys[i*shelfKey+8:])
		if !q.asked.has(from) && !q.asked.has(to) {
			continue
		}
		if i >= end {
			first, end = i, min(n, i+stackRows)
			k.stack = resize(k.stack, stackRows*shelfRow)[:(end-first)*shelfRow]
			if k.stack, err = read(k.stack, int64(n)*shelfKey+int64(first)*shelfRow); err != nil {
				return err
			}
		}
		k.take(q, w, k.stack[(i-first)*shelfRow:][:shelfRow], from, to)
		if len(k.moves) == stackRows {
			if err := k.emit(s.teller); err != nil {
				return err
			}
			k.moves, k.texts = k.moves[:0], k.texts[:0]
		}
	}
	return k.emit(s.teller)
}

// take makes a row of the shelf the next of moves, if the question wants it.
func (k *tokenScan) take(q *question, w *window, b []byte, from, to uint64) {
	payer, payee := (*[20]byte)(b[32:]), (*[20]byte)(b[52:])
	number := func(i int) uint32 { return binary.LittleEndian.Uint32(b[88+4*i:]) }
	if !q.Span.Has(uint64(number(0))) || q.answered.findKey(payer, from) >= 0 || q.answered.findKey(payee, to) >= 0 {
		return
	}
	m := tokenMove{payer: q.asked.findKey(payer, from), payee: q.asked.findKey(payee, to)}
	if m.payer < 0 && m.payee < 0 {
		return
	}
	m.tx.Hash = chain.Hash(b[:32])
	m.value[0], m.value[1] = binary.LittleEndian.Uint64(b[72:]), binary.LittleEndian.Uint64(b[80:])
	m.tx.Pos = chain.Pos{Height: uint64(number(0)), Index: number(1)}
	m.tx.Time, m.ordinal = int64(number(2)), number(3)
	m.asset, m.inexact = w.assets[number(4)&^inexactMark], number(4)&inexactMark != 0
	m.begin = len(k.texts)
	k.texts = hex.AppendEncode(append(k.texts, "0x"...), payer[:])
	m.cuts[0] = len(k.texts)
	k.texts = hex.AppendEncode(append(k.texts, "0x"...), payee[:])
	m.cuts[1] = len(k.texts)
	k.moves = append(k.moves, m)
}
