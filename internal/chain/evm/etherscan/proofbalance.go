package etherscan

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// mostTokens is how many tokens of one address are held against its balances.
const mostTokens = 20

// sums are what came in and went out, by asset.
type sums map[chain.Asset]*flow

type flow struct {
	in, out chain.Amount
	over    bool // above 2^256-1: a token that lies
}

// add counts what a row moved for an address, idle rows but for genesis left
// out.
func (s *sums) add(r *row, a chain.Address) {
	if r.idle && !r.genesis || r.failed || r.undone {
		return
	}
	asset := r.asset
	if asset == "" {
		asset = chain.Native
	}
	if *s == nil {
		*s = sums{}
	}
	f := (*s)[asset]
	if f == nil {
		f = &flow{}
		(*s)[asset] = f
	}
	if r.from == a {
		f.pay(&r.fee)
	}
	if r.tx.Status == chain.Failed {
		return
	}
	if r.from == a {
		f.pay(&r.value)
	}
	if r.to == a {
		_, over := f.in.AddOverflow(&f.in, &r.value)
		f.over = f.over || over
	}
}

func (f *flow) pay(v *chain.Amount) {
	_, over := f.out.AddOverflow(&f.out, v)
	f.over = f.over || over
}

// leaves reports whether what came in is what went out and the balance.
func (f *flow) leaves(balance *chain.Amount) bool {
	var sum chain.Amount
	_, over := sum.AddOverflow(&f.out, balance)
	return !over && !f.over && sum == f.in
}

// proveBalances holds sums against balances as they are now. Where one does not
// fit, what moved after the span is asked for and added, a page of each list.
// Only whole histories can be held against a balance.
func (p *part) proveBalances(ctx context.Context, lists []*told, gaps []chain.Gap) ([]chain.Gap, error) {
	set := p.server.set
	if p.span.From > 0 {
		return nil, nil
	}
	missing := kinds(0) // kinds that have a gap, and those that miss something
	had := kinds(0)
	for _, g := range gaps {
		had |= 1 << g.Kind
		if g.Effect == chain.Missing {
			missing |= 1 << g.Kind
		}
	}
	b := &balanceProof{part: p, lists: lists}
	native := []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal}
	whole := !slices.ContainsFunc(native, missing.has)
	switch {
	case !set.balance || slices.ContainsFunc(native, func(k chain.Kind) bool { return !p.kinds.has(k) }):
	case whole:
		if err := b.hold(ctx, chain.Native, native...); err != nil {
			return nil, err
		}
	default:
		left := slices.DeleteFunc(native, had.has)
		b.doubt("the balance proves nothing, since a list is not whole", left...)
	}
	set.tokens = set.tokens && !missing.has(chain.Token)
	if i := slices.IndexFunc(lists, func(t *told) bool { return t.list.action == tokens().action }); set.tokens && i >= 0 {
		b.gaps = append(b.gaps, p.proveCalls(lists)...)
		assets := slices.Sorted(maps.Keys(lists[i].sums))
		for _, asset := range assets[:min(len(assets), mostTokens)] {
			if err := b.hold(ctx, asset, chain.Token); err != nil {
				return nil, err
			}
		}
	}
	return b.gaps, nil
}

type balanceProof struct {
	part  *part
	lists []*told
	gaps  []chain.Gap
}

// doubt declares kinds that were not proved.
func (b *balanceProof) doubt(reason string, kinds ...chain.Kind) {
	for _, kind := range kinds {
		b.gaps = append(b.gaps, chain.Gap{
			Address: b.part.address, Kind: kind, Span: b.part.span, Reason: reason, Effect: chain.Unproved,
		})
	}
}

// hold holds one asset's sum against its balance.
func (b *balanceProof) hold(ctx context.Context, asset chain.Asset, kinds ...chain.Kind) error {
	p := b.part
	balance, err := p.server.balance(ctx, p.pin, p.address, asset)
	if err == nil {
		all := b.total(asset)
		if all.leaves(&balance) {
			return nil
		}
		if err = b.later(ctx, asset, &all); err == nil && all.leaves(&balance) {
			return nil
		}
	}
	if err == nil || errors.Is(err, errLong) {
		b.doubt("the balance of "+string(asset)+" is not what the listed movements come to", kinds...)
		return nil
	}
	reason, ok := p.server.excuse("what the balance is held against", err)
	if !ok {
		return err
	}
	b.doubt(reason, kinds...)
	return nil
}

// total adds up an asset over the lists.
func (b *balanceProof) total(asset chain.Asset) flow {
	var all flow
	for _, t := range b.lists {
		f := t.sums[asset]
		if f == nil {
			continue
		}
		all.pay(&f.out)
		_, over := all.in.AddOverflow(&all.in, &f.in)
		all.over = all.over || over || f.over
	}
	return all
}

// errLong says that more moved after the span than one page holds.
var errLong = errors.New("more than a page moved after the span")

// later adds what moved after the span.
func (b *balanceProof) later(ctx context.Context, asset chain.Asset, all *flow) error {
	p := b.part
	if p.span.To >= openEnd {
		return nil
	}
	for _, t := range b.lists {
		if (t.list.action == tokens().action) != (asset != chain.Native) {
			continue
		}
		rows, err := p.server.page(ctx, p.pin, &page{
			list: *t.list, address: p.address, span: chain.Span{From: p.span.To + 1, To: openEnd}, number: 1, rows: pageRows,
		})
		if err != nil {
			return err
		}
		if len(rows) >= pageRows {
			return errLong
		}
		if t.list.whole {
			settle(rows)
		}
		var s sums
		for i := range rows {
			s.add(&rows[i], p.address)
		}
		if f := s[asset]; f != nil {
			all.pay(&f.out)
			_, over := all.in.AddOverflow(&all.in, &f.in)
			all.over = all.over || over || f.over
		}
	}
	return nil
}

// balance is what an address has of an asset now.
func (s *Server) balance(ctx context.Context, pin string, a chain.Address, asset chain.Asset) (chain.Amount, error) {
	q := url.Values{
		"chainid": {s.number}, "module": {"account"}, "action": {"balance"}, "address": {string(a)}, "tag": {"latest"},
	}
	if asset != chain.Native {
		q.Set("action", "tokenbalance")
		q.Set("contractaddress", string(asset))
	}
	open := func(r fetch.Reply) (out chain.Amount, v fetch.Verdict) {
		result, v := extract(r)
		if v.Class != fetch.Final {
			return out, v
		}
		out, err := readBalance(result)
		if err != nil {
			return out, fetch.Verdict{Class: fetch.Broken, Reason: clip(err.Error())}
		}
		return out, v
	}
	call := fetch.Call{Name: q.Get("action"), Query: q, Pin: pin, Judge: func(r fetch.Reply) fetch.Verdict {
		_, v := open(r)
		return v
	}}
	reply, err := s.client.Ask(ctx, call)
	if err != nil {
		return chain.Amount{}, err
	}
	out, v := open(reply)
	if v.Class != fetch.Final {
		return out, &fetch.Error{Server: s.name, Call: call.Name, Class: v.Class, Reason: v.Reason}
	}
	return out, nil
}

func readBalance(v jsontext.Value) (chain.Amount, error) {
	f := field{given: true}
	if err := json.Unmarshal(v, &f.text); err != nil { // never a number
		return chain.Amount{}, err
	}
	var a chain.Amount
	err := amount(&a, f, "balance")
	return a, err
}
