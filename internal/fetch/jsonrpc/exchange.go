package jsonrpc

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

const (
	// codeInvalid is "invalid request", which says of a batch that it is too big.
	codeInvalid = -32600
	// codeTooLarge is what go-ethereum says of the elements for which there was
	// no room in a reply.
	codeTooLarge = -32003
)

// settle asks until each request has an answer or an error.
func (c *Client) settle(ctx context.Context, items []*item) error {
	tries := c.fetch.Tries(name(items))
	most := len(items)
	for len(items) > 0 {
		n := min(most, int(c.width.Load()), len(items))
		again, err := c.exchange(ctx, items[:n])
		if err != nil {
			return err
		}
		rest := items[n:]
		items = nil
		worst := fetch.Verdict{Class: fetch.Final}
		for _, a := range again {
			items = append(items, a.item)
			worst = worse(worst, a.verdict)
		}
		if worst.Class != fetch.Final {
			err := tries.Again(ctx, worst)
			if _, ok := asError(err); ok {
				items = c.giveUp(again)
			} else if err != nil {
				return err
			}
		} else if len(again) == n && n > 1 {
			most = n / 2 // there was no room for one of them
		}
		items = append(items, rest...)
	}
	return nil
}

// unsettled is a request that is to be asked again. The verdict is Final if
// nothing was wrong but that it was asked together with others.
type unsettled struct {
	item    *item
	verdict fetch.Verdict
}

// worse is the verdict of two that is to be heeded.
func worse(a, b fetch.Verdict) fetch.Verdict {
	order := func(v fetch.Verdict) int {
		switch v.Class {
		case fetch.Limited:
			return 3
		case fetch.Transient:
			return 2
		case fetch.Broken:
			return 1
		default:
			return 0
		}
	}
	if order(b) > order(a) {
		a, b = b, a
	}
	a.After = max(a.After, b.After)
	return a
}

// giveUp leaves requests with their own verdicts, and returns those that have
// none yet.
func (c *Client) giveUp(all []unsettled) (left []*item) {
	for _, u := range all {
		if u.verdict.Class == fetch.Final {
			left = append(left, u.item)
		} else {
			c.failFor(u.item, u.verdict)
		}
	}
	return left
}

func (c *Client) failFor(it *item, v fetch.Verdict) {
	it.result.Err = c.fetch.Fail(it.request.Method, v)
}

// name is what errors call some requests.
func name(items []*item) string {
	for _, it := range items {
		if it.request.Method != items[0].request.Method {
			return "batch"
		}
	}
	return items[0].request.Method
}

// exchange sends one HTTP request. It returns what is to be asked again.
func (c *Client) exchange(ctx context.Context, items []*item) ([]unsettled, error) {
	body, err := encode(items)
	if err != nil {
		return nil, err
	}
	cost := 0.
	for _, it := range items {
		if it.request.Cost > 0 {
			cost += it.request.Cost
		} else {
			cost++
		}
	}
	var read reading
	_, err = c.fetch.Ask(ctx, fetch.Call{
		Name: name(items), Body: body, Cost: cost,
		Judge: func(reply fetch.Reply) fetch.Verdict {
			read = c.read(reply, len(items))
			return read.verdict
		},
	})
	if err == nil {
		return c.distribute(items, read)
	}
	e, ok := asError(err)
	if !ok {
		return nil, err
	}
	if len(items) > 1 && (read.shrink || e.Class == fetch.TooWide) {
		c.shrink(len(items) / 2)
		again := make([]unsettled, len(items))
		for i, it := range items {
			again[i] = unsettled{item: it}
		}
		return again, nil
	}
	for _, it := range items {
		c.fail(it, e)
	}
	return nil, nil
}

// shrink makes batches no longer than that from now on.
func (c *Client) shrink(to int) {
	to = max(to, 1)
	for {
		had := c.width.Load()
		if int(had) <= to || c.width.CompareAndSwap(had, int32(to)) {
			return
		}
	}
}

// distribute gives each request its element of the reply.
func (c *Client) distribute(items []*item, r reading) ([]unsettled, error) {
	answers := make([]*element, len(items))
	for i := range r.elements {
		answers[r.elements[i].id-1] = &r.elements[i]
	}
	var again []unsettled
	for i, it := range items {
		e := answers[i]
		if e == nil {
			again = append(again, unsettled{it, fetch.Verdict{Class: fetch.Broken, Reason: "the reply does not answer every request"}})
			continue
		}
		if e.fault == nil {
			it.result.None = e.none
			if err := c.keep(it, e.value); err != nil {
				return nil, err
			}
			continue
		}
		switch v := c.judge(*e.fault, r.status); {
		case v.Class == fetch.Final:
			// An error that the driver says is an answer.
			it.result.None = true
			if err := c.keep(it, null()); err != nil {
				return nil, err
			}
		case v.Class == fetch.Limited, v.Class == fetch.Transient, v.Class == fetch.Broken:
			again = append(again, unsettled{it, v})
		case len(items) > 1 && (e.fault.Code == codeTooLarge || v.Class == fetch.TooWide && e.fault.Code == 0):
			again = append(again, unsettled{item: it})
		default:
			c.failFor(it, v)
		}
	}
	return again, nil
}

func null() []byte { return []byte("null") }

// judge asks the driver's table.
func (c *Client) judge(f Fault, status int) fetch.Verdict {
	f.Status = status
	v := c.classify(f)
	if v.Reason == "" {
		v.Reason = f.Message
	}
	return v
}

// reading is what a reply to some requests turned out to be.
type reading struct {
	verdict  fetch.Verdict
	status   int
	elements []element // of a reply that is Final
	shrink   bool      // the batch was refused as a batch
}

// read understands a reply to n requests.
func (c *Client) read(reply fetch.Reply, n int) reading {
	elements, alone, err := parse(reply.Body, n)
	if err != nil {
		if reply.Status == http.StatusOK {
			return reading{verdict: fetch.Verdict{Class: fetch.Broken, Reason: err.Error()}}
		}
		return c.whole(Fault{Message: text(reply)}, reply.Status, n)
	}
	switch {
	case len(elements) == 1 && elements[0].fault != nil && (alone || n > 1):
		return c.whole(*elements[0].fault, reply.Status, n)
	case reply.Status >= http.StatusBadRequest && alone:
		return c.whole(Fault{Message: http.StatusText(reply.Status)}, reply.Status, n)
	case alone != (n == 1):
		return reading{verdict: fetch.Verdict{Class: fetch.Broken, Reason: errNoRPC.Error()}}
	}
	for _, e := range elements {
		if e.id == 0 {
			return reading{verdict: fetch.Verdict{Class: fetch.Broken, Reason: errWrongID.Error()}}
		}
	}
	return reading{status: reply.Status, elements: elements}
}

// whole understands a fault of a whole HTTP request.
func (c *Client) whole(f Fault, status, n int) reading {
	v := c.judge(f, status)
	if n == 1 {
		if v.Class == fetch.Final {
			return reading{status: status, elements: []element{{id: 1, value: null(), none: true}}}
		}
		return reading{verdict: v}
	}
	tooBig := status == http.StatusRequestEntityTooLarge || f.Code == codeInvalid || strings.Contains(strings.ToLower(f.Message), "batch")
	switch v.Class {
	case fetch.Limited, fetch.Exhausted, fetch.Transient, fetch.Broken:
		return reading{verdict: v}
	case fetch.Refused:
		if !tooBig {
			return reading{verdict: v}
		}
	default:
	}
	// It is not refused what was asked but how much at once.
	v.Class = fetch.TooMany
	return reading{verdict: v, shrink: true}
}

// text is what a reply that is no JSON-RPC says.
func text(reply fetch.Reply) string {
	if s := strings.TrimSpace(string(bytes.ToValidUTF8(reply.Body, nil))); s != "" {
		return s
	}
	return http.StatusText(reply.Status)
}
