package score

import (
	"context"
	"errors"
	"math/big"
	"os"

	"github.com/scamtrace/scamtrace/internal/table"
)

// Tables are the rows of a published run that are scored.
type Tables struct {
	Visits       []table.Visit
	Transfers    []table.Transfer
	Entries      []table.Entry
	Labels       []table.Label
	Links        []table.Link
	Clusters     []table.Cluster
	Taint        []table.Taint
	Endpoints    []table.Endpoint
	Conservation []table.Conservation
}

// ReadTables reads them from the folder of a run.
func ReadTables(ctx context.Context, dir string) (*Tables, error) {
	t := &Tables{}
	return t, errors.Join(
		rows(ctx, dir, "visits", &t.Visits), rows(ctx, dir, "transfers", &t.Transfers),
		rows(ctx, dir, "entries", &t.Entries), rows(ctx, dir, "labels", &t.Labels), rows(ctx, dir, "links", &t.Links),
		rows(ctx, dir, "clusters", &t.Clusters), rows(ctx, dir, "taint", &t.Taint), rows(ctx, dir, "endpoints", &t.Endpoints),
		rows(ctx, dir, "conservation", &t.Conservation),
	)
}

func rows[T any](ctx context.Context, dir, name string, to *[]T) error {
	paths, err := table.Paths(dir, name)
	if errors.Is(err, os.ErrNotExist) {
		return nil // a table without rows may have no files
	}
	if err != nil {
		return err
	}
	for row, err := range table.Read[T](ctx, paths...) {
		if err != nil {
			return err
		}
		*to = append(*to, row)
	}
	return nil
}

// Run is a published run, ready to be looked things up in.
type Run struct {
	*Tables
	visits  map[Place]*table.Visit
	moved   map[Movement]*table.Transfer
	outs    map[Place][]string // by chain and transaction: who was paid
	ins     map[Place][]string // by chain and transaction: who paid
	cluster map[Place]string
	actor   map[Place]string
	tainted map[Movement]bool
	traced  map[[2]string]bool // by chain and asset: whether any seed had it
}

// NewRun indexes the tables of a run.
func NewRun(t *Tables) *Run {
	r := &Run{
		Tables: t,
		visits: map[Place]*table.Visit{}, moved: map[Movement]*table.Transfer{},
		outs: map[Place][]string{}, ins: map[Place][]string{},
		cluster: map[Place]string{}, actor: map[Place]string{}, tainted: map[Movement]bool{},
		traced: map[[2]string]bool{},
	}
	for i := range t.Visits {
		v := &t.Visits[i]
		r.visits[Place{v.Chain, v.Address}] = v
	}
	for i := range t.Transfers {
		x := &t.Transfers[i]
		r.moved[movementOf(x)] = x
	}
	for i := range t.Entries {
		e := &t.Entries[i]
		side := r.outs
		if e.Side == table.SideIn {
			side = r.ins
		}
		if e.Address != "" {
			tx := Place{e.Chain, e.TransactionHash}
			side[tx] = append(side[tx], e.Address)
		}
	}
	for _, c := range t.Clusters {
		r.cluster[Place{c.Chain, c.Address}] = c.ClusterID
	}
	for _, l := range t.Labels {
		if l.Winner {
			r.actor[Place{l.Chain, l.Address}] = l.Actor
		}
	}
	for i := range t.Taint {
		if x := &t.Taint[i]; x.ValueLossless != "0" {
			r.tainted[taintedMovement(x)] = true
		}
	}
	for _, c := range t.Conservation {
		if c.InjectedLossless != "0" {
			r.traced[[2]string{c.Chain, c.Asset}] = true
		}
	}
	return r
}

// payees are the visits of whom a movement paid. Not all of them were met.
func (r *Run) payees(x *table.Transfer) []*table.Visit {
	paid := r.outs[Place{x.Chain, x.TransactionHash}]
	if x.ToAddress != "" {
		paid = []string{x.ToAddress}
	}
	var out []*table.Visit
	for _, a := range paid {
		if v := r.visits[Place{x.Chain, a}]; v != nil {
			out = append(out, v)
		}
	}
	return out
}

// followed says whether the crawl went on from an address.
func followed(v *table.Visit) bool { return v != nil && v.Stop == "" }

// Clustered says in which cluster each place is that is in one.
func (r *Run) Clustered() map[Place]string { return r.cluster }

// Fees are the fees of all transactions of a chain that the run knows, in base
// units.
func (r *Run) Fees(chain string) *big.Int {
	sum := new(big.Int)
	for _, x := range r.Transfers {
		if x.Chain == chain && x.FeeLossless != "" {
			sum.Add(sum, units(x.FeeLossless))
		}
	}
	return sum
}
