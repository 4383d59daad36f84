package table

import (
	"cmp"
	"iter"
	"math/big"
	"path/filepath"
	"slices"
)

// rowsOf yields the rows of all files of a table, with the file. An error ends
// the check of the rule.
func rowsOf[T any](c *checker, table string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for _, f := range c.filesOf(table) {
			for row, err := range Read[T](c.ctx, filepath.Join(c.dir, filepath.FromSlash(f.Path))) {
				if !yield(&row, err) || err != nil {
					return
				}
			}
		}
	}
}

func (c *checker) filesOf(table string) []File {
	for _, t := range c.m.Tables {
		if t.Name == table {
			return t.Files
		}
	}
	return nil
}

type place struct{ chain, address string }

func (c *checker) visits() error {
	type projection struct {
		Chain   string `parquet:"chain"`
		Address string `parquet:"address"`
		Hop     int64  `parquet:"hop"`
		Parent  string `parquet:"parent,optional"`
	}
	hops := map[place]int64{}
	for v, err := range rowsOf[projection](c, "visits") {
		if err != nil {
			return err
		}
		at := place{v.Chain, v.Address}
		if _, twice := hops[at]; twice {
			c.find("visits", "%s on %s is visited twice", v.Address, v.Chain)
		}
		hops[at] = v.Hop
	}
	for v, err := range rowsOf[projection](c, "visits") {
		if err != nil {
			return err
		}
		parent, known := hops[place{v.Chain, v.Parent}]
		switch {
		case v.Address == "" || v.Hop < 0:
			c.find("visits", "address %q at hop %d", v.Address, v.Hop)
		case v.Parent == "" && v.Hop != 0:
			c.find("visits", "%s at hop %d has no parent", v.Address, v.Hop)
		case v.Parent != "" && !known:
			c.find("visits", "%s has the parent %s, which is not visited", v.Address, v.Parent)
		case v.Parent != "" && parent >= v.Hop:
			c.find("visits", "%s at hop %d has a parent at hop %d", v.Address, v.Hop, parent)
		}
	}
	return nil
}

func (c *checker) stops() error {
	if c.known.Stops == nil {
		return nil
	}
	type projection struct {
		Stop *string `parquet:"stop,optional"`
	}
	for _, table := range []string{"visits", "endpoints"} {
		for r, err := range rowsOf[projection](c, table) {
			if err != nil {
				return err
			}
			if r.Stop != nil && !slices.Contains(c.known.Stops, *r.Stop) {
				c.find(table, "stop %q is no known rule", *r.Stop)
			}
		}
	}
	return nil
}

func (c *checker) conservation() error {
	seen := map[lotKey]bool{}
	for r, err := range rowsOf[Conservation](c, "conservation") {
		if err != nil {
			return err
		}
		where := r.CaseID + " " + r.Seed + " " + r.Method + " " + r.Chain + " " + r.Asset
		if key := (lotKey{r.CaseID, r.Seed, r.Method, r.Chain, r.Asset}); seen[key] {
			c.find("conservation", "%s is twice", where)
		} else {
			seen[key] = true
		}
		balance, ok := r.balance()
		switch {
		case !ok:
			c.find("conservation", "%s: an amount is no number", where)
		case balance.String() != r.DifferenceLossless:
			c.find("conservation", "%s: the difference is %s, the row says %s", where, balance, r.DifferenceLossless)
		case balance.Sign() != 0 && !slices.Contains(c.known.Unconserved, r.Method):
			c.find("conservation", "%s: %s units were lost or made", where, balance)
		}
	}
	return nil
}

type lotKey struct{ caseID, seed, method, chain, asset string }

func (c *checker) endpoints() error {
	type pair struct{ resting, stopped big.Int }
	sums := map[lotKey]*pair{}
	for r, err := range rowsOf[Endpoint](c, "endpoints") {
		if err != nil {
			return err
		}
		key := lotKey{r.CaseID, r.Seed, r.Method, r.Chain, r.Asset}
		s := sums[key]
		if s == nil {
			s = &pair{}
			sums[key] = s
		}
		n, ok := new(big.Int).SetString(r.ValueLossless, 10)
		switch {
		case !ok:
			c.find("endpoints", "%s: %q is no number", r.Address, r.ValueLossless)
		case r.Stop == "":
			s.resting.Add(&s.resting, n)
		default:
			s.stopped.Add(&s.stopped, n)
		}
	}
	for r, err := range rowsOf[Conservation](c, "conservation") {
		if err != nil {
			return err
		}
		key := lotKey{r.CaseID, r.Seed, r.Method, r.Chain, r.Asset}
		s := sums[key]
		if s == nil {
			s = &pair{}
		}
		delete(sums, key)
		if slices.Contains(c.known.Unconserved, r.Method) {
			continue
		}
		if s.resting.String() != r.RestingLossless || s.stopped.String() != r.StoppedLossless {
			c.find("endpoints", "%v: %s rest and %s stopped, conservation says %s and %s", key, &s.resting, &s.stopped, r.RestingLossless, r.StoppedLossless)
		}
	}
	var rest []lotKey
	for key := range sums {
		if !slices.Contains(c.known.Unconserved, key.method) {
			rest = append(rest, key)
		}
	}
	slices.SortFunc(rest, func(a, b lotKey) int {
		return cmp.Or(cmp.Compare(a.caseID, b.caseID), cmp.Compare(a.seed, b.seed), cmp.Compare(a.method, b.method),
			cmp.Compare(a.chain, b.chain), cmp.Compare(a.asset, b.asset))
	})
	for _, key := range rest {
		c.find("endpoints", "%v is not in conservation", key)
	}
	return nil
}

func (c *checker) clusters() error {
	for r, err := range rowsOf[Link](c, "links") {
		if err != nil {
			return err
		}
		if r.AddressA == "" || r.AddressB == "" || r.Heuristic == "" {
			c.find("links", "a link of %q and %q by %q", r.AddressA, r.AddressB, r.Heuristic)
		}
	}
	seen := map[place]bool{}
	for r, err := range rowsOf[Cluster](c, "clusters") {
		if err != nil {
			return err
		}
		at := place{r.Chain, r.Address}
		switch {
		case r.Address == "" || r.ClusterID == "":
			c.find("clusters", "address %q in cluster %q", r.Address, r.ClusterID)
		case seen[at]:
			c.find("clusters", "%s on %s is in more than one row", r.Address, r.Chain)
		}
		seen[at] = true
	}
	return nil
}

func (c *checker) coverage() error {
	type projection struct {
		Complete bool `parquet:"complete"`
	}
	var gaps int64
	for r, err := range rowsOf[projection](c, "coverage") {
		if err != nil {
			return err
		}
		if !r.Complete {
			gaps++
		}
	}
	if gaps != c.m.Gaps {
		c.find("coverage", "%d gaps, the manifest says %d", gaps, c.m.Gaps)
	}
	return nil
}
