package dataset

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Columns of traces.
const (
	trcHash = iota
	trcIndex
	trcFrom
	trcTo
	trcValue
	trcType
	trcCall
	trcStatus
	trcError
	trcPath
	trcHeight
	trcTime
	trcBlock
	trcID
)

func tracesLayout() *layout {
	return &layout{
		table: "traces",
		columns: []column{
			trcHash:   {name: "transaction_hash", must: true},
			trcIndex:  {name: "transaction_index"},
			trcFrom:   {name: "from_address", must: true, key: true},
			trcTo:     {name: "to_address", must: true, key: true},
			trcValue:  {name: "value", must: true},
			trcType:   {name: "trace_type", must: true},
			trcCall:   {name: "call_type", must: true},
			trcStatus: {name: "status"},
			trcError:  {name: "error"},
			trcPath:   {name: "trace_address", must: true, list: true},
			trcHeight: {name: "block_number", must: true},
			trcTime:   {name: "block_timestamp"},
			trcBlock:  {name: "block_hash"},
			trcID:     {name: "trace_id"},
		},
		height: trcHeight, clock: trcTime, block: trcBlock,
		touch: touchCells(trcFrom, trcTo),
		tell:  tellTrace,
		flat:  true,
	}
}

// tellTrace tells the value that one call, creation, self-destruction or block
// reward moved.
func tellTrace(t *teller, r *row) error {
	kind := r.cells[trcType].b
	if r.cells[trcType].kind != text {
		return r.fault("trace_type", errMissing)
	}
	created, rewarded := false, -1
	switch string(kind) {
	case "call", "suicide", "selfdestruct":
	case "create", "create2":
		created = true
	case "reward":
		rewarded = 0
	case "genesis":
		rewarded = 1
	case "daofork":
		rewarded = 2
	default:
		return r.fault("trace_type", fmt.Errorf("%q is not known", clip(kind)))
	}
	var value chain.Amount
	inexact, err := r.cells[trcValue].amount(&value)
	if errors.Is(err, errMissing) {
		err = nil // ethereum-etl leaves the value of some delegate calls empty
	}
	if err != nil {
		return r.fault("value", err)
	}
	from, err := t.address(r, trcFrom, "from_address")
	if err != nil {
		return err
	}
	to, err := t.address(r, trcTo, "to_address")
	if err != nil {
		return err
	}
	status, err := r.cells[trcStatus].status()
	if err != nil {
		return r.fault("status", err)
	}
	if rewarded >= 0 {
		return t.reward(r, uint32(rewarded), to, &value, inexact)
	}
	if err := t.transaction(r, trcHash, trcHeight, trcTime, trcIndex); err != nil {
		return err
	}
	path, err := tracePath(t.path[:0], &r.cells[trcPath])
	if err != nil {
		return r.fault("trace_address", err)
	}
	t.path = path
	if from == nil {
		return r.fault("from_address", errMissing)
	}
	if call := &r.cells[trcCall]; call.kind == text {
		switch string(call.b) {
		case "delegatecall", "callcode", "staticcall":
			return nil
		case "call":
		default:
			return r.fault("call_type", fmt.Errorf("%q is not known", clip(call.b)))
		}
	}
	if value.IsZero() || status == chain.Failed || r.cells[trcError].kind != null {
		return nil
	}
	move := movement{
		kind: chain.Internal, path: path,
		from: from, fromContract: true, to: to, toContract: created && to != nil,
		amount: value, inexact: inexact,
	}
	if len(path) == 0 {
		if t.hasTransactions {
			return nil
		}
		move.kind, move.path, move.fromContract = chain.NativeKind, nil, false
	}
	// An inner call's status says nothing of the transaction around it: real
	// exports have calls that succeeded in transactions that failed. Only the
	// root call tells, and a receipt.
	t.transfer.Tx.Status = chain.StatusUnknown
	if len(path) == 0 {
		t.transfer.Tx.Status = status
	}
	return t.account(move)
}

// tracePath reads "0_1_2", "0,1,2", "[0, 1]" or a list.
func tracePath(path []uint32, c *cell) ([]uint32, error) {
	switch c.kind {
	case null:
		return path, nil
	case list:
		for i := range c.items {
			if c.items[i].kind == null {
				return nil, errMissing
			}
			n, err := c.items[i].index(0)
			if err != nil {
				return nil, err
			}
			path = append(path, n)
		}
		return path, nil
	case integer:
		n, err := c.index(0)
		return append(path, n), err
	case text:
		b := bytes.Trim(c.b, "[] ")
		for len(b) > 0 {
			end := bytes.IndexAny(b, "_,")
			if end < 0 {
				end = len(b)
			}
			step := cell{kind: text, b: bytes.TrimSpace(b[:end])}
			n, err := step.index(0)
			if err != nil || len(step.b) == 0 {
				return nil, fmt.Errorf("%q is not a path like 0_1_2", clip(c.b))
			}
			path = append(path, n)
			if end == len(b)-1 {
				return nil, fmt.Errorf("%q is not a path like 0_1_2", clip(c.b))
			}
			b = b[min(end+1, len(b)):]
		}
		return path, nil
	}
	return nil, errors.New("is not a path")
}

// reward tells native value that a block created: see the package comment for
// its identity.
func (t *teller) reward(r *row, sort uint32, to []byte, value *chain.Amount, inexact bool) error {
	if err := t.place(r, trcHeight, trcTime); err != nil {
		return err
	}
	if to == nil {
		return r.fault("to_address", errMissing)
	}
	number, err := rewardNumber(r)
	if err != nil {
		return r.fault("trace_id", err)
	}
	number = number*3 + sort
	tx := &t.transfer.Tx
	if c := &r.cells[trcBlock]; c.kind != null {
		if tx.Hash, err = c.hash(); err != nil {
			return r.fault("block_hash", err)
		}
	} else {
		tx.Hash = sha256.Sum256(fmt.Appendf(nil, "scamtrace reward %s %d %d", t.chain, tx.Pos.Height, number))
	}
	tx.Pos.Index, tx.Status = chain.UnknownIndex, chain.StatusUnknown
	if value.IsZero() {
		return nil
	}
	return t.account(movement{
		kind: chain.Reward, ordinal: number,
		noFrom: true, to: to, amount: *value, inexact: inexact,
	})
}

// rewardNumber is the number at the end of a trace_id such as
// "reward_17173049_0", or the row's number in the file.
func rewardNumber(r *row) (uint32, error) {
	id := &r.cells[trcID]
	number := cell{kind: integer, n: r.number}
	if id.kind == text {
		number = cell{kind: text, b: id.b[bytes.LastIndexByte(id.b, '_')+1:]}
	}
	n, err := number.index(0)
	if err == nil && n > (1<<32-4)/3 {
		err = errors.New("number is too big")
	}
	return n, err
}
