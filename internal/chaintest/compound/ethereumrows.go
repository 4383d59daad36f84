package compound

// EthereumBlock is a row of blocks.csv. Only blocks in which something of the
// set happened are told, and the last.
type EthereumBlock struct {
	Number           int64
	Hash             string
	ParentHash       string
	Timestamp        int64
	GasUsed          uint64
	TransactionCount int
	BaseFeePerGas    uint64
}

// EthereumTransaction is a row of transactions.csv. Amounts are in wei.
type EthereumTransaction struct {
	Hash              string
	Nonce             uint64
	BlockHash         string
	BlockNumber       int64
	TransactionIndex  int
	FromAddress       string
	ToAddress         string // empty: the transaction creates ContractAddress
	Value             amount
	Gas               uint64
	GasPrice          uint64
	Input             string
	BlockTimestamp    int64
	ReceiptStatus     int
	ReceiptGasUsed    uint64
	EffectiveGasPrice uint64
	ContractAddress   string
}

// TokenTransfer is a row of token_transfers.csv: one ERC-20 Transfer event.
type TokenTransfer struct {
	TokenAddress    string
	FromAddress     string
	ToAddress       string
	Value           amount
	TransactionHash string
	LogIndex        int
	BlockNumber     int64
	BlockTimestamp  int64
}

// Trace is a row of traces.csv. A trace with an empty TraceAddress is the
// transaction's own call and tells its value a second time. A reward has no
// transaction.
type Trace struct {
	TransactionHash  string
	TransactionIndex int
	TraceAddress     string // numbers with commas, as ethereum-etl writes lists
	TraceType        string // call, create, reward
	CallType         string // call, delegatecall, staticcall
	FromAddress      string
	ToAddress        string
	Value            amount
	Error            string
	Status           int // 0 also for the calls inside a call that failed
	BlockNumber      int64
	BlockTimestamp   int64
}

// Token is a row of tokens.csv.
type Token struct {
	Address  string
	Symbol   string
	Name     string
	Decimals int
}
