package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/table"
)

// partRows is how many rows are one file, as in a run of the job.
const partRows = 1_000_000

// writeParts reads generated transfers into a ledger, writes them with so many
// threads as the table transfers, and reports the writing alone.
func writeParts(ctx context.Context, made, out string, threads int, w io.Writer) error {
	book, err := bulkBook(ctx, made)
	if err != nil {
		return err
	}
	debug.FreeOSMemory()
	resetPeak()
	before, begun, used := resident(), time.Now(), cpuTime()
	files, err := writeBook(ctx, table.Folder{Dir: out}, book, threads)
	if err != nil {
		return err
	}
	m := measurement{Wall: time.Since(begun).Seconds(), CPU: (cpuTime() - used).Seconds(), Before: before, Peak: peak()}
	for _, f := range files {
		m.Rows += f.Rows
		m.Bytes += f.Bytes
	}
	return json.NewEncoder(w).Encode(m)
}

// writeBook writes parts side by side, as many as there are threads.
func writeBook(ctx context.Context, f table.Folder, book *ledger.Book, threads int) ([]table.File, error) {
	n := (book.Len() + partRows - 1) / partRows
	files, errs := make([]table.File, n), make([]error, n)
	var wg sync.WaitGroup
	slots := make(chan struct{}, threads)
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			files[i], errs[i] = table.WriteTransfers(ctx, f, i, book, i*partRows, min((i+1)*partRows, book.Len()))
			<-slots
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// bulkBook is the book of generated transfers.
func bulkBook(ctx context.Context, made string) (*ledger.Book, error) {
	ethereum, err := chain.Lookup("ethereum")
	if err != nil {
		return nil, err
	}
	paths, err := table.Paths(filepath.Join(made, "ethereum"), "token_transfers")
	if err != nil {
		return nil, err
	}
	l := ledger.New(ethereum)
	for r, err := range table.Read[bulk.Transfer](ctx, paths...) {
		if err != nil {
			return nil, err
		}
		hash, err := chain.ParseHash(r.TransactionHash)
		if err != nil {
			return nil, err
		}
		var value chain.Amount
		if err := value.SetFromDecimal(r.Value); err != nil {
			return nil, err
		}
		if err := l.Add(&chain.Transfer{
			Tx: chain.Tx{
				Hash: hash, Pos: chain.Pos{Height: uint64(r.BlockNumber), Index: chain.UnknownIndex},
				Time: r.BlockTimestamp / 1_000_000, Status: chain.Succeeded,
			},
			Kind: chain.Token, Ordinal: uint32(r.LogIndex), Asset: chain.Asset(r.TokenAddress),
			In:  []chain.Entry{{Address: chain.Address(r.FromAddress), Amount: value}},
			Out: []chain.Entry{{Address: chain.Address(r.ToAddress), Amount: value}},
		}); err != nil {
			return nil, err
		}
	}
	return l.Seal(nil)
}

// resetPeak makes the peak of the resident memory begin anew, where the system
// can.
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o644) }

func resident() int64 { return status("VmRSS") }
func peak() int64     { return status("VmHWM") }
