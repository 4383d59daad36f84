package dataset

// Columns of blocks. The table tells no transfers; it gives the head, and the
// times of tables without block_timestamp.
const (
	blockNumber = iota
	blockHash
	blockTime
)

func blocksLayout() *layout {
	return &layout{
		table: "blocks",
		columns: []column{
			blockNumber: {name: "number", must: true},
			blockHash:   {name: "hash"},
			blockTime:   {name: "timestamp"},
		},
		height: blockNumber, clock: blockTime, block: blockHash,
		touch: touchCells(),
		tell: func(t *teller, r *row) error {
			return t.place(r, blockNumber, blockTime)
		},
	}
}
