package table

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

type assetKey struct{ chain, asset string }

// total is a sum and the number of what was summed up.
type total struct {
	sum       big.Int
	transfers int64
}

// totals are sums by chain and asset.
type totals map[assetKey]*total

func (t totals) at(k assetKey) *total {
	s := t[k]
	if s == nil {
		s = &total{}
		t[k] = s
	}
	return s
}

func (t totals) keys() []assetKey {
	var out []assetKey
	for k := range t {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b assetKey) int {
		return cmp.Or(cmp.Compare(a.chain, b.chain), cmp.Compare(a.asset, b.asset))
	})
	return out
}

// add adds an exact text; false where it is none.
func (s *total) add(text string) bool {
	if text == "" {
		return true // not known
	}
	a, err := chain.ParseAmount(text)
	if err != nil {
		return false
	}
	s.sum.Add(&s.sum, a.ToBig())
	return true
}

// transferTotals sums up transfers.value, and counts the inputs and outputs of
// each chain.
func (c *checker) transferTotals() (sums totals, entries map[string]int64, err error) {
	type projection struct {
		Chain   string `parquet:"chain,dict"`
		Kind    string `parquet:"kind,dict"`
		Asset   string `parquet:"asset"`
		Value   string `parquet:"value_lossless"`
		Inputs  *int64 `parquet:"inputs,optional"`
		Outputs *int64 `parquet:"outputs,optional"`
	}
	sums, entries = totals{}, map[string]int64{}
	for r, err := range rowsOf[projection](c, "transfers") {
		if err != nil {
			return nil, nil, err
		}
		s := sums.at(assetKey{r.Chain, r.Asset})
		s.transfers++
		if !s.add(r.Value) {
			c.find("transfers", "%q is no amount", r.Value)
		}
		if r.Kind == chain.Output.String() && r.Inputs != nil && r.Outputs != nil {
			entries[r.Chain] += *r.Inputs + *r.Outputs
		}
	}
	return sums, entries, nil
}

// flows sums up flows and compares. On account chains the number of transfers
// must agree too.
func (c *checker) flows() error {
	want, _, err := c.transferTotals()
	if err != nil {
		return err
	}
	got := totals{}
	exact := map[assetKey]bool{}
	var last *Flow
	for r, err := range rowsOf[Flow](c, "flows") {
		if err != nil {
			return err
		}
		k := assetKey{r.Chain, r.Asset}
		s := got.at(k)
		s.transfers += r.Transfers
		exact[k] = r.SplitRule == SplitExact
		if !s.add(r.ValueLossless) {
			c.find("flows", "%q is no amount", r.ValueLossless)
		}
		if r.FirstTimestamp > r.LastTimestamp {
			c.find("flows", "%s to %s ends before it starts", r.FromAddress, r.ToAddress)
		}
		if last != nil && last.compare(*r) >= 0 && last.Chain == r.Chain {
			c.find("flows", "%s to %s is twice or out of order", r.FromAddress, r.ToAddress)
		}
		last = r
	}
	for _, k := range got.keys() {
		want.at(k)
	}
	for _, k := range want.keys() {
		w, g := want[k], got.at(k)
		if w.sum.Cmp(&g.sum) != 0 {
			c.find("flows", "%s on %s: flows add up to %s, transfers to %s", k.asset, k.chain, &g.sum, &w.sum)
		}
		if exact[k] && w.transfers != g.transfers {
			c.find("flows", "%s on %s: flows count %d transfers of %d", k.asset, k.chain, g.transfers, w.transfers)
		}
	}
	return nil
}

// entries compares the outputs in entries with the Bitcoin rows of transfers.
func (c *checker) entries() error {
	type projection struct {
		Chain string `parquet:"chain,dict"`
		Side  string `parquet:"side,dict"`
		Value string `parquet:"value_lossless,optional"`
	}
	want, counts, err := c.transferTotals()
	if err != nil {
		return err
	}
	got := totals{}
	for r, err := range rowsOf[projection](c, "entries") {
		if err != nil {
			return err
		}
		s := got.at(assetKey{r.Chain, string(chain.Native)})
		s.transfers++
		if r.Side == SideOut && !s.add(r.Value) {
			c.find("entries", "%q is no amount", r.Value)
		}
	}
	for name := range counts {
		got.at(assetKey{name, string(chain.Native)})
	}
	for _, k := range got.keys() {
		g := got[k]
		if g.transfers != counts[k.chain] {
			c.find("entries", "%s: %d entries, transfers count %d", k.chain, g.transfers, counts[k.chain])
		}
		if w := want.at(k); w.sum.Cmp(&g.sum) != 0 {
			c.find("entries", "%s: outputs add up to %s, transfers to %s", k.chain, &g.sum, &w.sum)
		}
	}
	return nil
}
