package node

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// ways are how a question is answered.
type ways struct {
	// logs says that tokens come from eth_getLogs, filter that the rest comes
	// from trace_filter, scan that blocks are read, traced with their traces.
	logs, filter, scan, traced bool
}

// internal reports whether internal movements are told.
func (w ways) internal() bool { return w.filter || w.traced }

// abilities are what a server was found to have.
type abilities struct {
	Filter bool `json:"trace_filter"`
	Debug  bool `json:"debug"`
}

// waysFor decides how a question is answered.
func (s *Server) waysFor(ctx context.Context, q *inquiry) (ways, error) {
	if !q.kinds.has(chain.Fee, chain.NativeKind, chain.Internal, chain.Reward) {
		return ways{logs: q.kinds.has(chain.Token)}, nil
	}
	a := abilities{Filter: s.way == wayFilter, Debug: s.way == wayDebug}
	if s.way == wayAuto {
		var err error
		if a, err = s.abilities(ctx, q); err != nil {
			return ways{}, err
		}
	}
	if a.Filter {
		return ways{logs: q.kinds.has(chain.Token), filter: true}, nil
	}
	return ways{scan: true, traced: a.Debug && q.kinds.has(chain.Internal)}, nil
}

// abilities probes the server. That it has something is kept under the pin like
// an answer, so that the question is put the same way again. That it has not
// may be a failure in passing: it is believed until the run ends and not kept.
func (s *Server) abilities(ctx context.Context, q *inquiry) (a abilities, err error) {
	question := fetch.Question{Pin: q.pinText, Text: "which traces " + s.name + " has"}
	kept, known, err := s.client.Archive().Get(question)
	if err != nil {
		return a, err
	}
	if known {
		return a, json.Unmarshal(kept, &a)
	}
	if s.client.Offline() || s.traceless.Load() {
		return a, nil
	}
	filter, sure, err := s.has(ctx, filterRequest(rowFilter{
		FromBlock: hexText(q.pin.Height), ToBlock: hexText(q.pin.Height), FromAddress: []string{string(chain.NullAddress)}, Count: 1,
	}))
	if err != nil {
		return a, err
	}
	a.Filter = filter && sure
	if !a.Filter {
		debug, known, err := s.has(ctx, traceRequest(q.pin.Height))
		if err != nil {
			return a, err
		}
		a.Debug, sure = debug, sure && known
		a.Filter = filter && !debug
	}
	if !a.Filter && !a.Debug {
		s.traceless.Store(true)
		return a, nil
	}
	if !sure {
		return a, nil
	}
	text, err := json.Marshal(a)
	if err != nil {
		return a, err
	}
	return a, s.client.Archive().Put(question, text)
}

// has reports whether the server answers a method at all, and whether that is
// sure: a refusal of this one question may be another's. An error means that it
// did not say.
func (s *Server) has(ctx context.Context, r jsonrpc.Request) (has, sure bool, err error) {
	v, err := s.heavy.Call(ctx, "", r)
	for tries := 1; tries < 4 && err == nil && v.Kind() != '['; tries++ { // null may be a bad moment
		v, err = s.heavy.Call(ctx, "", r)
	}
	switch {
	case err == nil:
		return v.Kind() == '[', v.Kind() == '[', nil
	case is(err, fetch.Pruned) || is(err, fetch.TooWide) || is(err, fetch.TooMany):
		return true, false, nil
	case is(err, fetch.Unsupported):
		return false, true, nil
	case is(err, fetch.Refused) || is(err, fetch.Broken):
		return false, false, nil // hosted servers refuse what the plan does not include
	case ctx.Err() != nil:
		return false, false, ctx.Err()
	}
	return false, false, fmt.Errorf("whether %s has %s: %w", s.name, r.Method, err)
}
