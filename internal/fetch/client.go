package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"golang.org/x/time/rate"
)

// Client asks one server. It is safe for concurrent use.
type Client struct {
	cfg     Config
	base    *url.URL
	http    *http.Client
	limit   *rate.Limiter
	slots   chan struct{}
	archive *Archive

	requests, archived, repeated, refused, bytes, left atomic.Int64
}

// Open checks the configuration and opens the archive; it sends nothing.
func Open(cfg Config) (*Client, error) {
	base, err := url.Parse(strings.ReplaceAll(cfg.URL, "{key}", url.PathEscape(cfg.Key)))
	if err != nil {
		return nil, errors.New("the URL of " + cfg.Name + " cannot be read")
	}
	if cfg.Parallel <= 0 {
		cfg.Parallel = defaultParallel
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.Patience <= 0 {
		cfg.Patience = defaultPatience
	}
	if cfg.MaxBody <= 0 {
		cfg.MaxBody = defaultMaxBody
	}
	c := &Client{cfg: cfg, base: base, slots: make(chan struct{}, cfg.Parallel), limit: rate.NewLimiter(rate.Inf, 1)}
	if cfg.Rate > 0 {
		c.limit = rate.NewLimiter(rate.Limit(cfg.Rate), max(1, cfg.Burst))
	}
	transport := cfg.Transport
	if transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DisableCompression = true
		transport = t
	}
	c.http = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	c.left.Store(-1)
	c.archive, err = openArchive(cfg.Dir, cfg.Offline)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Ask sends a call until a final answer is there, or says in an *Error why there
// is none. Errors of ctx come back as they are.
func (c *Client) Ask(ctx context.Context, call Call) (Reply, error) {
	q := Question{Pin: call.Pin, Text: call.text()}
	if call.Pin != "" {
		body, known, err := c.archive.Get(q)
		if err != nil {
			return Reply{}, err
		}
		if known {
			c.archived.Add(1)
			return Reply{Status: http.StatusOK, Header: http.Header{}, Body: body}, nil
		}
	}
	if c.cfg.Offline {
		return Reply{}, fmt.Errorf("%s: %s: %w: run once without --offline", c.cfg.Name, call.Name, ErrOffline)
	}
	t := c.Tries(call.Name)
	for {
		reply, v, err := c.send(ctx, call)
		if err != nil {
			return Reply{}, err
		}
		if v.Class == Final {
			if call.Pin != "" {
				if err := c.archive.Put(q, reply.Body); err != nil {
					return Reply{}, err
				}
			}
			return reply, nil
		}
		if err := t.Again(ctx, v); err != nil {
			return Reply{}, err
		}
		c.repeated.Add(1)
	}
}

// text is the canonical form of a call.
func (call *Call) text() string {
	var b strings.Builder
	b.WriteString(call.Name)
	b.WriteByte(' ')
	b.WriteString(call.Path)
	if len(call.Query) > 0 {
		b.WriteByte('?')
		b.WriteString(call.Query.Encode())
	}
	if len(call.Body) > 0 {
		b.WriteByte(' ')
		b.Write(call.Body)
	}
	return b.String()
}

// send sends a call once. The error is of ctx.
func (c *Client) send(ctx context.Context, call Call) (Reply, Verdict, error) {
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return Reply{}, Verdict{}, ctx.Err()
	}
	defer func() { <-c.slots }()
	if c.cfg.Rate > 0 {
		if err := c.limit.WaitN(ctx, min(c.limit.Burst(), max(1, int(call.Cost)))); err != nil {
			if ctx.Err() != nil {
				return Reply{}, Verdict{}, ctx.Err()
			}
		}
	}
	c.requests.Add(1)
	reply, err := c.roundTrip(ctx, call)
	if err != nil {
		if ctx.Err() != nil {
			return Reply{}, Verdict{}, ctx.Err()
		}
		return Reply{}, Verdict{Class: Transient, Reason: c.Redact(err.Error())}, nil
	}
	c.bytes.Add(int64(len(reply.Body)))
	v := call.Judge(reply)
	v.Reason = c.Redact(v.Reason)
	return reply, v, nil
}

func (c *Client) roundTrip(ctx context.Context, call Call) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	u := *c.base
	if call.Path != "" {
		u = *u.JoinPath(call.Path)
	}
	query := u.Query()
	for k, v := range call.Query {
		query[k] = v
	}
	if c.cfg.KeyQuery != "" && c.cfg.Key != "" {
		query.Set(c.cfg.KeyQuery, c.cfg.Key)
	}
	u.RawQuery = query.Encode()
	method, body := http.MethodGet, io.Reader(nil)
	if call.Body != nil {
		method, body = http.MethodPost, bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return Reply{}, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	if call.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.cfg.KeyHeader != "" && c.cfg.Key != "" {
		req.Header.Set(c.cfg.KeyHeader, c.cfg.Key)
	}
	if c.cfg.User != "" {
		req.SetBasicAuth(c.cfg.User, c.cfg.Password)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return Reply{}, err
	}
	defer res.Body.Close()
	r := io.Reader(res.Body)
	if res.Header.Get("Content-Encoding") == "gzip" {
		if r, err = gzip.NewReader(r); err != nil {
			return Reply{}, err
		}
	}
	b, err := io.ReadAll(io.LimitReader(r, c.cfg.MaxBody))
	return Reply{Status: res.StatusCode, Header: res.Header, Body: b}, err
}

// Archive is where the answers are kept.
func (c *Client) Archive() *Archive { return c.archive }

// Offline reports whether the network is never touched.
func (c *Client) Offline() bool { return c.cfg.Offline }

// Name is what errors call the server.
func (c *Client) Name() string { return c.cfg.Name }

// Usage counts what was asked so far. Left is -1 if no quota is known.
func (c *Client) Usage() Usage {
	return Usage{
		Requests: c.requests.Load(), Archived: c.archived.Load(), Repeated: c.repeated.Load(),
		Refused: c.refused.Load(), Bytes: c.bytes.Load(), Left: c.left.Load(),
	}
}

// Redact takes every secret out of a text, in whatever form it stands there.
func (c *Client) Redact(s string) string {
	for _, secret := range []string{c.cfg.Key, c.cfg.Password} {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "***")
		}
	}
	return s
}

// Close writes down what is still in memory.
func (c *Client) Close() error { return c.archive.close() }
