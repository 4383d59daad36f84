package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// What is used where the configuration is silent.
const (
	defaultParallel = 8
	defaultTimeout  = time.Minute
	defaultPatience = 2 * time.Minute
	defaultMaxBody  = 128 << 20
)

// Client asks one server. It is safe for concurrent use.
type Client struct {
	cfg      Config
	base     *url.URL
	chain    http.RoundTripper
	idle     func()
	limiter  *limiter
	redactor *redactor
	archive  *Archive
	skew     skew
	large    chan struct{} // one for each big body that may be in memory

	requests, answers, repeated, refused, bytes, left atomic.Int64
}

// Open checks the configuration and opens the archive; it sends nothing. The
// error wraps ErrConfig or ErrBusy if it is that.
func Open(cfg Config) (*Client, error) {
	setDefault(&cfg.Parallel, defaultParallel)
	setDefault(&cfg.Timeout, defaultTimeout)
	setDefault(&cfg.Patience, defaultPatience)
	setDefault(&cfg.MaxBody, defaultMaxBody)
	base, err := address(&cfg)
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, base: base, redactor: secretsOf(&cfg, base), large: make(chan struct{}, maxLarge), idle: func() {}}
	c.left.Store(-1)
	limits := cfg.Limits
	if limits == nil {
		limits = &Limits{}
	}
	c.limiter = limits.of(base.Host, cfg.Key+"\x00"+cfg.User, &c.cfg)
	transport := cfg.Transport
	if transport == nil {
		real := network(&cfg, base)
		transport, c.idle = real, real.CloseIdleConnections
	}
	c.chain = limit{limiter: c.limiter, next: bound{timeout: cfg.Timeout, most: cfg.MaxBody, redactor: c.redactor, next: guard{redact{transport, c.redactor}}}}
	if cfg.Offline {
		c.archive, err = ReadArchive(cfg.Dir)
	} else {
		c.archive, err = openArchive(cfg.Dir)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

func setDefault[T int | int64 | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}

// secretsOf knows the key and the password, and what stands in the URL's path
// and query and looks like one.
func secretsOf(cfg *Config, base *url.URL) *redactor {
	r := newRedactor(cfg.Key, cfg.Password)
	if cfg.User != "" && cfg.Password != "" {
		req := http.Request{Header: http.Header{}}
		req.SetBasicAuth(cfg.User, cfg.Password)
		basic := strings.TrimPrefix(req.Header.Get("Authorization"), "Basic ")
		r.add(basic, true)
		r.add(strings.NewReplacer("+", "-", "/", "_").Replace(basic), true)
	}
	for word := range strings.FieldsFuncSeq(base.RequestURI(), func(r rune) bool { return strings.ContainsRune("/?&=", r) }) {
		if len(word) >= longLen && strings.ContainsAny(word, "0123456789") {
			r.add(word, false)
		}
	}
	return r
}

// Question is the archive's name for a call with a pin.
func (call *Call) Question() Question {
	var b strings.Builder
	if call.Body != nil {
		b.WriteString(http.MethodPost)
	} else {
		b.WriteString(http.MethodGet)
	}
	b.WriteString(" " + call.Path)
	if len(call.Query) > 0 {
		b.WriteString("?" + call.Query.Encode())
	}
	if len(call.Body) > 0 {
		b.WriteByte(' ')
		b.Write(call.Body)
	}
	return Question{Pin: call.Pin, Text: b.String()}
}

// Answers is how many requests got a final answer from the network so far. A
// server that answers is not away.
func (c *Client) Answers() int64 { return c.answers.Load() }

// Ask sends a call until a final answer is there, or says in an *Error why there
// is none. Errors of ctx come back as they are. Offline the error wraps
// ErrOffline if the archive does not have the answer.
func (c *Client) Ask(ctx context.Context, call Call) (Reply, error) {
	if err := ctx.Err(); err != nil {
		return Reply{}, err
	}
	q := call.Question()
	if call.Pin != "" {
		body, status, known, err := c.archive.get(q)
		if err != nil {
			return Reply{}, fmt.Errorf("%s: %s: %w", c.cfg.Name, call.Name, err)
		}
		if known {
			return Reply{Status: status, Body: body}, nil
		}
	}
	if c.cfg.Offline {
		return Reply{}, c.Missing(call.Name)
	}
	reply, err := c.send(ctx, &call)
	if err != nil || call.Pin == "" {
		return reply, err
	}
	reply.Header = nil
	reply.Body, reply.Status, err = c.archive.keep(q, reply.Status, reply.Body)
	if err != nil {
		return Reply{}, fmt.Errorf("%s: %s: %w", c.cfg.Name, call.Name, err)
	}
	return reply, nil
}

// Missing is the error for a call that the archive has no answer to.
func (c *Client) Missing(call string) error {
	return fmt.Errorf("%s: %s: %w: run once without --offline", c.cfg.Name, call, ErrOffline)
}

// send sends a call until there is a final answer.
func (c *Client) send(ctx context.Context, call *Call) (Reply, error) {
	tries := c.Tries(call.Name)
	for {
		f := &flight{cost: call.Cost}
		reply, err := c.roundTrip(context.WithValue(ctx, flightKey{}, f), call)
		if ctx.Err() != nil {
			return Reply{}, ctx.Err()
		}
		if !f.sent.IsZero() {
			c.requests.Add(1)
			tries.spent += now().Sub(f.sent)
			tries.epoch = f.epoch
		}
		c.bytes.Add(int64(len(reply.Body)))
		v, away := c.judge(call, reply, err)
		if err == nil && v.Class != Limited {
			c.limiter.answered()
		}
		if v.Class == Final {
			c.answers.Add(1)
			return reply, nil
		}
		if err := tries.again(ctx, v, away); err != nil {
			return Reply{}, err
		}
	}
}

// judge says what came back. A server is away if it did not answer at all, or
// somebody else answered in its place.
func (c *Client) judge(call *Call, reply Reply, err error) (v Verdict, away bool) {
	if err != nil {
		var way *networkError
		if !errors.As(plain(err, c.redactor), &way) {
			way = &networkError{class: Transient, reason: "the connection failed"}
		}
		return Verdict{Class: way.class, Reason: way.reason}, way.class == Transient && !way.wrong
	}
	c.skew.note(reply.Header)
	if left, known := quotaLeft(reply.Header); known {
		c.left.Store(left)
	}
	v = call.Judge(reply)
	if v.Class == Limited || v.Class == Transient {
		v.After = max(v.After, retryAfter(reply.Header))
	}
	switch reply.Status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		away = v.Class == Transient
	}
	return v, away
}

// roundTrip sends a call once and reads the answer.
func (c *Client) roundTrip(ctx context.Context, call *Call) (Reply, error) {
	req, err := c.request(ctx, call)
	if err != nil {
		return Reply{}, &networkError{class: Refused, reason: "the request cannot be made"}
	}
	res, err := c.chain.RoundTrip(req)
	if err != nil {
		return Reply{}, err
	}
	defer res.Body.Close()
	body, err := c.read(ctx, res)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Status: res.StatusCode, Header: res.Header, Body: c.redactor.answer(body)}, nil
}

// request makes the request of a call.
func (c *Client) request(ctx context.Context, call *Call) (*http.Request, error) {
	u := *c.base
	if call.Path != "" {
		u = *u.JoinPath(call.Path)
	}
	query := []string{u.RawQuery, call.Query.Encode()}
	if c.cfg.KeyQuery != "" && c.cfg.Key != "" {
		query = append(query, url.QueryEscape(c.cfg.KeyQuery)+"="+url.QueryEscape(c.cfg.Key))
	}
	u.RawQuery = joinQuery(query)
	method, body := http.MethodGet, io.Reader(nil)
	if call.Body != nil {
		method, body = http.MethodPost, bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "scamtrace")
	req.Header.Set("Accept", "application/json")
	if call.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.cfg.KeyHeader != "" && c.cfg.Key != "" {
		req.Header.Set(c.cfg.KeyHeader, c.cfg.Key)
	}
	if c.cfg.User != "" || c.cfg.Password != "" {
		req.SetBasicAuth(c.cfg.User, c.cfg.Password)
	}
	return req, nil
}

func joinQuery(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p)
	}
	return b.String()
}

// How much of an answer is read before it counts as big, and how many big ones
// are read at once: a gzip bomb on each connection must not fill the memory.
const (
	largeBody = 16 << 20
	maxLarge  = 3
)

// read reads a body to its end.
func (c *Client) read(ctx context.Context, res *http.Response) ([]byte, error) {
	var b bytes.Buffer
	// What the header says of the length is believed in part only.
	b.Grow(int(min(max(res.ContentLength, 0), largeBody)) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(res.Body, largeBody)); err != nil {
		return nil, err
	}
	if b.Len() < largeBody {
		return b.Bytes(), nil
	}
	select {
	case c.large <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-c.large }()
	if left := res.ContentLength - int64(b.Len()); left > 0 {
		b.Grow(int(left) + bytes.MinRead) // it is less than allowed for
	}
	if _, err := b.ReadFrom(res.Body); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
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
		Requests: c.requests.Load(), Archived: c.archive.hits.Load(), Repeated: c.repeated.Load(),
		Refused: c.refused.Load(), Bytes: c.bytes.Load(), Left: c.left.Load(),
	}
}

// Redact takes every secret out of a text, in whatever form it stands there.
func (c *Client) Redact(s string) string { return c.redactor.text(s) }

// Close writes down what is still in memory.
func (c *Client) Close() error {
	c.idle()
	return c.archive.close()
}
