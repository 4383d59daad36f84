package evmnode

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// Export writes the chain as CSV files in the layout of ethereum-etl:
//
//	blocks.csv        every block, block 0 included
//	transactions.csv  every transaction, with the columns of its receipt
//	logs.csv          every log
//	traces.csv        every call, creation and self-destruction inside a
//	                  transaction, failed ones too: trace_type call, create or
//	                  suicide. There are none of type reward, genesis or daofork.
//
// It takes blocks and receipts as the chain maker made them, and traces from a
// second execution that is watched frame by frame. No code of a driver has a
// part in it.
//
// What ether blocks create without a transaction (tips of the miner,
// withdrawals) is no row of any table: see ExportRewards.
func (s *Story) Export(dir string) error { return s.export(dir, false) }

// ExportRewards is Export with withdrawals as traces of type reward, their
// trace_id reward_HEIGHT_INDEX with the withdrawal's place in its block.
func (s *Story) ExportRewards(dir string) error { return s.export(dir, true) }

func (s *Story) export(dir string, rewards bool) error {
	traces, err := s.watch()
	if err != nil {
		return err
	}
	tables := map[string]*sheet{
		"blocks": newSheet("number", "hash", "parent_hash", "nonce", "transactions_root", "state_root", "receipts_root",
			"miner", "difficulty", "size", "extra_data", "gas_limit", "gas_used", "timestamp", "transaction_count",
			"base_fee_per_gas", "withdrawals_root"),
		"transactions": newSheet("hash", "nonce", "block_hash", "block_number", "transaction_index", "from_address", "to_address",
			"value", "gas", "gas_price", "input", "block_timestamp", "max_fee_per_gas", "max_priority_fee_per_gas", "transaction_type",
			"max_fee_per_blob_gas", "receipt_cumulative_gas_used", "receipt_gas_used", "receipt_contract_address", "receipt_status",
			"receipt_effective_gas_price", "receipt_blob_gas_price", "receipt_blob_gas_used"),
		"logs": newSheet("log_index", "transaction_hash", "transaction_index", "block_hash", "block_number", "address", "data", "topics",
			"block_timestamp"),
		"traces": newSheet("block_number", "transaction_hash", "transaction_index", "from_address", "to_address", "value", "input",
			"output", "trace_type", "call_type", "reward_type", "gas", "gas_used", "subtraces", "trace_address", "error", "status",
			"trace_id", "block_timestamp", "block_hash"),
	}
	s.exportBlock(tables, s.root, nil)
	for i, b := range s.Blocks {
		s.exportBlock(tables, b, s.Receipts[i])
		for k, tx := range b.Transactions() {
			exportFrames(tables["traces"], b, k, tx.Hash(), traces[tx.Hash()])
		}
		if rewards {
			exportWithdrawals(tables["traces"], b)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, t := range tables {
		if err := os.WriteFile(filepath.Join(dir, name+".csv"), t.bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// exportBlock writes the rows of a block, its transactions and their logs.
func (s *Story) exportBlock(tables map[string]*sheet, b *types.Block, receipts types.Receipts) {
	h := b.Header()
	tables["blocks"].row(b.NumberU64(), b.Hash(), h.ParentHash, h.Nonce.Uint64(), h.TxHash, h.Root, h.ReceiptHash, h.Coinbase,
		h.Difficulty, b.Size(), hexutil.Encode(h.Extra), h.GasLimit, h.GasUsed, h.Time, len(b.Transactions()), h.BaseFee, h.WithdrawalsHash)
	signer := types.LatestSigner(s.Genesis.Config)
	for k, tx := range b.Transactions() {
		r := receipts[k]
		from, err := types.Sender(signer, tx)
		if err != nil {
			panic(err) // the chain maker has checked the signature
		}
		var maxFee, maxTip, blobFee, blobPrice, blobUsed, created any
		if tx.Type() != types.LegacyTxType {
			maxFee, maxTip = tx.GasFeeCap(), tx.GasTipCap()
		}
		if tx.Type() == types.BlobTxType {
			blobFee, blobPrice, blobUsed = tx.BlobGasFeeCap(), r.BlobGasPrice, r.BlobGasUsed
		}
		if tx.To() == nil {
			created = r.ContractAddress
		}
		tables["transactions"].row(tx.Hash(), tx.Nonce(), b.Hash(), b.NumberU64(), k, from, tx.To(),
			tx.Value(), tx.Gas(), r.EffectiveGasPrice, hexutil.Encode(tx.Data()), h.Time, maxFee, maxTip, tx.Type(),
			blobFee, r.CumulativeGasUsed, r.GasUsed, created, r.Status,
			r.EffectiveGasPrice, blobPrice, blobUsed)
		for _, l := range r.Logs {
			topics := make([]string, len(l.Topics))
			for i, t := range l.Topics {
				topics[i] = t.Hex()
			}
			tables["logs"].row(l.Index, tx.Hash(), k, b.Hash(), b.NumberU64(), l.Address, hexutil.Encode(l.Data),
				strings.Join(topics, ","), h.Time)
		}
	}
}

// exportFrames writes the traces of a transaction.
func exportFrames(t *sheet, b *types.Block, index int, hash common.Hash, frames []frame) {
	for _, f := range frames {
		var path []string
		for _, step := range f.path {
			path = append(path, strconv.Itoa(step))
		}
		status, failure := 1, any(nil)
		if f.undone {
			status = 0
		}
		if f.failure != "" {
			failure = f.failure
		}
		id := strings.Join(append([]string{f.kind, hash.Hex()}, path...), "_")
		var callType any
		if f.callType != "" {
			callType = f.callType
		}
		var to any = f.to
		if f.kind == "create" && f.failure != "" {
			to = nil // nothing was created
		}
		t.row(b.NumberU64(), hash, index, f.from, to, f.value, hexutil.Encode(f.input),
			hexutil.Encode(f.output), f.kind, callType, nil, f.gas, f.used, f.children, strings.Join(path, ","), failure, status,
			id, b.Time(), b.Hash())
	}
}

// exportWithdrawals writes the withdrawals of a block.
func exportWithdrawals(t *sheet, b *types.Block) {
	for i, w := range b.Withdrawals() {
		value := new(big.Int).Mul(new(big.Int).SetUint64(w.Amount), big.NewInt(gwei))
		t.row(b.NumberU64(), nil, nil, nil, w.Address, value, nil,
			nil, "reward", nil, "withdrawal", nil, nil, 0, "", nil, 1,
			fmt.Sprintf("reward_%d_%d", b.NumberU64(), i), b.Time(), b.Hash())
	}
}

// sheet is a CSV file in memory.
type sheet struct {
	buffer bytes.Buffer
	csv    *csv.Writer
	width  int
}

func newSheet(columns ...string) *sheet {
	t := &sheet{width: len(columns)}
	t.csv = csv.NewWriter(&t.buffer)
	_ = t.csv.Write(columns) // memory does not fail
	return t
}

// row writes one row; nil is an empty cell, hex is in lower case.
func (t *sheet) row(cells ...any) {
	if len(cells) != t.width {
		panic(errors.New("a row that does not fit its columns"))
	}
	out := make([]string, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case nil:
		case *common.Address:
			if v != nil {
				out[i] = strings.ToLower(v.Hex())
			}
		case *common.Hash:
			if v != nil {
				out[i] = v.Hex()
			}
		case common.Address:
			out[i] = strings.ToLower(v.Hex())
		case common.Hash:
			out[i] = v.Hex()
		case *big.Int:
			if v != nil {
				out[i] = v.String()
			}
		default:
			out[i] = fmt.Sprint(v)
		}
	}
	_ = t.csv.Write(out)
}

func (t *sheet) bytes() []byte {
	t.csv.Flush()
	return t.buffer.Bytes()
}
