package btcd

import (
	"encoding/hex"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
)

// entry is a transaction of an address.
type entry struct {
	tx    bitcoin.Transaction
	spent []bitcoin.Spent
	// block is zero for a transaction that is in none.
	block         chain.Hash
	confirmations int64
	height        uint64
}

// found is what searchrawtransactions says of a transaction. Its own bytes are
// in hex, so only what it spends is taken from the rest.
type found struct {
	Hex           string `json:"hex"`
	Txid          string `json:"txid"`
	Blockhash     string `json:"blockhash"`
	Confirmations int64  `json:"confirmations"`
	Vin           []struct {
		PrevOut *struct {
			Addresses []string       `json:"addresses"`
			Value     jsontext.Value `json:"value"`
		} `json:"prevOut"`
	} `json:"vin"`
}

var (
	errHash  = errors.New("a transaction is not the one that its hash names")
	errVin   = errors.New("the inputs of a transaction are not those of its bytes")
	errOrder = errors.New("the transactions are not in the order of the chain")
	errBlock = errors.New("a transaction is not in the block that it is said to be in")
	errTwice = errors.New("a transaction comes twice")
	errFull  = errors.New("there are more transactions than were asked for")
)

// decodePage reads an answer of searchrawtransactions.
func decodePage(v jsontext.Value, scripts bitcoin.Scripts, count int, reverse bool) ([]entry, error) {
	if v == nil {
		return nil, nil
	}
	var list []found
	if err := json.Unmarshal(v, &list); err != nil {
		return nil, err
	}
	if len(list) > count {
		return nil, errFull
	}
	page := make([]entry, len(list))
	seen := make(map[chain.Hash]bool, len(list))
	for i := range list {
		if err := page[i].decode(&list[i], scripts); err != nil {
			return nil, err
		}
		if seen[page[i].tx.Hash] {
			return nil, errTwice
		}
		seen[page[i].tx.Hash] = true
		if i == 0 {
			continue
		}
		older, newer := &page[i-1], &page[i]
		if reverse {
			older, newer = newer, older
		}
		if newer.confirmations > older.confirmations {
			return nil, errOrder
		}
	}
	return page, nil
}

func (e *entry) decode(f *found, scripts bitcoin.Scripts) error {
	raw, err := hex.DecodeString(f.Hex)
	if err != nil {
		return err
	}
	if e.tx, err = bitcoin.ParseTransaction(raw); err != nil {
		return err
	}
	if e.tx.Hash.Text(chain.UTXO) != f.Txid {
		return errHash
	}
	if f.Blockhash != "" {
		if e.block, err = chain.ParseHash(f.Blockhash); err != nil {
			return err
		}
		if f.Confirmations < 1 {
			return errOrder
		}
		e.confirmations = f.Confirmations
	}
	if len(f.Vin) != len(e.tx.Inputs) {
		return errVin
	}
	e.spent = make([]bitcoin.Spent, len(f.Vin))
	if e.tx.Coinbase() {
		return nil
	}
	for i := range f.Vin {
		p := f.Vin[i].PrevOut
		if p == nil {
			continue // btcd does not have the transaction that made it
		}
		s := &e.spent[i]
		s.Known = true
		if s.Value, err = bitcoin.ParseCoins(string(p.Value)); err != nil {
			return err
		}
		if len(p.Addresses) != 1 {
			continue
		}
		// btcd gives bare keys the address of their hash.
		a := chain.Address(p.Addresses[0])
		if _, err := scripts.Lock(a); err != nil {
			return err
		}
		if !e.tx.Inputs[i].IsBareKey(scripts, a) {
			s.Address = a
		}
	}
	return nil
}
