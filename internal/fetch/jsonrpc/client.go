package jsonrpc

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Client calls methods of one server. It is safe for concurrent use.
type Client struct {
	fetch    *fetch.Client
	classify Classify
	// width is how many requests go in one HTTP request. It only shrinks.
	width atomic.Int32
}

// New returns a client. Up to batch requests go in one HTTP request; the client
// sends fewer when the server says so.
func New(c *fetch.Client, classify Classify, batch int) *Client {
	client := &Client{fetch: c, classify: classify}
	client.width.Store(int32(min(max(batch, 1), maxBatch)))
	return client
}

const maxBatch = 10_000

// Call calls one method. With a pin the answer is looked for in the archive
// first, and kept there. The error is a *fetch.Error if the server gave none,
// ctx's, or one of the archive; offline it wraps fetch.ErrOffline.
func (c *Client) Call(ctx context.Context, pin string, r Request) (jsontext.Value, error) {
	results, err := c.Batch(ctx, pin, []Request{r})
	if err != nil {
		return nil, err
	}
	return results[0].Value, results[0].Err
}

// item is a request on its way to an answer.
type item struct {
	request  Request
	params   jsontext.Value
	question fetch.Question
	result   *Result
}

// Batch calls many methods, as batches, and returns the results in the order of
// the requests. What is in the archive is not sent. Elements that fail in
// passing are sent again without the others.
//
// What a server does not answer stands in the results. The error of all is
// ctx's, or one of the archive, or wraps fetch.ErrOffline if one is not there.
func (c *Client) Batch(ctx context.Context, pin string, rs []Request) ([]Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	results := make([]Result, len(rs))
	var open []*item
	for i, r := range rs {
		params, err := encodeParams(r.Params)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", c.fetch.Name(), r.Method, err)
		}
		it := &item{request: r, params: params, question: question(pin, r.Method, params), result: &results[i]}
		if pin != "" {
			answer, known, err := c.fetch.Archive().Get(it.question)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", c.fetch.Name(), r.Method, err)
			}
			if known {
				it.result.Value = answer
				continue
			}
		}
		if c.fetch.Offline() {
			return nil, c.fetch.Missing(r.Method)
		}
		open = append(open, it)
	}
	for len(open) > 0 {
		n := min(int(c.width.Load()), len(open))
		if err := c.settle(ctx, open[:n]); err != nil {
			return nil, err
		}
		open = open[n:]
	}
	return results, nil
}

// Question is the archive's name for a request at a pin.
func (*Client) Question(pin string, r Request) fetch.Question {
	params, err := encodeParams(r.Params)
	if err != nil {
		params = nil // no such request is ever sent
	}
	return question(pin, r.Method, params)
}

func question(pin, method string, params jsontext.Value) fetch.Question {
	return fetch.Question{Pin: pin, Text: method + " " + string(params)}
}

func encodeParams(params []any) (jsontext.Value, error) {
	if len(params) == 0 {
		return jsontext.Value("[]"), nil
	}
	return json.Marshal(params, json.Deterministic(true))
}

// encode writes the body of an HTTP request: one object, or a list of them.
func encode(items []*item) ([]byte, error) {
	n := 16
	for _, it := range items {
		n += len(it.params) + len(it.request.Method) + 64
	}
	b := make([]byte, 0, n)
	if len(items) > 1 {
		b = append(b, '[')
	}
	for i, it := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"jsonrpc":"2.0","id":`...)
		b = strconv.AppendInt(b, int64(i+1), 10)
		b = append(b, `,"method":`...)
		var err error
		if b, err = jsontext.AppendQuote(b, it.request.Method); err != nil {
			return nil, err
		}
		b = append(b, `,"params":`...)
		b = append(b, it.params...)
		b = append(b, '}')
	}
	if len(items) > 1 {
		b = append(b, ']')
	}
	return b, nil
}

// keep notes the answer to a request, in the archive too.
func (c *Client) keep(it *item, value jsontext.Value) error {
	if it.question.Pin == "" {
		it.result.Value = value
		return nil
	}
	kept, err := c.fetch.Archive().Keep(it.question, value)
	if err != nil {
		return fmt.Errorf("%s: %s: %w", c.fetch.Name(), it.request.Method, err)
	}
	it.result.Value = kept
	return nil
}

// fail notes that a request has no answer.
func (c *Client) fail(it *item, e *fetch.Error) {
	own := *e
	own.Call = it.request.Method
	it.result.Err = &own
}

// asError finds the error of a call that got no answer.
func asError(err error) (*fetch.Error, bool) {
	var e *fetch.Error
	ok := errors.As(err, &e)
	return e, ok
}
