package bulk

// Transfer is one row of token_transfers in ethereum-etl's layout.
type Transfer struct {
	TokenAddress    string `parquet:"token_address,dict"`
	FromAddress     string `parquet:"from_address,plain"`
	ToAddress       string `parquet:"to_address,plain"`
	Value           string `parquet:"value,plain"` // base 10, in base units
	TransactionHash string `parquet:"transaction_hash,plain"`
	LogIndex        int64  `parquet:"log_index,plain"`
	BlockNumber     int64  `parquet:"block_number,plain"`
	BlockTimestamp  int64  `parquet:"block_timestamp,timestamp(microsecond),plain"`
}
