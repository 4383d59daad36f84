// Package rows writes a play as tables: Ethereum in the layout of ethereum-etl
// with the columns that its BigQuery export adds, Bitcoin in that of
// bitcoin-etl. Tables are written while the play goes on, in bounded memory, and
// equal plays give equal bytes.
package rows
