package etherscan

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// readInternal reads a row of txlistinternal.
func readInternal(w *wire) (row, error) {
	var r row
	if err := w.place(&r); err != nil {
		return r, err
	}
	if err := w.parties(&r); err != nil {
		return r, err
	}
	switch strings.ToLower(w.Type.text) {
	case "call", "suicide", "selfdestruct", "self-destruct", "":
		r.created = false
	case "create", "create2":
		r.created = r.to != ""
	case "delegatecall", "callcode", "staticcall", "reward", "stop", "invalid":
		r.idle = true
	default:
		return r, wrong("type", w.Type.text, errors.New("is not known"))
	}
	switch strings.ToLower(w.CallType.text) {
	case "call", "":
	case "delegatecall", "callcode", "staticcall":
		r.idle = true
	default:
		return r, wrong("callType", w.CallType.text, errors.New("is not known"))
	}
	if w.Failed.text != "" {
		var err error
		if r.failed, err = yes(w.Failed, "isError"); err != nil {
			return r, err
		}
	}
	return r, r.trace(w)
}

// trace reads where in its transaction the call stands.
func (r *row) trace(w *wire) error {
	text, name := w.TraceID, "traceId"
	if !text.given && w.Call.given {
		text, name = w.Call, "index"
		// Blockscout counts the root call as 0 and lists it if it creates.
		r.idle = r.idle || text.text == "0"
	}
	if !text.given {
		return wrong(name, "", errMissing)
	}
	r.path = text.text
	if r.path == "" {
		r.idle = true // the root call: txlist tells its value
		return nil
	}
	if _, err := parsePath(nil, r.path); err != nil {
		return wrong(name, r.path, err)
	}
	return nil
}

// parsePath reads "0_1_2".
func parsePath(path []uint32, text string) ([]uint32, error) {
	for step := range strings.SplitSeq(text, "_") {
		n, err := strconv.ParseUint(step, 10, 32)
		if err != nil || step != strconv.FormatUint(n, 10) {
			return nil, errors.New("is not a path such as 0_1_2")
		}
		path = append(path, uint32(n))
	}
	return path, nil
}

// below reports whether a call stands below another in the same transaction.
func below(path, above string) bool {
	return len(path) > len(above) && path[:len(above)] == above && path[len(above)] == '_'
}

// settle marks calls that stand below a listed call that failed: what they moved
// was taken back with it. The rows are those of whole blocks.
func settle(rows []row) {
	failed := map[chain.Hash][]string{}
	for i := range rows {
		if rows[i].failed {
			failed[rows[i].tx.Hash] = append(failed[rows[i].tx.Hash], rows[i].path)
		}
	}
	if len(failed) == 0 {
		return
	}
	for i := range rows {
		rows[i].undone = rows[i].undone || slices.ContainsFunc(failed[rows[i].tx.Hash], func(above string) bool {
			return below(rows[i].path, above)
		})
	}
}

// tellInternal tells the value that a call moved. The transaction's own outcome
// is not known from it.
func tellInternal(r *row, _ chain.Address, t *teller) error {
	if r.failed || r.undone || r.value.IsZero() {
		return nil
	}
	path, err := parsePath(t.path[:0], r.path)
	if err != nil {
		return err
	}
	t.path = path
	return t.move(r, chain.Internal,
		chain.Entry{Address: r.from, Amount: r.value, Contract: true},
		chain.Entry{Address: r.to, Amount: r.value, Contract: r.created})
}
