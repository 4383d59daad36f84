package node

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// reply is what came back for one request, before it is believed.
type reply struct {
	pin     string
	request jsonrpc.Request
	value   jsontext.Value
	err     error
	// kept replies come from the archive. They were checked when they came.
	kept bool
}

// ask gets replies from the archive, and the rest from the server in batches.
// Nothing is kept yet: settle does that.
func (s *Server) ask(ctx context.Context, rpc *jsonrpc.Client, pin string, rs []jsonrpc.Request) ([]reply, error) {
	replies, _, err := s.kept(rpc, pin, rs)
	if err != nil {
		return nil, err
	}
	return replies, s.send(ctx, rpc, replies)
}

// kept gets replies from the archive as far as it has them, and whether it has
// them all.
func (s *Server) kept(rpc *jsonrpc.Client, pin string, rs []jsonrpc.Request) (replies []reply, all bool, err error) {
	replies, all = make([]reply, len(rs)), pin != ""
	for i, r := range rs {
		replies[i] = reply{pin: pin, request: r}
		if pin == "" {
			continue
		}
		if replies[i].value, replies[i].kept, err = s.client.Archive().Get(rpc.Question(pin, r)); err != nil {
			return nil, false, err
		}
		all = all && replies[i].kept
	}
	return replies, all, nil
}

// send asks the server for what is not kept.
func (s *Server) send(ctx context.Context, rpc *jsonrpc.Client, replies []reply) error {
	var missing []int
	var rs []jsonrpc.Request
	for i := range replies {
		if !replies[i].kept {
			missing, rs = append(missing, i), append(rs, replies[i].request)
		}
	}
	if len(rs) == 0 {
		return nil
	}
	results, err := rpc.Batch(ctx, "", rs)
	if err != nil {
		return err
	}
	for k, i := range missing {
		replies[i].value, replies[i].err = results[k].Value, results[k].Err
	}
	return nil
}

// settle checks a reply, asks again while it does not pass, and keeps what does.
// The check must be a pure function of the value.
func (s *Server) settle(ctx context.Context, rpc *jsonrpc.Client, r *reply, check func(v jsontext.Value, kept bool) error) error {
	if r.err != nil {
		return r.err
	}
	if r.kept {
		if err := check(r.value, true); err != nil {
			var o *outside
			if errors.As(err, &o) {
				return o.err
			}
			return fmt.Errorf("%w: %s: what the archive keeps of %s does not fit: %w", chain.ErrContradiction, s.name, r.request.Method, err)
		}
		return nil
	}
	tries := s.client.Tries(r.request.Method)
	for {
		wrong := check(r.value, false)
		if wrong == nil {
			break
		}
		var o *outside
		if errors.As(wrong, &o) {
			return o.err
		}
		verdict := fetch.Verdict{Class: fetch.Broken, Reason: wrong.Error()}
		if errors.Is(wrong, errNull) {
			verdict.Class = fetch.Transient // a node behind the others
		}
		if err := tries.Again(ctx, verdict); err != nil {
			return s.giveUp(err, wrong, r.request.Method)
		}
		if r.value, r.err = rpc.Call(ctx, "", r.request); r.err != nil {
			return r.err
		}
	}
	return s.keep(rpc, r)
}

// keep puts a reply that was checked into the archive.
func (s *Server) keep(rpc *jsonrpc.Client, r *reply) error {
	if r.pin == "" || r.kept {
		return nil
	}
	return s.client.Archive().Put(rpc.Question(r.pin, r.request), r.value)
}

// giveUp is the error of a reply that was wrong each time.
func (s *Server) giveUp(err, wrong error, method string) error {
	var failed *fetch.Error
	if !errors.As(err, &failed) {
		return err // of ctx
	}
	var l *lie
	if errors.As(wrong, &l) {
		return fmt.Errorf("%w: %s: %s: %w", chain.ErrContradiction, s.name, method, wrong)
	}
	return &untold{reason: fmt.Sprintf("%s: %s: %v", s.name, method, wrong), lost: errors.Is(wrong, errNull)}
}

// one asks one thing and settles the reply.
func (s *Server) one(ctx context.Context, rpc *jsonrpc.Client, pin string, r jsonrpc.Request, check func(v jsontext.Value, kept bool) error) error {
	replies, err := s.ask(ctx, rpc, pin, []jsonrpc.Request{r})
	if err != nil {
		return err
	}
	return s.settle(ctx, rpc, &replies[0], check)
}

// untold is the error of a unit that could not be told. Its text is the same
// in every run.
type untold struct {
	reason string
	// lost says that the server seems not to be there at all.
	lost bool
}

func (e *untold) Error() string { return e.reason }

// gapOf is what a unit that failed leaves untold; an error that ends the run
// comes back.
func (s *Server) gapOf(ctx context.Context, err error) (*untold, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var u *untold
	if errors.As(err, &u) {
		return u, nil
	}
	var failed *fetch.Error
	if !errors.As(err, &failed) {
		return nil, err
	}
	u = &untold{}
	switch failed.Class {
	case fetch.Exhausted, fetch.Refused:
		return nil, err
	case fetch.Pruned:
		u.reason = fmt.Sprintf("%s no longer has what %s needs of these blocks: ask an archive node", s.name, failed.Call)
	case fetch.Unsupported:
		u.reason = fmt.Sprintf("%s does not have %s", s.name, failed.Call)
	case fetch.TooWide, fetch.TooMany:
		u.reason = fmt.Sprintf("%s finds %s too big even for one block and one address", s.name, failed.Call)
	case fetch.Broken:
		u.reason = fmt.Sprintf("%s gave no valid reply to %s", s.name, failed.Call)
	default:
		u.reason, u.lost = fmt.Sprintf("%s did not answer %s", s.name, failed.Call), true
	}
	return u, nil
}

// is reports whether an error is of a call that failed with the class.
func is(err error, class fetch.Class) bool {
	var failed *fetch.Error
	return errors.As(err, &failed) && failed.Class == class
}

// outside is the error of a check that could not be made: it says nothing about
// the reply.
type outside struct{ err error }

func (e *outside) Error() string { return e.err.Error() }
