package crawl

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// ask puts one question for the whole frontier and adds the answer to the
// ledger. Parts are read concurrently; the ledger takes one batch at a time and
// does not depend on their order.
func (c *crawl) ask(ctx context.Context, frontier []ledger.AddressID) error {
	q := chain.Question{
		Addresses: make(map[chain.Address]struct{}, len(frontier)), Answered: c.answered,
		Span: c.cfg.Span, Kinds: c.cfg.Kinds,
	}
	for _, id := range frontier {
		q.Addresses[c.ledger.Text(id)] = struct{}{}
	}
	if c.on[c.ruleAt["super-node"]-1] {
		q.Limit = c.cfg.SuperNode.Transfers + 1
	}
	parts, err := c.in.Source.Plan(ctx, q)
	if err != nil {
		return c.fault(ctx, err)
	}
	var mu sync.Mutex
	done := 0
	answered := func() {
		if c.in.Answered != nil {
			c.in.Answered(done, len(parts))
		}
	}
	answered()
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, c.cfg.Workers))
	for _, part := range parts {
		g.Go(func() error {
			if err := gctx.Err(); err != nil {
				return err
			}
			batch := c.ledger.NewBatch()
			gaps, err := part.Ask(gctx, func(t *chain.Transfer) error {
				if batch.Take(t) {
					return nil
				}
				mu.Lock()
				defer mu.Unlock()
				if err := c.ledger.AddBatch(batch); err != nil || batch.Take(t) {
					return err
				}
				return c.ledger.Add(t)
			})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				err = c.ledger.AddBatch(batch)
			}
			for _, gap := range gaps {
				c.note(gap)
			}
			done++
			answered()
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return c.fault(ctx, err)
	}
	return ctx.Err()
}

// fault is the error of a source, with the chain's name; or ctx's, which a
// source need not return as it is.
func (c *crawl) fault(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%s: %w", c.ledger.Chain().Name, err)
}

// note takes in one gap.
func (c *crawl) note(g chain.Gap) {
	switch {
	case g.Effect == chain.Hub:
		c.hubs[g.Address] = true
		return
	case g.Effect == chain.Missing && g.Address != "":
		c.gapped[g.Address] = true
	}
	c.gaps[g] = struct{}{}
}
