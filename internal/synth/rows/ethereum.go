package rows

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// gwei in wei.
const gwei = 1_000_000_000

// blockSum is the block that goes on.
type blockSum struct {
	height, time, gasUsed, baseFee, count, rewards int64
	hash                                           [32]byte
}

// Ethereum writes a transaction's rows.
func (w *Writer) Ethereum(tx *world.EthereumTx) error {
	if tx.Height != w.current.height {
		if err := w.endBlock(); err != nil {
			return err
		}
		w.current = blockSum{height: tx.Height, time: tx.Time, baseFee: tx.BaseFee, hash: w.names.Block(tx.Height)}
	}
	if tx.Reward {
		return w.reward(tx)
	}
	w.current.count++
	w.current.gasUsed += tx.GasUsed
	hash := w.names.Transaction(tx.Number)
	if w.transactions != nil {
		if err := w.transaction(tx, hash); err != nil {
			return err
		}
	}
	if w.transfers != nil {
		for i := range tx.Logs {
			if err := w.transfer(tx, &tx.Logs[i], i, hash); err != nil {
				return err
			}
		}
	}
	if w.traces != nil {
		return w.calls(tx, hash)
	}
	return nil
}

func (w *Writer) endBlock() error {
	b := &w.current
	if w.blocks == nil || b.height == 0 {
		return nil
	}
	row, err := w.blocks.add()
	if err != nil {
		return err
	}
	text, parent := &w.blocks.text, w.names.Block(b.height-1)
	*row = block{
		Number: b.height, Hash: text.hex(b.hash[:]), ParentHash: text.hex(parent[:]), Timestamp: at(b.time),
		GasUsed: b.gasUsed, BaseFeePerGas: b.baseFee * gwei, TransactionCount: b.count,
	}
	return nil
}

// to is whom a transaction calls: the token's contract, if it transfers tokens.
func (w *Writer) to(tx *world.EthereumTx) [20]byte {
	if tx.Input == world.TokenTransfer {
		return w.names.Token(tx.Token)
	}
	return w.names.Ethereum(tx.To)
}

func (w *Writer) transaction(tx *world.EthereumTx, hash [32]byte) error {
	row, err := w.transactions.add()
	if err != nil {
		return err
	}
	text, from := &w.transactions.text, w.names.Ethereum(tx.From)
	*row = transaction{
		Hash: text.hex(hash[:]), Nonce: tx.Nonce, TransactionIndex: int64(tx.Index), FromAddress: text.hex(from[:]),
		Value: text.units(world.Ether, tx.Value), Gas: gasLimit(tx), GasPrice: tx.GasPrice * gwei, Input: w.input(text, tx),
		GasUsed: tx.GasUsed, Status: status(tx.Failed), BlockTimestamp: at(tx.Time), BlockNumber: tx.Height,
		BlockHash: text.hex(w.current.hash[:]), EffectiveGasPrice: tx.GasPrice * gwei,
	}
	if tx.Input == world.Creation {
		created := w.names.Ethereum(tx.Creates)
		row.ContractAddress = text.hex(created[:])
	} else {
		to := w.to(tx)
		row.ToAddress = text.hex(to[:])
	}
	return nil
}

func status(failed bool) int64 {
	if failed {
		return 0
	}
	return 1
}

// gasLimit is what the sender allowed: what failed had too little.
func gasLimit(tx *world.EthereumTx) int64 {
	if tx.Failed || tx.Input == world.Plain {
		return tx.GasUsed
	}
	return tx.GasUsed + tx.GasUsed/5
}

// input is the call data: transfer(address,uint256) is whole, of the others
// there is the beginning only.
func (w *Writer) input(a *arena, tx *world.EthereumTx) text {
	switch tx.Input {
	case world.TokenTransfer:
	case world.ContractCall:
		return a.copy("0x12aa3caf")
	case world.Creation:
		return a.copy("0x608060405234801561001057600080fd5b50")
	default:
		return a.copy("0x")
	}
	from := len(*a)
	*a = append(*a, "0xa9059cbb"...)
	if len(tx.Logs) > 0 {
		to, l := w.names.Ethereum(tx.Logs[0].To), &tx.Logs[0]
		*a = append(*a, strings.Repeat("0", 24)...)
		*a = names.AppendDigits(*a, to[:])
		high, low := uint64(0), uint64(l.Amount)
		if l.Token == world.DAI {
			high, low = bits.Mul64(low, gwei)
		}
		*a = append(*a, strings.Repeat("0", 32)...)
		*a = appendWord(appendWord(*a, high), low)
	}
	return a.cell(from)
}

func appendWord(to []byte, n uint64) []byte {
	for shift := 56; shift >= 0; shift -= 8 {
		to = names.AppendDigits(to, []byte{byte(n >> shift)})
	}
	return to
}

func (w *Writer) transfer(tx *world.EthereumTx, l *world.Log, i int, hash [32]byte) error {
	w.told[l.Token] = true
	row, err := w.transfers.add()
	if err != nil {
		return err
	}
	text, token, from, to := &w.transfers.text, w.names.Token(l.Token), w.names.Ethereum(l.From), w.names.Ethereum(l.To)
	*row = tokenTransfer{
		TokenAddress: text.hex(token[:]), FromAddress: text.hex(from[:]), ToAddress: text.hex(to[:]),
		Value: text.units(l.Token, l.Amount), TransactionHash: text.hex(hash[:]), LogIndex: int64(tx.FirstLog + i),
		BlockTimestamp: at(tx.Time), BlockNumber: tx.Height,
	}
	return nil
}

// calls writes the transaction's own call and those inside it.
func (w *Writer) calls(tx *world.EthereumTx, hash [32]byte) error {
	root := world.Call{Kind: "call", From: tx.From, To: tx.To, Value: tx.Value}
	row, err := w.call(tx, &root, hash)
	if err != nil {
		return err
	}
	if text := &w.traces.text; tx.Input == world.Creation {
		created := w.names.Ethereum(tx.Creates)
		row.TraceType, row.CallType, row.ToAddress = text.copy("create"), nil, text.hex(created[:])
	} else {
		to := w.to(tx)
		row.ToAddress = text.hex(to[:])
	}
	for i := range tx.Calls {
		if _, err := w.call(tx, &tx.Calls[i], hash); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) call(tx *world.EthereumTx, c *world.Call, hash [32]byte) (*trace, error) {
	row, err := w.traces.add()
	if err != nil {
		return nil, err
	}
	text, from, to := &w.traces.text, w.names.Ethereum(c.From), w.names.Ethereum(c.To)
	*row = trace{
		TransactionHash: text.hex(hash[:]), TransactionIndex: text.copy(strconv.Itoa(tx.Index)),
		FromAddress: text.hex(from[:]), ToAddress: text.hex(to[:]), Value: text.units(world.Ether, c.Value),
		TraceType: text.copy("call"), CallType: text.copy(c.Kind), Status: status(tx.Failed || c.Failed),
		BlockTimestamp: at(tx.Time), BlockNumber: tx.Height, BlockHash: text.hex(w.current.hash[:]),
	}
	if c.Path != "" {
		row.TraceAddress = text.copy(strings.ReplaceAll(c.Path, "_", ","))
	}
	switch {
	case c.Failed:
		row.Error = text.copy("Reverted")
	case tx.Failed && c.Path == "":
		row.Error = text.copy("Out of gas")
	}
	id := len(*text)
	*text = append(append(append(*text, "call_"...), row.TransactionHash...), '_')
	*text = append(*text, c.Path...)
	row.TraceID = text.cell(id)
	return row, nil
}

// reward writes ether that a block made.
func (w *Writer) reward(tx *world.EthereumTx) error {
	if w.traces == nil {
		return nil
	}
	row, err := w.traces.add()
	if err != nil {
		return err
	}
	text, to := &w.traces.text, w.names.Ethereum(tx.To)
	*row = trace{
		ToAddress: text.hex(to[:]), Value: text.units(world.Ether, tx.Value), TraceType: text.copy("reward"), Status: 1,
		BlockTimestamp: at(tx.Time), BlockNumber: tx.Height, BlockHash: text.hex(w.current.hash[:]),
	}
	id := len(*text)
	*text = append(strconv.AppendInt(append(*text, "reward_"...), tx.Height, 10), '_')
	*text = strconv.AppendInt(*text, w.current.rewards, 10)
	row.TraceID = text.cell(id)
	w.current.rewards++
	return nil
}
