package rpc

import (
	"bytes"
	"context"
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// Query is a call and what to do with its result.
type Query struct {
	// Pin is the block at which it is asked; with it the answer is kept in the
	// archive, and looked for there first.
	Pin    string
	Method string
	Params []any
	// Cost is what it takes from the rate, 1 if 0.
	Cost float64
	// Read takes the result in, nil if the server says that there is none. An
	// error of it says that the reply is not what it should be: the call is sent
	// again, and the reply is not kept. It may be called more than once.
	Read func(jsontext.Value) error
}

func (q *Query) request() jsonrpc.Request {
	return jsonrpc.Request{Method: q.Method, Params: q.Params, Cost: q.Cost}
}

// Ask puts queries and reads every result. Nothing is kept that Read refused.
func (s *Server) Ask(ctx context.Context, queries ...Query) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var open []int
	archive := s.client.Archive()
	for i := range queries {
		q := &queries[i]
		if q.Pin != "" {
			b, known, err := archive.Get(s.rpc.Question(q.Pin, q.request()))
			if err != nil {
				return err
			}
			if known {
				if err := read(q, b); err != nil {
					return s.client.Fail(q.Method, fetch.Verdict{Class: fetch.Broken, Reason: "the kept answer: " + err.Error()})
				}
				continue
			}
		}
		open = append(open, i)
	}
	if len(open) == 0 {
		return nil
	}
	if s.client.Offline() {
		return s.client.Missing(queries[open[0]].Method)
	}
	tries := s.client.Tries(queries[open[0]].Method)
	for {
		requests := make([]jsonrpc.Request, len(open))
		for k, i := range open {
			requests[k] = queries[i].request()
		}
		results, err := s.rpc.Batch(ctx, "", requests)
		if err != nil {
			return err
		}
		var again []int
		var wrong error
		for k, i := range open {
			q := &queries[i]
			if results[k].Err != nil {
				return results[k].Err
			}
			err := errNull
			if results[k].None || string(results[k].Value) != "null" {
				err = read(q, results[k].Value)
			}
			if err != nil {
				again, wrong = append(again, i), err
				continue
			}
			if q.Pin == "" {
				continue
			}
			kept, err := archive.Keep(s.rpc.Question(q.Pin, requests[k]), results[k].Value)
			if err != nil {
				return err
			}
			// Another part may have been answered otherwise just before: what is
			// kept counts, now and later.
			if !bytes.Equal(kept, results[k].Value) {
				if err := read(q, kept); err != nil {
					return s.client.Fail(q.Method, fetch.Verdict{Class: fetch.Broken, Reason: err.Error()})
				}
			}
		}
		if len(again) == 0 {
			return nil
		}
		open = again
		if err := tries.Again(ctx, fetch.Verdict{Class: fetch.Broken, Reason: wrong.Error()}); err != nil {
			return err
		}
	}
}

// TooBig reports whether the answer to a query was found to be too big, MarkTooBig
// says so: a later run need not find out again, and asks the same.
func (s *Server) TooBig(q Query) bool {
	return s.client.Archive().Split(s.rpc.Question(q.Pin, q.request()))
}

// MarkTooBig notes that the answer to a query is too big.
func (s *Server) MarkTooBig(q Query) error {
	return s.client.Archive().MarkSplit(s.rpc.Question(q.Pin, q.request()))
}

// errNull: these calls have a result, or the server says by an error that there
// is none.
var errNull = errors.New("the result is null")

func read(q *Query, v jsontext.Value) error {
	if len(v) == 0 || string(v) == "null" {
		v = nil
	}
	return q.Read(v)
}
