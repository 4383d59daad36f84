package dataset

import "github.com/scamtrace/scamtrace/internal/chain"

// column is a column of a table that this package reads. Others are ignored.
type column struct {
	name string
	// must says that a file without the column cannot be read.
	must bool
	// key says that the column holds addresses: it is decoded for every row.
	key bool
	// given says that an empty key is a bad row.
	given bool
	// list says that the column is a list, of records if it has fields.
	list   bool
	fields []column
}

// layout is a table as the exporters write it, and what its rows mean.
type layout struct {
	// table is the name by which files are found.
	table   string
	columns []column
	// height, clock and block are the places of the block's number, time and
	// hash among columns.
	height, clock, block int
	// touch fills r.touched with every address that a transfer of the row may
	// touch. Bytes that are no address may be among them.
	touch func(r *row)
	// tell gives the row's transfers to t. It checks the whole row.
	tell func(t *teller, r *row) error
	// flat says that the keys are plain columns whose text is the address.
	flat bool
}

// layouts are the tables of a family, in the order in which their transfers
// are told.
func layouts(f chain.Family) []*layout {
	if f == chain.UTXO {
		return []*layout{blocksLayout(), outputsLayout()}
	}
	return []*layout{blocksLayout(), transactionsLayout(), tracesLayout(), logsLayout(), tokensLayout()}
}

// column is the place of the named column, -1 if there is none.
func (l *layout) column(name string) int {
	for i := range l.columns {
		if l.columns[i].name == name {
			return i
		}
	}
	return -1
}

// touchCells is the touch of tables whose key columns hold one address each.
func touchCells(columns ...int) func(*row) {
	return func(r *row) {
		r.touched = r.touched[:0]
		for _, i := range columns {
			if c := &r.cells[i]; c.kind == text {
				r.touched = append(r.touched, c.b)
			}
		}
	}
}
