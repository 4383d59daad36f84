package rows

// block is a row of blocks. Only blocks in which something happened are told.
type block struct {
	Number           int64  `parquet:"number,plain"`
	Hash             text   `parquet:"hash,string,plain"`
	ParentHash       text   `parquet:"parent_hash,string,plain"`
	Timestamp        moment `parquet:"timestamp,timestamp(microsecond),plain"`
	GasUsed          int64  `parquet:"gas_used,plain"`
	BaseFeePerGas    int64  `parquet:"base_fee_per_gas,plain"`
	TransactionCount int64  `parquet:"transaction_count,plain"`
}

// transaction is a row of transactions. Amounts are in wei, as decimal text.
type transaction struct {
	Hash              text   `parquet:"hash,string,plain"`
	Nonce             int64  `parquet:"nonce,plain"`
	TransactionIndex  int64  `parquet:"transaction_index,plain"`
	FromAddress       text   `parquet:"from_address,string,plain"`
	ToAddress         text   `parquet:"to_address,string,plain,optional"` // null: creates ContractAddress
	Value             text   `parquet:"value,string,plain"`
	Gas               int64  `parquet:"gas,plain"`
	GasPrice          int64  `parquet:"gas_price,plain"`
	Input             text   `parquet:"input,string,plain"`
	GasUsed           int64  `parquet:"receipt_gas_used,plain"`
	ContractAddress   text   `parquet:"receipt_contract_address,string,plain,optional"`
	Status            int64  `parquet:"receipt_status,plain"`
	BlockTimestamp    moment `parquet:"block_timestamp,timestamp(microsecond),plain"`
	BlockNumber       int64  `parquet:"block_number,plain"`
	BlockHash         text   `parquet:"block_hash,string,plain"`
	EffectiveGasPrice int64  `parquet:"receipt_effective_gas_price,plain"`
}

// tokenTransfer is a row of token_transfers: one ERC-20 Transfer event.
type tokenTransfer struct {
	TokenAddress    text   `parquet:"token_address,string,dict"`
	FromAddress     text   `parquet:"from_address,string,plain"`
	ToAddress       text   `parquet:"to_address,string,plain"`
	Value           text   `parquet:"value,string,plain"`
	TransactionHash text   `parquet:"transaction_hash,string,plain"`
	LogIndex        int64  `parquet:"log_index,plain"`
	BlockTimestamp  moment `parquet:"block_timestamp,timestamp(microsecond),plain"`
	BlockNumber     int64  `parquet:"block_number,plain"`
}

// trace is a row of traces. One with an empty TraceAddress is the transaction's
// own call and tells its value a second time. A reward has no transaction.
type trace struct {
	TransactionHash  text   `parquet:"transaction_hash,string,plain,optional"`
	TransactionIndex text   `parquet:"transaction_index,string,plain,optional"`
	FromAddress      text   `parquet:"from_address,string,plain,optional"`
	ToAddress        text   `parquet:"to_address,string,plain,optional"`
	Value            text   `parquet:"value,string,plain"`
	TraceType        text   `parquet:"trace_type,string,dict"`              // call, create, reward
	CallType         text   `parquet:"call_type,string,plain,optional"`     // call, delegatecall, staticcall
	TraceAddress     text   `parquet:"trace_address,string,plain,optional"` // 0,1,2
	Error            text   `parquet:"error,string,plain,optional"`
	Status           int64  `parquet:"status,plain"` // 0 also inside of what failed
	BlockTimestamp   moment `parquet:"block_timestamp,timestamp(microsecond),plain"`
	BlockNumber      int64  `parquet:"block_number,plain"`
	BlockHash        text   `parquet:"block_hash,string,plain"`
	TraceID          text   `parquet:"trace_id,string,plain"`
}

// token is a row of tokens.
type token struct {
	Address  text  `parquet:"address,string,plain"`
	Symbol   text  `parquet:"symbol,string,plain"`
	Name     text  `parquet:"name,string,plain"`
	Decimals int64 `parquet:"decimals,plain"`
}
