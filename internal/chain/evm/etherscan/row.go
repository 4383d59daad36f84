package etherscan

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/evm"
)

var (
	errShape   = errors.New("neither text nor number")
	errMissing = errors.New("is missing")
)

// wire is a row as servers send it, of any of the three lists.
type wire struct {
	Height   field          `json:"blockNumber"`
	Time     field          `json:"timeStamp"`
	Hash     field          `json:"hash"`
	TxHash   field          `json:"transactionHash"` // Blockscout's txlistinternal
	Index    field          `json:"transactionIndex"`
	Block    field          `json:"blockHash"`
	Nonce    field          `json:"nonce"`
	From     field          `json:"from"`
	To       field          `json:"to"`
	Value    field          `json:"value"`
	Contract field          `json:"contractAddress"`
	GasUsed  field          `json:"gasUsed"`
	GasPrice field          `json:"gasPrice"`
	Failed   field          `json:"isError"`
	Input    field          `json:"input"`
	Status   field          `json:"txreceipt_status"`
	Type     field          `json:"type"`
	CallType field          `json:"callType"`
	TraceID  field          `json:"traceId"`
	Call     field          `json:"index"` // Blockscout: the number of the call
	LogIndex field          `json:"logIndex"`
	TokenID  jsontext.Value `json:"tokenID"` // NFT rows alone have it
	// Confirmations change from one answer to the next.
	Confirmations field `json:"confirmations"`
}

// row is a row, read. Rows are compared whole, so it holds nothing that changes
// from one answer to the next, such as the number of confirmations.
type row struct {
	tx       chain.Tx
	block    chain.Hash    // zero if the server does not tell it
	head     uint64        // the newest block at the time of the answer, 0 if unknown: set aside when rows are compared
	from, to chain.Address // of a creation, to is what was created
	created  bool
	value    chain.Amount
	// fee of a transaction, and the sender's number of it.
	fee                  chain.Amount
	nonce                uint64
	feeKnown, nonceKnown bool
	pays                 chain.Address // whom a call of a token's transfer pays
	asset                chain.Asset   // of a token row
	log                  uint32        // its log index,
	logKnown             bool          // if the server tells it
	path                 string        // of an internal row: numbers joined by "_"
	failed               bool          // an internal call that moved nothing
	undone               bool          // an internal call below one that failed
	// idle rows are listed and move nothing that is told: NFTs, delegate calls,
	// root calls. A genesis row is idle, and its value counts for the balance.
	idle, genesis bool
}

// sentBy reports whether a row is a transaction that the address sent.
func (r *row) sentBy(a chain.Address) bool { return r.from == a && r.nonceKnown && !r.genesis }

// touches reports whether the row is one that a list of the address may have.
func (r *row) touches(a chain.Address) bool { return r.from == a || r.to == a }

// decode reads the rows of a list. The error says which row is wrong and how.
func decode(list jsontext.Value, read func(*wire) (row, error)) ([]row, error) {
	var wires []wire
	if err := json.Unmarshal(list, &wires); err != nil {
		return nil, fmt.Errorf("the result is not a list of rows: %w", err)
	}
	rows := make([]row, len(wires))
	for i := range wires {
		r, err := read(&wires[i])
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
		rows[i] = r
	}
	return rows, nil
}

// place reads what all rows have.
func (w *wire) place(r *row) error {
	var err error
	if r.tx.Pos.Height, err = whole(w.Height, "blockNumber", math.MaxInt64); err != nil {
		return err
	}
	seconds, err := whole(w.Time, "timeStamp", math.MaxInt64)
	if err != nil {
		return err
	}
	r.tx.Time = int64(seconds)
	r.tx.Pos.Index = chain.UnknownIndex
	if w.Index.text != "" {
		index, err := whole(w.Index, "transactionIndex", math.MaxUint32-1)
		if err != nil {
			return err
		}
		r.tx.Pos.Index = uint32(index)
	}
	hash := w.Hash
	if hash.text == "" {
		hash = w.TxHash
	}
	if len(hash.text) != 66 {
		return wrong("hash", hash.text, errors.New("is not 0x and 64 hex digits"))
	}
	if r.tx.Hash, err = chain.ParseHash(hash.text); err != nil {
		return wrong("hash", hash.text, err)
	}
	r.head = w.confirmed(r.tx.Pos.Height)
	if w.Block.text == "" {
		return nil
	}
	if r.block, err = chain.ParseHash(w.Block.text); err != nil {
		return wrong("blockHash", w.Block.text, err)
	}
	return nil
}

// parties reads sender, recipient and value. The recipient of a creation is what
// was created.
func (w *wire) parties(r *row) error {
	var err error
	if r.from, err = address(w.From, "from"); err != nil {
		return err
	}
	if w.To.text == "" {
		if w.Contract.text != "" {
			r.created = true
			r.to, err = address(w.Contract, "contractAddress")
		}
	} else {
		r.to, err = address(w.To, "to")
	}
	if err != nil {
		return err
	}
	return amount(&r.value, w.Value, "value")
}

func address(f field, name string) (chain.Address, error) {
	if f.text == "" {
		return "", wrong(name, "", errMissing)
	}
	a, err := evm.ParseAddress(f.text)
	if err != nil {
		return "", wrong(name, f.text, err)
	}
	return a, nil
}

func amount(out *chain.Amount, f field, name string) error {
	a, err := chain.ParseAmount(f.text)
	if err != nil {
		return wrong(name, f.text, err)
	}
	*out = a
	return nil
}

// whole reads a decimal number.
func whole(f field, name string, most uint64) (uint64, error) {
	if f.text == "" {
		return 0, wrong(name, "", errMissing)
	}
	n, err := strconv.ParseUint(f.text, 10, 64)
	if err == nil && n > most {
		err = strconv.ErrRange
	}
	if err != nil {
		return 0, wrong(name, f.text, errors.New("is not a number that can be meant"))
	}
	return n, nil
}

func wrong(name, text string, err error) error {
	if text == "" {
		return fmt.Errorf("%s %w", name, err)
	}
	return fmt.Errorf("%s %q: %w", name, clip(text), err)
}

// yes reads "1" and "0".
func yes(f field, name string) (bool, error) {
	switch f.text {
	case "1", "true":
		return true, nil
	case "0", "false":
		return false, nil
	}
	return false, wrong(name, f.text, errors.New("is neither 0 nor 1"))
}

// isGenesis reports rows that Etherscan lists for what an address was given in
// the genesis block: their hash is "GENESIS_" and the address.
func (w *wire) isGenesis() bool { return strings.HasPrefix(w.Hash.text, "GENESIS") }
