package bulk

// Transfer is one row of token_transfers in ethereum-etl's layout.
type Transfer struct {
	TokenAddress    string `parquet:"token_address,dict"`
	FromAddress     string `parquet:"from_address,plain"`
	ToAddress       string `parquet:"to_address,plain"`
	Value           string `parquet:"value,plain"` // base 10, millionths of a dollar
	TransactionHash string `parquet:"transaction_hash,plain"`
	LogIndex        int64  `parquet:"log_index,plain"`
	BlockNumber     int64  `parquet:"block_number,plain"`
	BlockTimestamp  int64  `parquet:"block_timestamp,timestamp(microsecond),plain"`
}

// Token is the contract of USDT, the only token there is.
const Token = "0xdac17f958d2ee523a2206206994597c13d831ec7"

const (
	firstBlock   = 16_308_190
	firstTime    = 1_672_531_211 // seconds since 1970 UTC
	slot         = 12            // seconds
	rowsPerBlock = 40
)
