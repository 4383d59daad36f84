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
	for g := range c.gaps {
		c.result.Gaps = append(c.result.Gaps, g)
	}
	slices.SortFunc(c.result.Gaps, func(a, b chain.Gap) int {
		return cmp.Or(strings.Compare(string(a.Address), string(b.Address)), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Span.From, b.Span.From), cmp.Compare(a.Span.To, b.Span.To), strings.Compare(a.Reason, b.Reason))
	})
	c.result.Asked = c.asked
	return &c.result
}
