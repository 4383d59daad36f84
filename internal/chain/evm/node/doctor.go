package node

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// Doctor implements live.Doctor: some forty requests, nothing of which is kept.
func (s *Server) Doctor(ctx context.Context) []live.Finding {
	head, told, err := s.head(ctx)
	if err != nil {
		return []live.Finding{s.unreachable(err)}
	}
	found := []live.Finding{
		{What: "chain id", OK: true, Text: fmt.Sprintf("%d, as for %s", s.number, s.chain.Name)},
		finality(head, told),
	}
	for _, look := range []func(context.Context, chain.Block) live.Finding{
		s.lookArchive, s.lookRange, s.lookList, s.lookBatch, s.lookTraces, s.lookReceipts,
	} {
		if ctx.Err() != nil {
			return found
		}
		found = append(found, look(ctx, head))
	}
	return found
}

func (s *Server) unreachable(err error) live.Finding {
	f := live.Finding{What: "answer", Text: err.Error(), Advice: fmt.Sprintf("check endpoints.%s.url and that the node runs", s.name)}
	switch {
	case errors.Is(err, chain.ErrInput):
		f.What, f.Advice = "chain id", fmt.Sprintf("give the URL of a node of %s", s.chain.Name)
	case errors.Is(err, fetch.ErrRefused):
		f.What, f.Advice = "key", fmt.Sprintf("check endpoints.%s.key: the server does not accept it", s.name)
	case errors.Is(err, fetch.ErrExhausted):
		f.What, f.Advice = "quota", "wait until the quota is renewed, or use another plan or server"
	case errors.Is(err, chain.ErrContradiction):
		f.What, f.Advice = "head", "the server tells what cannot be true: use another one"
	}
	return f
}

func finality(head chain.Block, told bool) live.Finding {
	f := live.Finding{What: "head", OK: true, Text: fmt.Sprintf("final block %d, as the server says", head.Height)}
	if !told {
		f.Text = fmt.Sprintf("the server knows no final block: block %d counts as final, %d below its newest", head.Height, depth)
	}
	return f
}

// try asks once for something that is not kept.
func (s *Server) try(ctx context.Context, rpc *jsonrpc.Client, method string, params ...any) (jsontext.Value, error) {
	return rpc.Call(ctx, "", jsonrpc.Request{Method: method, Params: params})
}

func (s *Server) lookArchive(ctx context.Context, head chain.Block) live.Finding {
	f := live.Finding{What: "archive depth", OK: true, Text: "the state of every block is there"}
	ask := func(height uint64) error {
		_, err := s.try(ctx, s.light, "eth_getBalance", string(chain.NullAddress), hexText(height))
		return err
	}
	if ask(min(1, head.Height)) == nil {
		return f
	}
	f.OK = false
	f.Advice = "balances and nonces at the start of the window cannot be compared: give an archive node, or live with addresses that are marked as not proved"
	for _, back := range []uint64{10_000, 128, 0} {
		if back <= head.Height && ask(head.Height-back) == nil {
			f.Text = fmt.Sprintf("the state of block 1 is gone, that of %d blocks back is there", back)
			return f
		}
	}
	f.Text = "no state is there, not even of the final block"
	return f
}

// emptyLogs asks for what nobody sent.
func (s *Server) emptyLogs(ctx context.Context, from, to uint64, words []string) error {
	_, err := s.try(ctx, s.ranged, "eth_getLogs", logFilter{hexText(from), hexText(to), []any{transferTopic, words}})
	return err
}

// lookRange doubles the range of eth_getLogs until the server has enough.
func (s *Server) lookRange(ctx context.Context, head chain.Block) live.Finding {
	f := live.Finding{What: "eth_getLogs range", OK: true}
	words := []string{nobodyWord(0)}
	for width := uint64(1); ; width *= 2 {
		whole := width > head.Height
		from := head.Height - min(head.Height, width-1)
		err := s.emptyLogs(ctx, from, head.Height, words)
		switch {
		case err == nil && whole:
			f.Text = "the whole chain at once"
			return f
		case err == nil:
			continue
		case is(err, fetch.TooWide):
			var failed *fetch.Error
			errors.As(err, &failed)
			f.Text = fmt.Sprintf("up to %d blocks, not %d", width/2, width)
			if h := hintOf(failed.Reason); h.stated > 0 {
				f.Text = fmt.Sprintf("up to %d blocks, as the server says", h.stated)
				width = 2 * h.stated
			}
			if width/2 < 1000 {
				f.OK, f.Advice = false, "long windows need a request for each such range: use another plan, or a shorter window"
			}
			return f
		}
		f.OK, f.Text, f.Advice = false, s.words(err), "eth_getLogs is what token movements come from: use another server"
		return f
	}
}

// nobodyWord is an address that nobody has, as a topic.
func nobodyWord(n int) string { return fmt.Sprintf("0x%064x", 0x5ca37ace_00000000+n) }

// lookList looks for the longest list of addresses.
func (s *Server) lookList(ctx context.Context, head chain.Block) live.Finding {
	f := live.Finding{What: "eth_getLogs list", OK: true}
	for n := listLength; n > 0; n /= 2 {
		words := make([]string, n)
		for i := range words {
			words[i] = nobodyWord(i)
		}
		err := s.emptyLogs(ctx, head.Height, head.Height, words)
		switch {
		case err == nil:
			f.Text = fmt.Sprintf("%d addresses at once", n)
			if n < 100 {
				f.OK, f.Advice = false, "many addresses need many requests: use another server if this is slow"
			}
			return f
		case !is(err, fetch.TooMany) && !is(err, fetch.TooWide):
			f.OK, f.Text, f.Advice = false, s.words(err), "use another server for token movements"
			return f
		}
	}
	f.OK, f.Text, f.Advice = false, "not even one address", "use another server for token movements"
	return f
}

// lookBatch asks for headers in one batch.
func (s *Server) lookBatch(ctx context.Context, head chain.Block) live.Finding {
	rs := make([]jsonrpc.Request, lightBatch)
	for i := range rs {
		rs[i] = headerRequest(hexText(head.Height - min(head.Height, uint64(i))))
	}
	before := s.client.Usage().Requests
	results, err := s.light.Batch(ctx, "", rs)
	for i := range results {
		err = errors.Join(err, results[i].Err)
	}
	if err != nil {
		return live.Finding{What: "batches", Text: s.words(err), Advice: "headers come in batches: use a server that takes them"}
	}
	n := s.client.Usage().Requests - before
	f := live.Finding{What: "batches", OK: true, Text: fmt.Sprintf("%d requests in one", lightBatch)}
	if n > 1 {
		f.Text = fmt.Sprintf("%d requests took %d batches", lightBatch, n)
	}
	return f
}

func (s *Server) lookTraces(ctx context.Context, head chain.Block) live.Finding {
	f := live.Finding{What: "traces", OK: true}
	filter, _, err := s.has(ctx, filterRequest(rowFilter{
		FromBlock: hexText(head.Height), ToBlock: hexText(head.Height), FromAddress: []string{string(chain.NullAddress)}, Count: 1,
	}))
	debug := false
	if err == nil {
		debug, _, err = s.has(ctx, traceRequest(head.Height))
	}
	switch {
	case err != nil:
		f.OK, f.Text, f.Advice = false, s.words(err), "try again"
	case filter:
		f.Text = "trace_filter: internal movements are found by address"
	case debug:
		f.Text = "debug_traceBlockByNumber: internal movements are found by reading every block"
	default:
		f.OK, f.Text = false, "neither trace_filter nor debug_traceBlockByNumber"
		f.Advice = "internal movements are not covered: use another server, or an explorer (driver etherscan)"
	}
	return f
}

func (s *Server) lookReceipts(ctx context.Context, head chain.Block) live.Finding {
	has, _, err := s.has(ctx, receiptsRequest(head.Height))
	switch {
	case err != nil:
		return live.Finding{What: "receipts", Text: s.words(err), Advice: "try again"}
	case !has:
		return live.Finding{What: "receipts", OK: true, Text: "no eth_getBlockReceipts: receipts are asked for one by one"}
	}
	return live.Finding{What: "receipts", OK: true, Text: "eth_getBlockReceipts: of a whole block at once"}
}

// words are the text of an error, without secrets.
func (s *Server) words(err error) string { return s.client.Redact(err.Error()) }
