package btcnode

// transactionLine is a line of transactions.json. Amounts are in satoshi.
type transactionLine struct {
	Hash           string       `json:"hash"`
	Version        int          `json:"version"`
	LockTime       int64        `json:"lock_time"`
	VirtualSize    int          `json:"virtual_size"`
	BlockNumber    int64        `json:"block_number"`
	BlockHash      string       `json:"block_hash"`
	BlockTimestamp int64        `json:"block_timestamp"`
	IsCoinbase     bool         `json:"is_coinbase"`
	Index          int          `json:"index"`
	InputCount     int          `json:"input_count"`
	OutputCount    int          `json:"output_count"`
	InputValue     uint64       `json:"input_value"`
	OutputValue    uint64       `json:"output_value"`
	Fee            uint64       `json:"fee"`
	Inputs         []inputLine  `json:"inputs"`
	Outputs        []outputLine `json:"outputs"`
}

// inputLine spends an output.
type inputLine struct {
	Index                int      `json:"index"`
	SpentTransactionHash string   `json:"spent_transaction_hash"`
	SpentOutputIndex     int      `json:"spent_output_index"`
	Sequence             uint32   `json:"sequence"`
	Type                 string   `json:"type"`
	Addresses            []string `json:"addresses"`
	Value                uint64   `json:"value"`
}

// outputLine is an output. One that carries data has no address.
type outputLine struct {
	Index     int      `json:"index"`
	ScriptHex string   `json:"script_hex"`
	Type      string   `json:"type"`
	Addresses []string `json:"addresses"`
	Value     uint64   `json:"value"`
}
