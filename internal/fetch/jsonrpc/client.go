package jsonrpc

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Client calls methods of one server. It is safe for concurrent use.
type Client struct {
	fetch    *fetch.Client
	classify Classify
	batch    int
}

// New returns a client. Up to batch requests go in one HTTP request; the client
// sends fewer when the server says so.
func New(c *fetch.Client, classify Classify, batch int) *Client {
	return &Client{fetch: c, classify: classify, batch: max(1, batch)}
}

// Call calls one method. With a pin the answer is looked for in the archive
// first, and kept there.
func (c *Client) Call(ctx context.Context, pin string, r Request) (jsontext.Value, error) {
	results, err := c.Batch(ctx, pin, []Request{r})
	if err != nil {
		return nil, err
	}
	return results[0].Value, results[0].Err
}

type envelope struct {
	ID     jsontext.Value `json:"id"`
	Result jsontext.Value `json:"result"`
	Error  *struct {
		Code    int            `json:"code"`
		Message string         `json:"message"`
		Data    jsontext.Value `json:"data"`
	} `json:"error"`
}

// Batch calls many methods, as batches, and returns the results in the order of
// the requests. What is in the archive is not sent. Elements that fail in
// passing are sent again without the others.
func (c *Client) Batch(ctx context.Context, pin string, rs []Request) ([]Result, error) {
	results := make([]Result, len(rs))
	for i, r := range rs {
		q := c.Question(pin, r)
		if pin != "" {
			b, known, err := c.fetch.Archive().Get(q)
			if err != nil {
				return nil, err
			}
			if known {
				results[i].Value = b
				continue
			}
		}
		if c.fetch.Offline() {
			results[i].Err = fmt.Errorf("%s: %s: %w: run once without --offline", c.fetch.Name(), r.Method, fetch.ErrOffline)
			continue
		}
		params, err := json.Marshal(r.Params)
		if err != nil {
			return nil, err
		}
		if r.Params == nil {
			params = []byte("[]")
		}
		body := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, r.Method, params)
		var value jsontext.Value
		_, err = c.fetch.Ask(ctx, fetch.Call{Name: r.Method, Body: []byte(body), Cost: r.Cost, Judge: func(reply fetch.Reply) fetch.Verdict {
			var e envelope
			if err := json.Unmarshal(reply.Body, &e); err != nil {
				if reply.Status != http.StatusOK {
					return c.classify(Fault{Status: reply.Status, Message: string(bytes.TrimSpace(reply.Body[:min(len(reply.Body), 200)]))})
				}
				return fetch.Verdict{Class: fetch.Broken, Reason: "the reply is no JSON-RPC"}
			}
			if e.Error != nil {
				return c.classify(Fault{Status: reply.Status, Code: e.Error.Code, Message: e.Error.Message, Data: string(e.Error.Data)})
			}
			value = e.Result
			return fetch.Verdict{}
		}})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		results[i] = Result{Value: value, Err: err}
		if err == nil && pin != "" {
			if err := c.fetch.Archive().Put(q, value); err != nil {
				return nil, err
			}
		}
	}
	return results, nil
}

// Question is the archive's name for a request at a pin.
func (*Client) Question(pin string, r Request) fetch.Question {
	params, err := json.Marshal(r.Params)
	if err != nil || r.Params == nil {
		params = []byte("[]")
	}
	return fetch.Question{Pin: pin, Text: r.Method + " " + string(params)}
}
