package rows

// bitcoinTransaction is a row of Bitcoin's transactions. Amounts are in satoshi.
type bitcoinTransaction struct {
	Hash           string   `parquet:"hash,plain" json:"hash"`
	VirtualSize    int64    `parquet:"virtual_size,plain" json:"virtual_size"`
	Version        int64    `parquet:"version,plain" json:"version"`
	LockTime       int64    `parquet:"lock_time,plain" json:"lock_time"`
	BlockHash      string   `parquet:"block_hash,plain" json:"block_hash"`
	BlockNumber    int64    `parquet:"block_number,plain" json:"block_number"`
	BlockTimestamp moment   `parquet:"block_timestamp,timestamp(microsecond),plain" json:"block_timestamp"`
	Index          int64    `parquet:"index,plain" json:"index"`
	InputCount     int64    `parquet:"input_count,plain" json:"input_count"`
	OutputCount    int64    `parquet:"output_count,plain" json:"output_count"`
	InputValue     int64    `parquet:"input_value,plain" json:"input_value"`
	OutputValue    int64    `parquet:"output_value,plain" json:"output_value"`
	IsCoinbase     bool     `parquet:"is_coinbase,plain" json:"is_coinbase"`
	Fee            int64    `parquet:"fee,plain" json:"fee"`
	Inputs         []input  `parquet:"inputs,list" json:"inputs"`
	Outputs        []output `parquet:"outputs,list" json:"outputs"`
}

// input spends an output.
type input struct {
	Index                int64    `parquet:"index,plain" json:"index"`
	SpentTransactionHash string   `parquet:"spent_transaction_hash,plain" json:"spent_transaction_hash"`
	SpentOutputIndex     int64    `parquet:"spent_output_index,plain" json:"spent_output_index"`
	Sequence             int64    `parquet:"sequence,plain" json:"sequence"`
	Type                 string   `parquet:"type,plain" json:"type"`
	Addresses            []string `parquet:"addresses,list" json:"addresses"`
	Value                int64    `parquet:"value,plain" json:"value"`
}

// output is an output. One that carries data has no address.
type output struct {
	Index     int64    `parquet:"index,plain" json:"index"`
	ScriptHex string   `parquet:"script_hex,plain" json:"script_hex"`
	Type      string   `parquet:"type,plain" json:"type"`
	Addresses []string `parquet:"addresses,list" json:"addresses"`
	Value     int64    `parquet:"value,plain" json:"value"`
}
