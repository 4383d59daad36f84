package dataset

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Columns of logs.
const (
	logAsset = iota
	logTopics
	logData
	logHash
	logIndex
	logHeight
	logTime
	logTx
	logBlock
)

// transferTopic is keccak256("Transfer(address,address,uint256)").
const transferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"

func logsLayout() *layout {
	return &layout{
		table: "logs",
		columns: []column{
			logAsset:  {name: "address", must: true},
			logTopics: {name: "topics", must: true, key: true, list: true},
			logData:   {name: "data", must: true},
			logHash:   {name: "transaction_hash", must: true},
			logIndex:  {name: "log_index", must: true},
			logHeight: {name: "block_number", must: true},
			logTime:   {name: "block_timestamp"},
			logTx:     {name: "transaction_index"},
			logBlock:  {name: "block_hash"},
		},
		height: logHeight, clock: logTime, block: logBlock,
		touch: touchLog,
		tell:  tellLog,
	}
}

// splitTopics turns the text forms of ethereum-etl's CSV (comma or bar joined)
// and a JSON or Python list in a text column into a list.
func splitTopics(c *cell) {
	if c.kind != text {
		return
	}
	b := bytes.Trim(c.b, "[] ")
	c.open()
	for len(b) > 0 {
		end := bytes.IndexAny(b, ",|")
		if end < 0 {
			end = len(b)
		}
		e := c.push()
		e.b = bytes.Trim(b[:end], "\"' ")
		e.kind = text
		b = b[min(end+1, len(b)):]
	}
}

// transferTopics reports whether the topics are those of an ERC-20 Transfer:
// three. ERC-721 has the same signature and a fourth topic, the token id.
func transferTopics(c *cell) bool {
	splitTopics(c)
	return c.kind == list && len(c.items) == 3 && string(c.items[0].b) == transferTopic
}

// touchLog finds sender and recipient in the topics. Data is not looked at:
// touching too much costs time, never a row.
func touchLog(r *row) {
	r.touched = r.touched[:0]
	topics := &r.cells[logTopics]
	if !transferTopics(topics) {
		return
	}
	for i := 1; i < 3; i++ {
		if len(topics.items[i].b) == 66 {
			r.touched = append(r.touched, r.topicAddress(topics.items[i].b))
		}
	}
}

// topicAddress is the address in the last 20 bytes of a topic.
func (r *row) topicAddress(topic []byte) []byte {
	b := r.keep(topic[24:])
	b[0], b[1] = '0', 'x'
	return b
}

// tellLog tells the transfer of an ERC-20 Transfer event; other logs say
// nothing here.
func tellLog(t *teller, r *row) error {
	if err := t.transaction(r, logHash, logHeight, logTime, logTx); err != nil {
		return err
	}
	asset, err := t.addressGiven(r, logAsset, "address")
	if err != nil {
		return err
	}
	topics, data := &r.cells[logTopics], &r.cells[logData]
	splitTopics(topics)
	if topics.kind != list && topics.kind != null {
		return r.fault("topics", errors.New("is not a list"))
	}
	for i := range topics.items {
		if _, err := topics.items[i].hash(); topics.kind == list && err != nil {
			return r.fault("topics", err)
		}
	}
	if data.kind != null && data.kind != text {
		return r.fault("data", errors.New("is not text"))
	}
	ordinal, err := ordinal(r, logIndex, "log_index")
	if err != nil {
		return err
	}
	if !transferTopics(topics) || data.kind != text || len(data.b) != 66 {
		return nil
	}
	if len(topics.items[1].b) != 66 || len(topics.items[2].b) != 66 {
		return r.fault("topics", fmt.Errorf("are not 0x and 64 hex digits"))
	}
	from, to := r.topicAddress(topics.items[1].b), r.topicAddress(topics.items[2].b)
	for _, a := range [][]byte{from, to} {
		if err := t.check(a); err != nil {
			return r.fault("topics", err)
		}
	}
	var value chain.Amount
	if err := parseAmount(&value, data.b); err != nil {
		return r.fault("data", err)
	}
	t.transfer.Tx.Status = chain.StatusUnknown // only a receipt tells
	return t.account(movement{
		kind: chain.Token, ordinal: ordinal, asset: asset, from: from, to: to, amount: value,
	})
}
