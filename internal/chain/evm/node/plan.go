package node

import (
	"context"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// pieces is into how many spans a long window is cut at most, so that workers
// share it, and pieceBlocks how short a piece may be.
const (
	pieces      = 8
	pieceBlocks = 8 * firstCut
)

// Plan implements live.Server.
func (s *Server) Plan(ctx context.Context, asked chain.Question, pin chain.Block) ([]chain.Part, error) {
	if asked.Span.From > asked.Span.To || len(asked.Addresses) == 0 {
		return nil, nil
	}
	if pin.Height != asked.Span.To {
		return nil, fmt.Errorf("%w: a question up to block %d with the pin %d", chain.ErrInput, asked.Span.To, pin.Height)
	}
	q, err := s.inquire(asked, pin)
	if err != nil {
		return nil, err
	}
	if q.ways, err = s.waysFor(ctx, q); err != nil {
		return nil, err
	}
	parts := []chain.Part{gapsPart(q.lacks())}
	slots := 0
	slot := func() int { slots++; return slots - 1 }
	if q.ways.scan {
		for _, span := range epochs(q.Span) {
			parts = append(parts, &scanPart{q, slot(), span})
		}
	}
	for _, span := range spans(q.Span) {
		for from := 0; from < len(q.texts) && (q.ways.logs || q.ways.filter); from += listLength {
			list := make([]int, min(listLength, len(q.texts)-from))
			for i := range list {
				list[i] = from + i
			}
			if q.ways.logs {
				parts = append(parts, &logPart{q, slot(), list, span})
			}
			if q.ways.filter {
				parts = append(parts, &filterPart{q, slot(), list, span})
			}
		}
	}
	q.sums = make([]*sums, slots)
	return parts, nil
}

// spans cuts a long window where a range of blocks is asked for.
func spans(span chain.Span) []chain.Span {
	step := uint64(pieceBlocks)
	for (span.To-span.From)/step >= pieces {
		step *= 2
	}
	var out []chain.Span
	for from := span.From; ; from += step {
		if span.To-from < step {
			return append(out, chain.Span{From: from, To: span.To})
		}
		out = append(out, chain.Span{From: from, To: from + step - 1})
	}
}

// lacks declares what the server cannot tell.
func (q *inquiry) lacks() []chain.Gap {
	var gaps []chain.Gap
	gap := func(k chain.Kind, reason string) {
		if q.kinds.has(k) {
			gaps = append(gaps, chain.Gap{Kind: k, Span: q.Span, Reason: reason})
		}
	}
	if q.ways.scan && !q.ways.traced {
		reason := fmt.Sprintf("internal movements are not covered: server %s has neither trace_filter nor debug_traceBlockByNumber", q.server.name)
		if q.server.way == wayNone {
			reason = "internal movements are not covered: the case says internal=none"
		}
		gap(chain.Internal, reason)
	}
	switch {
	case q.ways.filter:
		gap(chain.Reward, "rewards of blocks are not covered: trace_filter does not tell tips and withdrawals; internal=debug reads the blocks for them")
	case q.ways.scan && foreign(q.server.chain.ID):
		gap(chain.Reward, fmt.Sprintf("rewards of blocks are not covered: %s has rules of its own for them", q.server.chain.Name))
	}
	return gaps
}

// gapsPart tells nothing but what the server cannot.
type gapsPart []chain.Gap

// Ask implements chain.Part.
func (p gapsPart) Ask(ctx context.Context, _ func(*chain.Transfer) error) ([]chain.Gap, error) {
	return p, ctx.Err()
}

// Estimate implements live.Estimator, by the formulas of a server without caps
// on ranges.
func (s *Server) Estimate(addresses int, span chain.Span, kinds []chain.Kind) (int64, string) {
	if addresses <= 0 || span.From > span.To {
		return 0, "nothing is asked"
	}
	n, blocks := int64(addresses), int64(span.To-span.From+1)
	over := func(a, b int64) int64 { return (a + b - 1) / b }
	k := kindsOf(kinds)
	lists := over(n, listLength) * int64(len(spans(span)))
	logs := 2*lists + 4*over(n, lightBatch)
	logsNote := "eth_getLogs by lists of 1,000 addresses, token balances"
	if blocks <= wholeWindow {
		logs += over(blocks, headersAtOnce)
		logsNote += ", one header for each block"
	} else {
		logs += sampledHeaders / lightBatch
	}
	if !k.has(chain.Fee, chain.NativeKind, chain.Internal, chain.Reward) {
		return logs, logsNote + "; a server that caps ranges needs a request for each of them"
	}
	proofs := 4 * over(n, lightBatch)
	if s.way == wayFilter {
		total := 2*lists + 2*over(40*n, lightBatch) + proofs
		if k.has(chain.Token) {
			total += logs
		}
		return total, "trace_filter by lists of 1,000 addresses, with receipts of about 40 transactions each; " + logsNote
	}
	total := over(2*blocks, 2*scanned) + over(blocks, epochBlocks) + proofs
	note := "every block of the window with its receipts, whatever the number of addresses"
	if k.has(chain.Internal) && s.way != wayNone {
		total += over(blocks, heavyBatch)
		note = "every block of the window with its receipts and traces, whatever the number of addresses"
	}
	if s.way == wayAuto {
		note += "; a server with trace_filter needs far less"
	}
	return total, note
}
