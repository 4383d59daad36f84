package compound

import "fmt"

// ethereumFiles are tables of ethereum-etl, with the columns that its BigQuery
// export adds.
func (s *Set) ethereumFiles() []file {
	e := s.Ethereum
	blocks := newTable("number", "hash", "parent_hash", "gas_used", "timestamp", "transaction_count", "base_fee_per_gas")
	for _, b := range e.Blocks {
		blocks.row(b.Number, b.Hash, b.ParentHash, b.GasUsed, b.Timestamp, b.TransactionCount, b.BaseFeePerGas)
	}
	txs := newTable("hash", "nonce", "block_hash", "block_number", "transaction_index", "from_address", "to_address",
		"value", "gas", "gas_price", "input", "block_timestamp", "receipt_status", "receipt_gas_used",
		"receipt_effective_gas_price", "receipt_contract_address")
	for _, t := range e.Transactions {
		txs.row(t.Hash, t.Nonce, t.BlockHash, t.BlockNumber, t.TransactionIndex, t.FromAddress, t.ToAddress,
			t.Value, t.Gas, t.GasPrice, t.Input, t.BlockTimestamp, t.ReceiptStatus, t.ReceiptGasUsed,
			t.EffectiveGasPrice, t.ContractAddress)
	}
	moves := newTable("token_address", "from_address", "to_address", "value", "transaction_hash", "log_index",
		"block_number", "block_timestamp")
	for _, t := range e.TokenTransfers {
		moves.row(t.TokenAddress, t.FromAddress, t.ToAddress, t.Value, t.TransactionHash, t.LogIndex, t.BlockNumber, t.BlockTimestamp)
	}
	traces := newTable("transaction_hash", "transaction_index", "trace_address", "trace_type", "call_type",
		"from_address", "to_address", "value", "error", "status", "block_number", "block_timestamp")
	for _, t := range e.Traces {
		index := fmt.Sprint(t.TransactionIndex)
		if t.TransactionHash == "" {
			index = ""
		}
		traces.row(t.TransactionHash, index, t.TraceAddress, t.TraceType, t.CallType, t.FromAddress, t.ToAddress,
			t.Value, t.Error, t.Status, t.BlockNumber, t.BlockTimestamp)
	}
	tokens := newTable("address", "symbol", "name", "decimals")
	for _, t := range e.Tokens {
		tokens.row(t.Address, t.Symbol, t.Name, t.Decimals)
	}
	return []file{
		{"ethereum/blocks.csv.gz", gzipped(blocks.bytes())},
		{"ethereum/transactions.csv.gz", gzipped(txs.bytes())},
		{"ethereum/token_transfers.csv.gz", gzipped(moves.bytes())},
		{"ethereum/traces.csv.gz", gzipped(traces.bytes())},
		{"ethereum/tokens.csv.gz", gzipped(tokens.bytes())},
	}
}
