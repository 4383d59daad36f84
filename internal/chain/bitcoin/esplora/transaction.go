package esplora

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
)

// transaction is a transaction as Esplora tells it. It has every byte that the
// hash is computed from.
type transaction struct {
	Txid     string   `json:"txid"`
	Version  int64    `json:"version"`
	LockTime uint32   `json:"locktime"`
	Inputs   []input  `json:"vin"`
	Outputs  []output `json:"vout"`
	Fee      uint64   `json:"fee"`
	Status   struct {
		Confirmed bool   `json:"confirmed"`
		Height    uint64 `json:"block_height"`
		Hash      string `json:"block_hash"`
		Time      int64  `json:"block_time"`
	} `json:"status"`
}

type input struct {
	Txid     string  `json:"txid"`
	Vout     uint32  `json:"vout"`
	Prevout  *output `json:"prevout"`
	Script   string  `json:"scriptsig"`
	Sequence uint32  `json:"sequence"`
}

type output struct {
	Script string `json:"scriptpubkey"`
	Value  uint64 `json:"value"`
}

// entry is a confirmed transaction of an address.
type entry struct {
	tx     bitcoin.Transaction
	spent  []bitcoin.Spent
	block  chain.Hash
	height uint64
	time   int64
}

var (
	errHash        = errors.New("a transaction is not the one that its hash names")
	errUnconfirmed = errors.New("an unconfirmed transaction is among the confirmed ones")
	errFee         = errors.New("the fee of a transaction is not what is left over")
	errPrevout     = errors.New("an input does not say what it spends")
	errOrder       = errors.New("the transactions are not newest first")
	errJoin        = errors.New("a page repeats what another had")
	errShort       = errors.New("there are fewer transactions than the address has")
	errSums        = errors.New("it does not say the sums of the address")
	errStranger    = errors.New("a transaction does not touch the address")
)

// decodePage reads a page of confirmed transactions, newest first.
func decodePage(body []byte, scripts bitcoin.Scripts) ([]entry, error) {
	var list []transaction
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	page := make([]entry, len(list))
	for i := range list {
		if err := page[i].decode(&list[i], scripts); err != nil {
			return nil, err
		}
		if i > 0 && page[i].height > page[i-1].height {
			return nil, errOrder
		}
	}
	return page, nil
}

func (e *entry) decode(t *transaction, scripts bitcoin.Scripts) error {
	raw, err := serialize(t)
	if err != nil {
		return err
	}
	if e.tx, err = bitcoin.ParseTransaction(raw); err != nil {
		return err
	}
	if e.tx.Hash.Text(chain.UTXO) != t.Txid {
		return errHash
	}
	if !t.Status.Confirmed {
		return errUnconfirmed
	}
	e.height, e.time = t.Status.Height, t.Status.Time
	if e.block, err = chain.ParseHash(t.Status.Hash); err != nil {
		return err
	}
	if e.tx.Coinbase() {
		return nil
	}
	e.spent = make([]bitcoin.Spent, len(t.Inputs))
	var left uint64
	for i := range t.Inputs {
		p := t.Inputs[i].Prevout
		if p == nil {
			return errPrevout
		}
		script, err := hex.DecodeString(p.Script)
		if err != nil {
			return err
		}
		e.spent[i] = bitcoin.Spent{Address: scripts.Address(script), Value: p.Value, Known: true}
		left += p.Value
	}
	for i := range t.Outputs {
		left -= t.Outputs[i].Value
	}
	if left != t.Fee {
		return errFee
	}
	return nil
}

// serialize writes the bytes that the hash of a transaction is computed from.
func serialize(t *transaction) ([]byte, error) {
	b := binary.LittleEndian.AppendUint32(nil, uint32(t.Version))
	b = appendCount(b, len(t.Inputs))
	for i := range t.Inputs {
		in := &t.Inputs[i]
		hash, err := chain.ParseHash(in.Txid)
		if err != nil {
			return nil, err
		}
		slices.Reverse(hash[:])
		b = append(b, hash[:]...)
		b = binary.LittleEndian.AppendUint32(b, in.Vout)
		if b, err = appendHex(b, in.Script); err != nil {
			return nil, err
		}
		b = binary.LittleEndian.AppendUint32(b, in.Sequence)
	}
	b = appendCount(b, len(t.Outputs))
	for i := range t.Outputs {
		b = binary.LittleEndian.AppendUint64(b, t.Outputs[i].Value)
		var err error
		if b, err = appendHex(b, t.Outputs[i].Script); err != nil {
			return nil, err
		}
	}
	return binary.LittleEndian.AppendUint32(b, t.LockTime), nil
}

func appendHex(b []byte, text string) ([]byte, error) {
	b = appendCount(b, len(text)/2)
	return hex.AppendDecode(b, []byte(text))
}

// appendCount writes a number in Bitcoin's variable length.
func appendCount(b []byte, n int) []byte {
	switch {
	case n < 0xfd:
		return append(b, byte(n))
	case n <= 0xffff:
		return binary.LittleEndian.AppendUint16(append(b, 0xfd), uint16(n))
	default:
		return binary.LittleEndian.AppendUint32(append(b, 0xfe), uint32(n))
	}
}
