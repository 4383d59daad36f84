package node

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// row is one trace as OpenEthereum wrote it: the answer of trace_filter and
// trace_transaction.
type row struct {
	frame
	reward    bool // of a block, of no transaction
	path      []uint32
	tx, block chain.Hash
	height    uint64
	index     uint32
	hasTx     bool
}

// decodeRows calls visit for each row. The row is used again.
func decodeRows(v jsontext.Value, visit func(*row) error) error {
	if v.Kind() == 'n' {
		return nil // some servers say so when nothing was found
	}
	w := walk(v)
	var r row
	return w.array(func(i int) error {
		if err := r.read(w); err != nil {
			return fmt.Errorf("trace %d: %w", i, err)
		}
		return visit(&r)
	})
}

// action is what stands in "action"; which members count depends on the type.
type action struct {
	from, to, address, refund [20]byte
	hasFrom, hasTo, hasRefund bool
	hasAddress                bool
	value, balance            chain.Amount
	call                      string
}

func (r *row) read(w walker) error {
	*r = row{path: r.path[:0]}
	var a action
	var kind string
	var created [20]byte
	hasCreated, hasPath := false, false
	err := w.object(func(name []byte) error {
		var err error
		switch string(name) {
		case "action":
			err = a.read(w)
		case "type":
			var v jsontext.Value
			v, err = w.ReadValue()
			kind = string(v)
		case "error":
			var v jsontext.Value
			v, err = w.ReadValue()
			r.failed = !none(v)
		case "result":
			if w.null() {
				return nil
			}
			err = w.object(func(name []byte) error {
				if string(name) != "address" {
					return w.SkipValue()
				}
				var err error
				hasCreated, err = w.maybe(func(v jsontext.Value) error { return fixed(created[:], v) })
				return err
			})
		case "traceAddress":
			hasPath = true
			if w.null() {
				return nil
			}
			err = w.array(func(int) error {
				v, err := w.ReadValue()
				if err != nil {
					return err
				}
				n, err := plain(v)
				r.path = append(r.path, n)
				return err
			})
		case "transactionHash":
			r.hasTx, err = w.maybe(func(v jsontext.Value) error { return fixed(r.tx[:], v) })
		case "transactionPosition":
			_, err = w.maybe(func(v jsontext.Value) (err error) { r.index, err = plain(v); return err })
		case "blockHash":
			err = w.fixed(r.block[:])
		case "blockNumber":
			_, err = w.maybe(func(v jsontext.Value) error {
				n, err := plain(v)
				r.height = uint64(n)
				return err
			})
		default:
			return w.SkipValue()
		}
		return member(string(name), err)
	})
	if err != nil {
		return err
	}
	if !hasPath {
		return errors.New("lacks a member")
	}
	return r.sort(kind, &a, created, hasCreated)
}

// plain reads a JSON number that is an index or a height.
func plain(v jsontext.Value) (uint32, error) {
	n, err := strconv.ParseUint(string(v), 10, 32)
	if err != nil || n == 1<<32-1 {
		return 0, errors.New("is no whole number of 32 bits")
	}
	return uint32(n), nil
}

// sort takes over what the type makes of the action.
func (r *row) sort(kind string, a *action, created [20]byte, hasCreated bool) error {
	r.from, r.to, r.hasTo, r.value = a.from, a.to, a.hasTo, a.value
	switch kind {
	case `"call"`:
		switch a.call {
		case `"call"`, "":
			r.moves = true
		case `"delegatecall"`, `"staticcall"`, `"callcode"`, `"authcall"`:
		default:
			return fmt.Errorf("callType %.40s is not known", a.call)
		}
		if !a.hasFrom || !a.hasTo {
			return errors.New("a call lacks a member")
		}
	case `"create"`:
		r.moves, r.creates, r.to, r.hasTo = true, hasCreated, created, hasCreated
		if !a.hasFrom {
			return errors.New("a creation lacks a member")
		}
	case `"suicide"`, `"selfdestruct"`:
		r.moves, r.from, r.to, r.hasTo, r.value = true, a.address, a.refund, a.hasRefund, a.balance
		if !a.hasAddress {
			return errors.New("a self-destruction lacks a member")
		}
	case `"reward"`:
		r.reward = true
		return nil
	default:
		return fmt.Errorf("type %.40s is not known", kind)
	}
	if !r.hasTx {
		return errors.New("has no transaction")
	}
	return nil
}

func (a *action) read(w walker) error {
	return w.object(func(name []byte) error {
		var err error
		switch string(name) {
		case "from":
			a.hasFrom, err = w.maybe(func(v jsontext.Value) error { return fixed(a.from[:], v) })
		case "to":
			a.hasTo, err = w.maybe(func(v jsontext.Value) error { return fixed(a.to[:], v) })
		case "address":
			a.hasAddress, err = w.maybe(func(v jsontext.Value) error { return fixed(a.address[:], v) })
		case "refundAddress":
			a.hasRefund, err = w.maybe(func(v jsontext.Value) error { return fixed(a.refund[:], v) })
		case "value":
			_, err = w.maybe(func(v jsontext.Value) error { return amount(&a.value, v) })
		case "balance":
			_, err = w.maybe(func(v jsontext.Value) error { return amount(&a.balance, v) })
		case "callType":
			var v jsontext.Value
			if v, err = w.ReadValue(); v.Kind() != 'n' {
				a.call = string(v)
			}
		default:
			return w.SkipValue()
		}
		return member(string(name), err)
	})
}

// fallen marks every row that failed or lies in one that did. The rows are
// those of one whole transaction.
func fallen(rows []row) {
	var failed [][]uint32
	for i := range rows {
		if rows[i].failed {
			failed = append(failed, rows[i].path)
		}
	}
	for i := range rows {
		for _, f := range failed {
			if len(rows[i].path) >= len(f) && slices.Equal(rows[i].path[:len(f)], f) {
				rows[i].failed = true
			}
		}
	}
}
