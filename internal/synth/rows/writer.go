package rows

import (
	"errors"
	"path/filepath"
	"slices"

	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Writer writes the transactions of a play as they happen.
type Writer struct {
	names names.Namer

	// Tables that are not wanted are nil.
	blocks       *table[block]
	transactions *table[transaction]
	transfers    *table[tokenTransfer]
	traces       *table[trace]
	tokens       *table[token]
	bitcoin      *table[bitcoinTransaction]

	current blockSum
	told    [256]bool // tokens that moved
}

// New writes below a folder: the Ethereum tables that are named, and Bitcoin's.
func New(dir string, tables []string, format Format, n names.Namer) *Writer {
	return &Writer{
		names:        n,
		blocks:       wanted[block](dir, "blocks", tables, format),
		transactions: wanted[transaction](dir, "transactions", tables, format),
		transfers:    wanted[tokenTransfer](dir, "token_transfers", tables, format),
		traces:       wanted[trace](dir, "traces", tables, format),
		tokens:       wanted[token](dir, "tokens", tables, format),
		bitcoin:      &table[bitcoinTransaction]{dir: filepath.Join(dir, "bitcoin", "transactions"), format: format, nested: true},
	}
}

func wanted[T any](dir, name string, tables []string, format Format) *table[T] {
	if !slices.Contains(tables, name) {
		return nil
	}
	return &table[T]{dir: filepath.Join(dir, "ethereum", name), format: format}
}

// Count is a table and how many rows it has.
type Count struct {
	Table string // "ethereum/blocks"
	Rows  int64
}

// Counts are the tables that are written, in a fixed order.
func (w *Writer) Counts() []Count {
	var list []Count
	count := func(name string, rows int64, there bool) {
		if there {
			list = append(list, Count{name, rows})
		}
	}
	count("ethereum/blocks", rowsOf(w.blocks), w.blocks != nil)
	count("ethereum/transactions", rowsOf(w.transactions), w.transactions != nil)
	count("ethereum/token_transfers", rowsOf(w.transfers), w.transfers != nil)
	count("ethereum/traces", rowsOf(w.traces), w.traces != nil)
	count("ethereum/tokens", rowsOf(w.tokens), w.tokens != nil)
	count("bitcoin/transactions", rowsOf(w.bitcoin), rowsOf(w.bitcoin) > 0)
	return list
}

func rowsOf[T any](t *table[T]) int64 {
	if t == nil {
		return 0
	}
	return t.total
}

// Close writes what is left. Bitcoin has no folder if nothing happened there.
func (w *Writer) Close() error {
	err := errors.Join(w.endBlock(), w.writeTokens())
	for _, t := range w.all() {
		err = errors.Join(err, t.close())
	}
	return err
}

// Abandon closes the files as they are.
func (w *Writer) Abandon() {
	for _, t := range w.all() {
		t.abandon()
	}
}

type closer interface {
	close() error
	abandon()
}

func (w *Writer) all() []closer {
	var list []closer
	if w.blocks != nil {
		list = append(list, w.blocks)
	}
	if w.transactions != nil {
		list = append(list, w.transactions)
	}
	if w.transfers != nil {
		list = append(list, w.transfers)
	}
	if w.traces != nil {
		list = append(list, w.traces)
	}
	if w.tokens != nil {
		list = append(list, w.tokens)
	}
	if w.bitcoin.total > 0 {
		list = append(list, w.bitcoin)
	}
	return list
}

// writeTokens tells the tokens that moved.
func (w *Writer) writeTokens() error {
	if w.tokens == nil {
		return nil
	}
	for t, moved := range w.told {
		if !moved {
			continue
		}
		row, err := w.tokens.add()
		if err != nil {
			return err
		}
		what, contract, text := names.About(world.Token(t)), w.names.Token(world.Token(t)), &w.tokens.text
		*row = token{text.hex(contract[:]), text.copy(what.Symbol), text.copy(what.Name), what.Decimals}
	}
	return nil
}
