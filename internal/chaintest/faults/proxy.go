package faults

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Proxy is a server that hands requests on to another one, and spoils the
// answers after a schedule. It is safe for concurrent use.
type Proxy struct {
	target   string // without the path
	path     string
	client   *http.Client
	server   *httptest.Server
	trap     *httptest.Server
	schedule Schedule

	trapped  atomic.Int64
	mu       sync.Mutex
	requests int
	draw     *rand.Rand
	live     []*active
	log      []string
}

// active is a fault of the schedule while the proxy runs.
type active struct {
	Fault
	hits int
	busy bool   // being tried on a request
	key  string // of the call that it sticks to
}

// Start runs a proxy before the server at the target until the test ends.
func Start(t testing.TB, target string, s Schedule) *Proxy {
	t.Helper()
	p := New(target, s)
	t.Cleanup(p.Close)
	return p
}

// New runs a proxy until it is closed.
func New(target string, s Schedule) *Proxy {
	host, path := target, ""
	if i := strings.Index(target, "://"); i >= 0 {
		if k := strings.IndexByte(target[i+3:], '/'); k >= 0 {
			host, path = target[:i+3+k], target[i+3+k:]
		}
	}
	p := &Proxy{
		target: host, path: path, schedule: s, draw: rand.New(rand.NewPCG(s.Seed, 0xd0e)),
		client: &http.Client{
			Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	for _, f := range s.Faults {
		p.live = append(p.live, &active{Fault: f})
	}
	p.trap = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { p.trapped.Add(1) }))
	p.server = httptest.NewServer(http.HandlerFunc(p.serve))
	return p
}

// URL is where the proxy listens, with the target's path.
func (p *Proxy) URL() string { return p.server.URL + p.path }

// Trapped is how many requests followed a redirect to another host: none should.
func (p *Proxy) Trapped() int { return int(p.trapped.Load()) }

// Requests is how many requests came.
func (p *Proxy) Requests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests
}

// Log says what was spoilt, a line for each request that was.
func (p *Proxy) Log() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.log...)
}

// Hit are the faults of the schedule that have hit something.
func (p *Proxy) Hit() []Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Fault
	for _, a := range p.live {
		if a.hits > 0 {
			out = append(out, a.Fault)
		}
	}
	return out
}

// Close ends the proxy and its connections.
func (p *Proxy) Close() {
	p.server.CloseClientConnections()
	p.server.Close()
	p.trap.Close()
	p.client.CloseIdleConnections()
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	x := read(r, body)
	x.trap = p.trap.URL
	x.ask = func(other []byte) []byte {
		_, _, answer, err := p.forward(r, other)
		if err != nil {
			return nil
		}
		return answer
	}
	p.mu.Lock()
	p.requests++
	number := p.requests
	x.draw = rand.New(rand.NewPCG(p.draw.Uint64(), uint64(number)))
	p.mu.Unlock()

	if !p.spoil(x, number, true) {
		if x.status, x.header, x.body, err = p.forward(r, body); err != nil {
			panic(http.ErrAbortHandler) // as if the server itself were away
		}
		p.spoil(x, number, false)
	}
	if x.wire != nil {
		x.wire(w)
		return
	}
	send(w, x.status, x.header, x.body)
}

// spoil tries the faults that are due on an exchange, until one hits.
func (p *Proxy) spoil(x *exchange, number int, early bool) bool {
	for _, a := range p.live {
		if a.Kind.early != early {
			continue
		}
		key, due := p.claim(a, number)
		if !due {
			continue
		}
		hit := a.Kind.Speaks&x.protocol != 0 && x.pick(a.Kind.fits, key) && a.Kind.apply(x)
		p.mu.Lock()
		a.busy = false
		if hit {
			if a.hits++; a.Sticky && !a.Kind.Onward {
				a.key = x.calls[x.target].key
			}
			p.log = append(p.log, fmt.Sprintf("request %d: %s on %s", number, a.Kind.Name, clip(x.calls[x.target].key)))
		}
		p.mu.Unlock()
		if hit {
			return true
		}
	}
	return false
}

// claim reports whether a fault is due, and keeps others from using it up at the
// same time. A fault that sticks, or that does not end, may hit at any time once
// it has hit. The key is that of the call it sticks to.
func (p *Proxy) claim(a *active, number int) (key string, due bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a.hits > 0 {
		return a.key, a.Sticky || a.Kind.Onward
	}
	if a.busy || number < a.At {
		return "", false
	}
	a.busy = true
	return "", true
}

func clip(s string) string {
	const most = 160
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

// forward asks the server behind the proxy.
func (p *Proxy) forward(r *http.Request, body []byte) (status int, header http.Header, answer []byte, err error) {
	request, err := http.NewRequestWithContext(r.Context(), r.Method, p.target+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	for name, values := range r.Header {
		if name != "Accept-Encoding" && name != "Connection" {
			request.Header[name] = values
		}
	}
	response, err := p.client.Do(request)
	if err != nil {
		return 0, nil, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, response.Header.Clone(), answer, err
}
