package node

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// tokensProved is of how many tokens of an address, by the token's address, the
// balance is compared: who gets much spam has hundreds.
const tokensProved = 50

// prove compares what was told with what the state says: nonces with outgoing
// transactions, balances with sums of movements. A token's word is its own: one
// that lies, rebases or takes fees does not add up, and the gap names it.
func (q *inquiry) prove(ctx context.Context, all *sums) ([]chain.Gap, error) {
	var gaps []chain.Gap
	for _, proof := range []func(context.Context, *sums) ([]chain.Gap, error){q.proveNonces, q.proveBalances, q.proveTokens} {
		found, err := proof(ctx, all)
		if err != nil {
			u, err := q.server.gapOf(ctx, err)
			if err != nil {
				return nil, err
			}
			found = []chain.Gap{{Span: q.Span, Reason: u.reason, Effect: chain.Unproved}}
		}
		gaps = append(gaps, found...)
	}
	return gaps, nil
}

func (q *inquiry) doubt(at int, kind chain.Kind, reason string) chain.Gap {
	return chain.Gap{Address: q.texts[at], Kind: kind, Span: q.Span, Reason: reason, Effect: chain.Unproved}
}

// unproven is the gap of a proof that could not be made at all.
func (q *inquiry) unproven(kind chain.Kind, reason string) []chain.Gap {
	return []chain.Gap{{Kind: kind, Span: q.Span, Reason: reason, Effect: chain.Unproved}}
}

// stateless is the reason of a proof that needs state which the server lacks.
func (q *inquiry) stateless(what string) string {
	return fmt.Sprintf("%s no longer has the state at the borders of the window, so %s could not be compared: ask an archive node to prove them",
		q.server.name, what)
}

// at is the parameter for the state after a block.
func stateRequest(method string, height uint64, params ...any) jsonrpc.Request {
	return jsonrpc.Request{Method: method, Params: append(params, hexText(height))}
}

// nonces are how many transactions each asked address sent in the span.
func (s *Server) nonces(ctx context.Context, q *inquiry) ([]uint64, error) {
	counts := func(height uint64) ([]uint64, error) {
		rs := make([]jsonrpc.Request, len(q.texts))
		for i, a := range q.texts {
			rs[i] = stateRequest("eth_getTransactionCount", height, string(a))
		}
		out := make([]uint64, len(rs))
		return out, s.each(ctx, q, rs, func(i int, v jsontext.Value) (err error) {
			out[i], err = number(v)
			return err
		})
	}
	now, err := counts(q.Span.To)
	if err != nil || q.Span.From == 0 {
		return now, err
	}
	before, err := counts(q.Span.From - 1)
	if err != nil {
		return nil, err
	}
	for i := range now {
		if now[i] < before[i] {
			// A contract that destroyed itself and was made anew.
			now[i] = before[i]
		}
		now[i] -= before[i]
	}
	return now, nil
}

// each asks many things of the state and reads each answer. The first failure
// ends it.
func (s *Server) each(ctx context.Context, q *inquiry, rs []jsonrpc.Request, read func(i int, v jsontext.Value) error) error {
	for from := 0; from < len(rs); from += lightBatch {
		replies, err := s.ask(ctx, s.light, q.pinText, rs[from:min(from+lightBatch, len(rs))])
		if err != nil {
			return err
		}
		for k := range replies {
			if err := s.settle(ctx, s.light, &replies[k], func(v jsontext.Value, _ bool) error { return read(from+k, v) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellsNative reports whether every movement of native value is told.
func (q *inquiry) tellsNative() bool {
	return q.kinds.has(chain.Fee) && q.kinds.has(chain.NativeKind) && q.kinds.has(chain.Internal) && q.ways.internal()
}

// proveNonces compares the outgoing transactions that were told with the nonces.
func (q *inquiry) proveNonces(ctx context.Context, all *sums) ([]chain.Gap, error) {
	if !q.kinds.has(chain.Fee, chain.NativeKind) {
		return nil, nil
	}
	if q.nonces == nil {
		return q.unproven(chain.NativeKind, q.unprovedReason()), nil
	}
	var more []int
	var gaps []chain.Gap
	for at, n := range q.nonces {
		if q.hubs[at] || all.untold[at] || all.signed[at] || n == all.sent[at] {
			continue
		}
		more = append(more, at)
	}
	rs := make([]jsonrpc.Request, len(more))
	for i, at := range more {
		rs[i] = stateRequest("eth_getCode", q.Span.To, string(q.texts[at]))
	}
	err := q.server.each(ctx, q, rs, func(i int, v jsontext.Value) error {
		code, err := digits(v)
		if string(v) == `"0x"` {
			code, err = nil, nil
		}
		if at := more[i]; err == nil && len(code) == 0 {
			// A contract's nonce counts what it created instead.
			gaps = append(gaps, q.doubt(at, chain.NativeKind,
				fmt.Sprintf("%s told another number of outgoing transactions than the nonce says", q.server.name)))
		}
		return err
	})
	if is(err, fetch.Pruned) {
		return q.unproven(chain.NativeKind, q.stateless("nonces")), nil
	}
	return gaps, err
}

func (q *inquiry) unprovedReason() string {
	return q.unproved + ": outgoing transactions could not be compared with nonces"
}

// proveBalances compares what came and went of native value with the balances.
func (q *inquiry) proveBalances(ctx context.Context, all *sums) ([]chain.Gap, error) {
	if !q.tellsNative() {
		return nil, nil
	}
	var which []int
	for at := range q.texts {
		if !q.hubs[at] && !all.untold[at] && !all.mined[at] {
			which = append(which, at)
		}
	}
	request := func(at int, height uint64) jsonrpc.Request {
		return stateRequest("eth_getBalance", height, string(q.texts[at]))
	}
	wrong, err := compare(ctx, q, which, request, func(at int) chain.Amount {
		if a := all.native[at]; a != nil {
			return *a
		}
		return chain.Amount{}
	})
	if is(err, fetch.Pruned) {
		return q.unproven(chain.NativeKind, q.stateless("native balances")), nil
	}
	gaps := make([]chain.Gap, 0, len(wrong))
	for _, at := range wrong {
		gaps = append(gaps, q.doubt(at, chain.NativeKind,
			fmt.Sprintf("the native movements that %s told do not add up to the balance", q.server.name)))
	}
	return gaps, err
}

// proveTokens compares what came and went of tokens with what they say of the
// balances.
func (q *inquiry) proveTokens(ctx context.Context, all *sums) ([]chain.Gap, error) {
	if !q.ways.logs || !q.kinds.has(chain.Token) {
		return nil, nil
	}
	list := slices.SortedFunc(maps.Keys(all.tokens), func(a, b holding) int {
		if a.at != b.at {
			return a.at - b.at
		}
		return bytes.Compare(a.token[:], b.token[:])
	})
	var which []holding
	last, n := -1, 0
	for _, h := range list {
		if h.at != last {
			last, n = h.at, 0
		}
		if n++; n <= tokensProved && !all.untold[h.at] && !q.hubs[h.at] {
			which = append(which, h)
		}
	}
	type call struct {
		To   string `json:"to"`
		Data string `json:"data"`
	}
	request := func(h holding, height uint64) jsonrpc.Request {
		owner := string(q.texts[h.at][2:])
		return stateRequest("eth_call", height, call{string(addressText(&h.token)), "0x70a08231000000000000000000000000" + owner})
	}
	wrong, err := compare(ctx, q, which, request, func(h holding) chain.Amount { return *all.tokens[h] })
	if is(err, fetch.Pruned) {
		return q.unproven(chain.Token, q.stateless("token balances")), nil
	}
	gaps := make([]chain.Gap, 0, len(wrong))
	for _, h := range wrong {
		gaps = append(gaps, q.doubt(h.at, chain.Token,
			fmt.Sprintf("the movements of token %s that %s told do not add up to the balance that the token tells", addressText(&h.token), q.server.name)))
	}
	return gaps, err
}

// compare finds what does not add up: whose balance at the end of the span, less
// that before it, is not the sum. All is modulo 2^256.
func compare[K any](ctx context.Context, q *inquiry, which []K, request func(K, uint64) jsonrpc.Request, sum func(K) chain.Amount) ([]K, error) {
	balances := func(which []K, height uint64) ([]chain.Amount, []bool, error) {
		rs := make([]jsonrpc.Request, len(which))
		for i, k := range which {
			rs[i] = request(k, height)
		}
		out, known := make([]chain.Amount, len(rs)), make([]bool, len(rs))
		for from := 0; from < len(rs); from += lightBatch {
			replies, err := q.server.ask(ctx, q.server.light, q.pinText, rs[from:min(from+lightBatch, len(rs))])
			if err != nil {
				return nil, nil, err
			}
			for k := range replies {
				r := &replies[k]
				err := q.server.settle(ctx, q.server.light, r, func(v jsontext.Value, _ bool) error {
					i := from + k
					if v.Kind() == 'n' && r.request.Method == "eth_getBalance" {
						return fmt.Errorf("the balance %w", errNull)
					}
					switch d, err := digits(v); {
					case v.Kind() == 'n' || string(v) == `"0x"`:
						known[i] = v.Kind() != 'n' && height < q.Span.From
						return nil // no contract there, or one that fails
					case err != nil:
						return err
					case len(d) > 64:
						return nil
					}
					known[i] = true
					return amount(&out[i], v)
				})
				if err != nil {
					return nil, nil, err
				}
			}
		}
		return out, known, nil
	}
	after, known, err := balances(which, q.Span.To)
	if err != nil {
		return nil, err
	}
	before, knownBefore := make([]chain.Amount, len(which)), known
	if q.Span.From > 0 {
		if before, knownBefore, err = balances(which, q.Span.From-1); err != nil {
			return nil, err
		}
	}
	var wrong []K
	for i, k := range which {
		delta := sum(k)
		after[i].Sub(&after[i], &before[i])
		if !known[i] || !knownBefore[i] || after[i] != delta {
			wrong = append(wrong, k)
		}
	}
	if q.Span.From > 0 || len(wrong) == 0 {
		return wrong, nil
	}
	// What block 0 gave out is no movement.
	if before, knownBefore, err = balances(wrong, 0); err != nil {
		return nil, err
	}
	end, known, err := balances(wrong, q.Span.To)
	if err != nil {
		return nil, err
	}
	var still []K
	for i, k := range wrong {
		delta := sum(k)
		end[i].Sub(&end[i], &before[i])
		if !known[i] || !knownBefore[i] || end[i] != delta {
			still = append(still, k)
		}
	}
	return still, nil
}
