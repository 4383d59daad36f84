// Package dataset is the source that answers from a folder of files: exports of
// ethereum-etl and bitcoin-etl, the AWS public blockchain data sets, and exports
// of BigQuery's crypto_ethereum and crypto_bitcoin. Files are CSV, JSON lines or
// Parquet; plain, gzip or zstd.
//
// A table is found by the name of its file or of a folder above it:
//
//	transactions.csv.gz   token_transfers_0001.jsonl   logs/date=2023-05-02/part-0.parquet
//
// Invariant: a file is read strictly or not at all. A bad row is an error that
// names file and line; it is never skipped. What a row says is decided in one
// place for each table (transactions.go, traces.go, tokens.go, logs.go,
// outputs.go), whatever its format. A question is tested against the addresses
// of a row first; other columns are decoded for rows that hit, and for every
// row of a text file the first time it is read. So a Parquet file's addresses
// are always checked, its other columns where they are told.
//
// Limits that the data impose:
//   - logs are preferred to token_transfers. token_transfers of ethereum-etl
//     hold ERC-721 transfers as well, whose value is a token id: without logs
//     they cannot be told apart and are taken for ERC-20.
//   - a trace's status accounts for reverted parents; its error does not.
//     Without a status column a gap is declared.
//   - rewards, genesis and daofork allocations belong to no transaction. Their
//     Tx.Hash is the block's hash where the row tells it, else SHA-256 of
//     "scamtrace reward CHAIN HEIGHT ORDINAL". Ordinal is the number in
//     trace_id, three apart with the type (reward, genesis, daofork) as
//     remainder; without trace_id it is the row's number in its file.
//
// Memory follows what is emitted: one window of rows a part, and an index whose
// size in memory is bounded. Rows that are read again and again lie on disk: see
// shelf.
package dataset
