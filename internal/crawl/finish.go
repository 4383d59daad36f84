package crawl

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

func (c *crawl) finish() *Result {
	var ids []ledger.AddressID
	for id := range c.nodes {
		if c.nodes[id].state != unmet {
			ids = append(ids, ledger.AddressID(id))
		}
	}
	c.sort(ids)
	c.result.Visits = make([]Visit, 0, len(ids))
	for _, id := range ids {
		n := c.nodes[id]
		v := Visit{Address: id, Hop: int(n.hop), Direction: Forward, Tx: n.tx, Parent: n.parent, HasParent: n.hop > 0}
		if n.backward {
			v.Direction = Backward
		}
		if n.stop > 0 {
			v.Stop = c.rules[n.stop-1].Name
		}
		c.result.Visits = append(c.result.Visits, v)
	}
	c.result.Gaps = c.declared()
	c.result.Asked = c.asked
	r := c.result // a pointer into c would keep all of it
	return &r
}

// declared are the gaps, in order. Those of one address and reason that touch
// become one: how a source cut its questions does not show. What an address
// that is not followed would have lacked is nobody's loss.
func (c *crawl) declared() []chain.Gap {
	gaps := make([]chain.Gap, 0, len(c.gaps))
	for g := range c.gaps {
		if g.Effect == chain.Unproved && g.Address != "" && c.hubs[g.Address] {
			continue
		}
		gaps = append(gaps, g)
	}
	slices.SortFunc(gaps, func(a, b chain.Gap) int {
		return cmp.Or(strings.Compare(string(a.Address), string(b.Address)), cmp.Compare(a.Kind, b.Kind),
			strings.Compare(a.Reason, b.Reason), cmp.Compare(a.Effect, b.Effect),
			cmp.Compare(a.Span.From, b.Span.From), cmp.Compare(a.Span.To, b.Span.To))
	})
	merged := gaps[:0]
	for _, g := range gaps {
		if n := len(merged); n > 0 {
			last := merged[n-1]
			span := last.Span
			last.Span = g.Span
			if last == g && g.Span.From <= span.To+1 {
				merged[n-1].Span = chain.Span{From: span.From, To: max(span.To, g.Span.To)}
				continue
			}
		}
		merged = append(merged, g)
	}
	return merged
}
