package node

import (
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// frame is one call, creation or self-destruction of a trace.
type frame struct {
	parent   int // -1 for the outermost
	place    uint32
	children uint32
	from, to [20]byte
	value    chain.Amount
	hasTo    bool
	moves    bool // of a sort that moves value
	creates  bool
	failed   bool
	has      int
}

const (
	frameFrom = 1 << iota
	frameType
	frameAll = 1<<iota - 1
)

// tracer reads the frames of transactions one after the other.
type tracer struct {
	frames []frame
	path   []uint32
}

// callFrame reads one frame of the callTracer and those below it, in the order
// in which they began, which is depth first.
func (t *tracer) callFrame(w walker, parent int, place uint32) error {
	at := len(t.frames)
	t.frames = append(t.frames, frame{parent: parent, place: place})
	err := w.object(func(name []byte) error {
		f := &t.frames[at]
		var err error
		switch string(name) {
		case "type":
			f.has |= frameType
			var v jsontext.Value
			if v, err = w.ReadValue(); err == nil {
				err = f.sort(string(v))
			}
		case "from":
			f.has |= frameFrom
			err = w.fixed(f.from[:])
		case "to":
			f.hasTo, err = w.maybe(func(v jsontext.Value) error { return fixed(f.to[:], v) })
		case "value":
			_, err = w.maybe(func(v jsontext.Value) error { return amount(&f.value, v) })
		case "error":
			var v jsontext.Value
			v, err = w.ReadValue()
			f.failed = !none(v)
		case "calls":
			if w.null() {
				return nil
			}
			return w.array(func(i int) error {
				t.frames[at].children++
				return t.callFrame(w, at, uint32(i))
			})
		default:
			return w.SkipValue()
		}
		return member(string(name), err)
	})
	if err == nil && t.frames[at].has != frameAll {
		err = errors.New("a call lacks a member")
	}
	return err
}

// sort takes over the type of a call.
func (f *frame) sort(quoted string) error {
	switch quoted {
	case `"CALL"`, `"SELFDESTRUCT"`, `"SUICIDE"`:
		f.moves = true
	case `"CREATE"`, `"CREATE2"`:
		f.moves, f.creates = true, true
	case `"DELEGATECALL"`, `"STATICCALL"`, `"CALLCODE"`:
	default:
		return fmt.Errorf("%.40s is not known", quoted)
	}
	return nil
}

// internal calls visit for each frame below the outermost that moved value: one
// that did not fail and is in none that did.
func (t *tracer) internal(visit func(path []uint32, f *frame)) {
	for i := range t.frames {
		f := &t.frames[i]
		if f.parent < 0 {
			continue
		}
		f.failed = f.failed || t.frames[f.parent].failed
		if f.failed || !f.moves || f.value.IsZero() {
			continue
		}
		t.path = t.path[:0]
		for at := i; t.frames[at].parent >= 0; at = t.frames[at].parent {
			t.path = append(t.path, t.frames[at].place)
		}
		slices.Reverse(t.path)
		visit(t.path, f)
	}
}

// traces fills in what an answer to debug_traceBlockByNumber tells.
func (b *block) traces(v jsontext.Value) error {
	if v.Kind() == 'n' {
		return fmt.Errorf("the list of traces %w", errNull)
	}
	w, n := walk(v), 0
	var t tracer
	b.moves = nil
	err := w.array(func(i int) error {
		if i >= len(b.txs) {
			return errors.New("there are more traces than transactions")
		}
		n++
		return member(fmt.Sprintf("trace %d:", i), b.trace(w, &t, i))
	})
	if err == nil && n != len(b.txs) {
		err = errors.New("there are fewer traces than transactions")
	}
	return err
}

// trace reads the trace of one transaction of the block.
func (b *block) trace(w walker, t *tracer, i int) error {
	t.frames = t.frames[:0]
	tx := &b.txs[i]
	found := false
	err := w.object(func(name []byte) error {
		switch string(name) {
		case "txHash":
			var hash chain.Hash
			if err := w.fixed(hash[:]); err != nil {
				return member("txHash", err)
			}
			if hash != tx.hash {
				return errors.New("is of another transaction")
			}
			return nil
		case "result":
			if found || w.PeekKind() != '{' {
				return errors.New("has no result")
			}
			found = true
			return t.callFrame(w, -1, 0)
		case "error":
			v, err := w.ReadValue()
			if err == nil && !none(v) {
				err = errors.New("the server could not trace it")
			}
			return err
		}
		return w.SkipValue()
	})
	switch {
	case err != nil:
		return err
	case !found:
		return errors.New("has no result")
	}
	root := &t.frames[0]
	if root.from != tx.from || tx.hasTo && !tx.creates && (root.to != tx.to || !root.hasTo) || root.value != tx.value {
		return errors.New("is of another transaction")
	}
	// A node that does not tell why a call failed still gives its receipt.
	root.failed = root.failed || tx.status == chain.Failed
	t.internal(func(path []uint32, f *frame) {
		b.moves = append(b.moves, move{
			tx: uint32(i), path: slices.Clone(path), from: f.from, to: f.to, value: f.value, hasTo: f.hasTo, creates: f.creates && f.hasTo,
		})
	})
	return nil
}
