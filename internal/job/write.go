package job

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/scamtrace/scamtrace/internal/crawl"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/table"
)

// writing collects the files of a run. Its methods may be called concurrently.
type writing struct {
	folder  table.Folder
	workers int
	mu      sync.Mutex
	files   []table.File
}

func (w *writing) add(f table.File) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files = append(w.files, f)
}

// partRows is how many rows of a large table go into one file, and how many
// such files one share of a table may have.
const (
	partRows  = 1_000_000
	shareSize = 10_000
)

// part numbers the files of one chain's share of a table, so that a file's name
// does not depend on which worker was first.
func (w *writing) part(t *trail, share int) int {
	return (t.number*16 + share) * shareSize
}

// write writes rows as files of at most partRows each, at least one.
func write[T table.Row[T]](ctx context.Context, w *writing, part int, rows []T) error {
	for first := true; first || len(rows) > 0; first = false {
		n := min(len(rows), partRows)
		f, err := table.Write(ctx, w.folder, part, rows[:n])
		if err != nil {
			return err
		}
		w.add(f)
		rows = rows[n:]
		part++
	}
	return nil
}

// tables writes what the book, the crawl and the heuristics have to say, one file
// after the other, while the traces run.
func (w *writing) tables(ctx context.Context, t *trail, labels *label.Book) error {
	var tasks []func(context.Context) error
	ranges := func(write func(context.Context, table.Folder, int, *ledger.Book, int, int) (table.File, error)) {
		for from, k := 0, 0; k == 0 || from < t.book.Len(); from, k = from+partRows, k+1 {
			tasks = append(tasks, func(ctx context.Context) error {
				f, err := write(ctx, w.folder, w.part(t, 0)+k, t.book, from, min(from+partRows, t.book.Len()))
				if err == nil {
					w.add(f)
				}
				return err
			})
		}
	}
	// Flows need the most memory of all, and the traces need most at their end.
	tasks = append(tasks, func(ctx context.Context) error { return w.flows(ctx, t) })
	ranges(table.WriteTransfers)
	ranges(table.WriteEntries) // readers find an empty table on account chains
	tasks = append(tasks,
		func(ctx context.Context) error { return w.visits(ctx, t) },
		func(ctx context.Context) error { return write(ctx, w, w.part(t, 0), t.linkRows()) },
		func(ctx context.Context) error { return write(ctx, w, w.part(t, 0), t.clusterRows()) },
		func(ctx context.Context) error { return write(ctx, w, w.part(t, 0), t.labelRows(labels)) },
	)
	for _, task := range tasks {
		if err := task(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) flows(ctx context.Context, t *trail) error {
	f, err := table.WriteFlows(ctx, w.folder, w.part(t, 0), t.book)
	if err == nil {
		w.add(f)
	}
	return err
}

func (t *trail) linkRows() []table.Link {
	b := t.book
	rows := make([]table.Link, 0, len(t.links))
	for _, l := range t.links {
		row := table.Link{
			Chain: t.chain.Name, AddressA: string(b.Text(l.A)), AddressB: string(b.Text(l.B)), Heuristic: l.Heuristic,
			TransactionHash: b.Tx(l.Tx).Hash.Text(t.chain.Family), Confidence: int64(l.Confidence),
			Accepted: t.accept[l.Heuristic], Transactions: int64(l.Count),
		}
		if !row.Accepted {
			row.Reason = "cluster.accept does not list the heuristic"
		}
		rows = append(rows, row)
	}
	return rows
}

func (t *trail) clusterRows() []table.Cluster {
	var rows []table.Cluster
	for _, c := range t.clusters {
		for _, id := range c.Members {
			rows = append(rows, table.Cluster{Chain: t.chain.Name, Address: string(t.book.Text(id)), ClusterID: c.ID})
		}
	}
	return rows
}

// visits writes what became of every address, by hop, a file for each partRows
// of them.
func (w *writing) visits(ctx context.Context, t *trail) error {
	list := slices.Clone(t.crawl.Visits)
	slices.SortStableFunc(list, func(a, b crawl.Visit) int { return cmp.Compare(a.Hop, b.Hop) })
	part := w.part(t, 0)
	for first := true; first || len(list) > 0; first = false {
		n := min(len(list), partRows)
		f, err := table.WriteVisits(ctx, w.folder, part, t.book, func(yield func(table.Met) bool) {
			for _, v := range list[:n] {
				if !yield(table.Met{
					Address: v.Address, Hop: v.Hop, Parent: v.Parent, Tx: v.Tx, HasParent: v.HasParent,
					Stop: v.Stop, Direction: string(v.Direction),
				}) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
		w.add(f)
		list, part = list[n:], part+1
	}
	return nil
}

// labelRows are the labels of the addresses that this chain's tables mention.
func (t *trail) labelRows(labels *label.Book) []table.Label {
	var rows []table.Label
	for l := range labels.All() {
		if l.Chain.ID != t.chain.ID {
			continue
		}
		if _, met := t.book.Find(l.Address); !met {
			continue
		}
		winner, _ := labels.Winner(l.Chain.ID, l.Address)
		rows = append(rows, table.Label{
			Chain: t.chain.Name, Address: string(l.Address), Label: l.Label, Category: l.Category, Actor: l.Actor,
			Source: l.Source, Confidence: int64(l.Confidence), Stop: labels.Rule(l) != "", Winner: winner == l,
		})
	}
	return rows
}

// seedRows are the seeds as given.
func seedRows(seeds []label.Seed) []table.Seed {
	var rows []table.Seed
	for _, s := range seeds {
		row := table.Seed{
			CaseID: s.CaseID, Chain: s.Chain.Name, Address: string(s.Address), Role: string(s.Role), Label: s.Label,
			Confidence: int64(s.Confidence), Source: s.Source, SourceURL: s.SourceURL, Notes: s.Notes,
		}
		if !s.ReportedAt.IsZero() {
			at := s.ReportedAt.UnixMicro()
			row.ReportedAt = &at
		}
		if s.HasTxHash {
			row.TransactionHash = s.TxHash.Text(s.Chain.Family)
		}
		if s.HasAmount {
			row.Value, row.ValueLossless = table.Pair(&s.Amount)
		}
		rows = append(rows, row)
	}
	return rows
}
