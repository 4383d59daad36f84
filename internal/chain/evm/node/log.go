package node

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// transferTopic is keccak256("Transfer(address,address,uint256)").
const transferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"

// entry is a log. Of its topics and data only what an ERC-20 Transfer has is
// kept.
type entry struct {
	token, from, to [20]byte
	value           chain.Amount
	// transfer says that it is an ERC-20 Transfer: three topics, 32 bytes of
	// data. ERC-721 has the same signature and a fourth topic.
	transfer       bool
	tx, block      chain.Hash
	height         uint64
	txIndex, index uint32
	time           int64 // -1 where the server does not tell
}

// decodeLogs calls visit for each log of an answer to eth_getLogs. The entry is
// used again.
func decodeLogs(v jsontext.Value, visit func(*entry) error) error {
	w, r := walk(v), logReader{}
	return w.array(func(i int) error {
		if err := r.read(w); err != nil {
			return fmt.Errorf("log %d: %w", i, err)
		}
		return visit(&r.entry)
	})
}

// logReader reads logs. It belongs to one goroutine.
type logReader struct {
	entry
	topics int
	has    int
}

// What every log must have.
const (
	hasToken = 1 << iota
	hasTopics
	hasData
	hasTx
	hasIndex
	hasHeight
	hasTxIndex
	hasBlock
	hasAll = 1<<iota - 1
)

var errRemoved = errors.New("was removed: the server tells of a block that is no longer on the chain")

func (r *logReader) read(w walker) error {
	r.entry, r.topics, r.has = entry{time: -1}, 0, 0
	data := 0
	err := w.object(func(name []byte) error {
		switch string(name) {
		case "address":
			r.has |= hasToken
			return member("address", w.fixed(r.token[:]))
		case "topics":
			r.has |= hasTopics
			return member("topics", w.array(func(i int) error { return r.topic(w, i) }))
		case "data":
			r.has |= hasData
			v, err := w.ReadValue()
			if err != nil {
				return err
			}
			d, err := digits(v)
			if string(v) == `"0x"` {
				d, err = nil, nil
			}
			if data = len(d); err == nil && data == 64 {
				err = amount(&r.value, v)
			}
			return member("data", err)
		case "transactionHash":
			r.has |= hasTx
			return member("transactionHash", w.fixed(r.tx[:]))
		case "transactionIndex":
			r.has |= hasTxIndex
			return member("transactionIndex", w.index(&r.txIndex))
		case "logIndex":
			r.has |= hasIndex
			return member("logIndex", w.index(&r.index))
		case "blockNumber":
			r.has |= hasHeight
			return member("blockNumber", w.number(&r.height))
		case "blockHash":
			r.has |= hasBlock
			return member("blockHash", w.fixed(r.block[:]))
		case "blockTimestamp":
			_, err := w.maybe(func(v jsontext.Value) error {
				n, err := number(v)
				r.time = int64(n)
				return err
			})
			return member("blockTimestamp", err)
		case "removed":
			t, err := w.ReadToken()
			if err == nil && t.Kind() == 't' {
				err = errRemoved
			}
			return err
		}
		return w.SkipValue()
	})
	if err == nil && r.has != hasAll {
		err = errors.New("lacks a member")
	}
	r.transfer = r.transfer && r.topics == 3 && data == 64
	return err
}

func (r *logReader) topic(w walker, i int) error {
	r.topics = i + 1
	v, err := w.ReadValue()
	if err != nil {
		return err
	}
	var topic [32]byte
	switch i {
	case 0:
		r.transfer = string(v) == `"`+transferTopic+`"`
		if r.transfer {
			return nil
		}
		return fixed(topic[:], v)
	case 1:
		err = fixed(topic[:], v)
		r.from = [20]byte(topic[12:])
	case 2:
		err = fixed(topic[:], v)
		r.to = [20]byte(topic[12:])
	default:
		err = fixed(topic[:], v)
	}
	return err
}
