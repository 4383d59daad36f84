package etherscan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// proveSent holds the transactions that an account sent against its nonce. An
// account numbers what it sends from 0 on, without holes, so every one that is
// missing is known to be.
//
// What is asked, all of it archived: the nonce as it is now; if that is more
// than what came, the list after the span, which must go on with the next
// number; for a span that does not begin at block 0, the newest transaction
// before it. What does not fit is asked for again, and then the code at the
// address tells whether numbers may be used up otherwise: contracts count what
// they create, and accounts that delegate to code (EIP-7702) count each
// delegation.
func (p *part) proveSent(ctx context.Context, lists []*told, gaps []chain.Gap) ([]chain.Gap, error) {
	i := slices.IndexFunc(lists, (*told).numbered)
	if !p.server.set.nonce || i < 0 {
		return nil, nil
	}
	t := lists[i]
	if slices.ContainsFunc(gaps, func(g chain.Gap) bool { return slices.Contains(t.list.kinds, g.Kind) }) {
		return nil, nil // it is known to be incomplete
	}
	proof := &nonceProof{part: p, told: t}
	err := proof.run(ctx)
	if err != nil {
		reason, ok := p.server.excuse("what counts the transactions", err)
		if !ok {
			return nil, err
		}
		return p.unproved(t, reason), nil
	}
	if proof.doubt != "" {
		return p.unproved(t, proof.doubt), nil
	}
	if proof.missing == "" {
		return nil, nil
	}
	return p.judgeHole(ctx, t, proof.missing)
}

// nonceProof is one proof under way.
type nonceProof struct {
	part  *part
	told  *told
	start uint64 // the number of the first transaction that may lie in the span
	next  uint64 // the number that must follow
	// missing names transactions that are not listed, doubt says why nothing
	// could be proved.
	missing, doubt string
}

// hole are numbers that no transaction has, and the blocks in which it should.
type hole struct {
	from, to uint64 // both missing
	blocks   chain.Span
}

// run sets missing or doubt, or neither if all is there.
func (n *nonceProof) run(ctx context.Context) error {
	p := n.part
	now, err := p.server.sent(ctx, p.pin, p.address)
	if err != nil {
		return err
	}
	if err := n.begin(ctx, now); err != nil || n.doubt != "" {
		return err
	}
	if holes := n.holes(); len(holes) > 0 {
		for _, h := range holes[:min(len(holes), 3)] {
			if err := n.again(ctx, h.blocks); err != nil {
				return err
			}
		}
	}
	if holes := n.holes(); len(holes) > 0 {
		n.missing = fmt.Sprintf("transactions %d to %d that it sent", holes[0].from, holes[0].to)
		return nil
	}
	if n.next >= now {
		return nil // or the node is behind the list
	}
	return n.after(ctx)
}

// begin finds the number of the first transaction that may lie in the span.
func (n *nonceProof) begin(ctx context.Context, now uint64) error {
	p := n.part
	if p.span.From == 0 || now == 0 {
		return nil
	}
	before := &page{
		list: *n.told.list, address: p.address, span: chain.Span{To: p.span.From - 1},
		number: 1, rows: pageRows, newest: true,
	}
	rows, err := p.server.page(ctx, p.pin, before)
	if err != nil {
		return err
	}
	known := !mayBeCut(len(rows), pageRows)
	for i := range rows {
		if rows[i].sentBy(p.address) {
			n.start, known = max(n.start, rows[i].nonce+1), true
		}
	}
	if !known {
		n.doubt = "what it sent before is too far back to count from"
	}
	return nil
}

// holes are the numbers from start on that are missing below the highest; next
// becomes the one after it.
func (n *nonceProof) holes() []hole {
	sent := slices.SortedFunc(slices.Values(n.told.sent), func(a, b outgoing) int {
		return cmp.Compare(a.nonce, b.nonce)
	})
	n.next = n.start
	since := n.part.span.From
	var holes []hole
	for _, o := range sent {
		if o.nonce > n.next {
			holes = append(holes, hole{n.next, o.nonce - 1, chain.Span{From: min(since, o.height), To: max(since, o.height)}})
		}
		if o.nonce >= n.next {
			n.next, since = o.nonce+1, o.height
		}
	}
	return holes
}

// again asks for some blocks again. The question differs from the first one in
// the size of its pages, so that the archive does not answer it.
func (n *nonceProof) again(ctx context.Context, blocks chain.Span) error {
	p, t := n.part, n.told
	w := &walk{
		server: p.server, pin: p.pin, list: *t.list, address: p.address, rows: pageRows - 1, facts: t.facts,
		take: func(rows []row, _ bool) error {
			for i := range rows {
				if _, known := t.known[rows[i].tx.Hash]; known || rows[i].genesis {
					continue
				}
				if err := t.take(rows[i : i+1]); err != nil {
					return err
				}
			}
			return nil
		},
	}
	_, err := w.run(ctx, blocks)
	// What was found stands behind rows of later blocks.
	slices.SortStableFunc(t.rows, func(a, b row) int { return a.tx.Pos.Compare(b.tx.Pos) })
	return err
}

// after looks for the next number behind the span, where it must be if it is not
// missing inside. If it is not there, the end of the list was perhaps cut off.
func (n *nonceProof) after(ctx context.Context) error {
	p := n.part
	if found, err := n.follows(ctx); err != nil || found {
		return err
	}
	before := n.next
	tail := p.span
	for _, o := range n.told.sent {
		tail.From = max(tail.From, o.height)
	}
	if err := n.again(ctx, tail); err != nil {
		return err
	}
	holes := n.holes()
	if n.next > before && len(holes) == 0 {
		if found, err := n.follows(ctx); err != nil || found {
			return err
		}
	}
	n.missing = fmt.Sprintf("transactions from %d on that it sent", before)
	return nil
}

// follows reports whether the next number is behind the span, or none is.
func (n *nonceProof) follows(ctx context.Context) (bool, error) {
	p := n.part
	now, err := p.server.sent(ctx, p.pin, p.address)
	if err != nil || n.next >= now {
		return err == nil, err
	}
	later := &page{
		list: *n.told.list, address: p.address, span: chain.Span{From: p.span.To + 1, To: openEnd},
		number: 1, rows: pageRows,
	}
	rows, err := p.server.page(ctx, p.pin, later)
	return slices.ContainsFunc(rows, func(r row) bool { return r.sentBy(p.address) && r.nonce == n.next }), err
}

// judgeHole says what a hole means.
func (p *part) judgeHole(ctx context.Context, t *told, missing string) ([]chain.Gap, error) {
	code, err := p.server.code(ctx, p.pin, p.address)
	if err != nil {
		if _, ok := p.server.excuse("eth_getCode", err); !ok {
			return nil, err
		}
		code = ""
	}
	switch {
	case strings.HasPrefix(strings.ToLower(code), "0xef0100"):
		return p.unproved(t, p.server.name+" does not list "+missing+", which may be delegations (EIP-7702)"), nil
	case len(code) > len("0x"):
		return nil, nil // a contract: it does not number transactions
	}
	var gaps []chain.Gap
	for _, k := range t.list.kinds {
		if p.kinds.has(k) {
			gaps = append(gaps, chain.Gap{
				Address: p.address, Kind: k, Span: p.span, Effect: chain.Missing,
				Reason: p.server.name + " does not list " + missing,
			})
		}
	}
	return gaps, nil
}

// unproved declares that a list could not be proved to be whole.
func (p *part) unproved(t *told, reason string) []chain.Gap {
	var gaps []chain.Gap
	for _, k := range t.list.kinds {
		if p.kinds.has(k) {
			gaps = append(gaps, chain.Gap{Address: p.address, Kind: k, Span: p.span, Reason: reason, Effect: chain.Unproved})
		}
	}
	return gaps
}
