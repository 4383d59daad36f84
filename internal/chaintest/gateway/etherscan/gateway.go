package etherscan

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Flavour is in what explorers differ.
type Flavour struct {
	// LogIndex puts the log index into rows of tokentx.
	LogIndex bool
	// CallIndex names calls by their number in the transaction, as Blockscout
	// does, in place of traceId; it also calls their transaction
	// transactionHash, and lists creations by the transaction itself.
	CallIndex bool
	// Proxy answers module=proxy. Without it JSON-RPC is taken at /eth-rpc.
	Proxy bool
	// NeedsChain refuses requests without the right chainid.
	NeedsChain bool
	// Genesis lists what accounts had in block 0.
	Genesis bool
	// TooMany answers too many requests with HTTP 429 in place of 200.
	TooMany bool
}

// Etherscan is the shape of api.etherscan.io/v2.
func Etherscan() Flavour { return Flavour{Proxy: true, NeedsChain: true, Genesis: true} }

// Blockscout is the shape of an instance of Blockscout.
func Blockscout() Flavour { return Flavour{LogIndex: true, CallIndex: true, TooMany: true} }

// Plain is an Etherscan that tells log indexes: it leaves nothing out.
func Plain() Flavour {
	f := Etherscan()
	f.LogIndex = true
	return f
}

// Options are a gateway's limits. 0 is no limit, where a field does not say
// otherwise.
type Options struct {
	Flavour Flavour
	// ChainID is the chain's number, 1 if 0.
	ChainID uint64
	// Key is the only valid key, none if empty.
	Key string
	// PerSecond and Daily are the most requests of the key.
	PerSecond, Daily int
	// Rows is the most rows of a page, 1,000 if 0. More are cut off without a
	// word, as the real ones do.
	Rows int
	// Window is the most rows that pages reach, 10,000 if 0.
	Window int
	// Slow lists of more than so many rows time out unless the blocks are cut
	// down.
	Slow int
	// RawErrors marks a call as failed only if it failed itself.
	RawErrors bool
}

// Gateway is the server's handler. It is safe for concurrent use.
type Gateway struct {
	node string
	opt  Options

	memory *memory

	mu       sync.Mutex
	index    *index
	revoked  bool
	daily    int
	seconds  map[int64]int
	requests map[string]int
	mangle   func(action string, rows []map[string]any) []map[string]any
}

// New serves what the node at a URL knows.
func New(node string, o Options) *Gateway {
	if o.ChainID == 0 {
		o.ChainID = 1
	}
	if o.Rows == 0 {
		o.Rows = 1000
	}
	if o.Window == 0 {
		o.Window = 10_000
	}
	memory := &memory{blocks: map[string]*told{}}
	return &Gateway{node: node, opt: o, memory: memory, index: newIndex(), seconds: map[int64]int{}, requests: map[string]int{}}
}

// Sibling is another gateway over the same node, which does not ask the node
// again for the blocks that this one knows.
func (g *Gateway) Sibling(o Options) *Gateway {
	s := New(g.node, o)
	s.memory = g.memory
	return s
}

// Start serves a gateway until the test ends and returns its URL, with the path
// that the flavour has.
func Start(t testing.TB, g *Gateway) string {
	t.Helper()
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	if g.opt.Flavour.NeedsChain {
		return server.URL + "/v2/api"
	}
	return server.URL + "/api"
}

// Revoke makes the key invalid.
func (g *Gateway) Revoke() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.revoked = true
}

// NewDay renews the daily limit.
func (g *Gateway) NewDay() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.daily = 0
}

// Mangle has every list changed before it is cut into pages; nil ends it. The
// rows must not be written to.
func (g *Gateway) Mangle(f func(action string, rows []map[string]any) []map[string]any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.mangle = f
}

// Requests is how many requests came so far, and of one action.
func (g *Gateway) Requests(action string) (all, one int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range g.requests {
		all += n
	}
	return all, g.requests[action]
}

// ServeHTTP implements http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return
		}
		g.rpc(w, r, string(body))
		return
	}
	if a := g.admit(q); a != nil {
		a.write(w)
		return
	}
	if !strings.HasSuffix(r.URL.Path, "/api") {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<!DOCTYPE html><html><body>404</body></html>")
		return
	}
	g.answer(r.Context(), q).write(w)
}

// admit checks key, chain and limits; nil is yes. Ref: docs.etherscan.io,
// common error messages.
func (g *Gateway) admit(q url.Values) *answer {
	g.mu.Lock()
	defer g.mu.Unlock()
	action := q.Get("action")
	g.requests[action]++
	if f := g.opt.Flavour; f.NeedsChain && q.Get("chainid") != fmt.Sprint(g.opt.ChainID) {
		return refuse("Missing or unsupported chainid parameter (required for v2 api), please see https://api.etherscan.io/v2/chainlist for the list of supported chainids")
	}
	if g.opt.Key != "" && (q.Get("apikey") != g.opt.Key || g.revoked) {
		return refuse("Invalid API Key (#err2)")
	}
	if g.opt.Daily > 0 && g.daily >= g.opt.Daily {
		return refuse(fmt.Sprintf("Max daily rate limit reached. %d (100%%) of %d day/limit", g.opt.Daily, g.opt.Daily))
	}
	if now := time.Now(); g.opt.PerSecond > 0 {
		second := now.Unix()
		if g.seconds[second] >= g.opt.PerSecond {
			if g.opt.Flavour.TooMany {
				return &answer{status: http.StatusTooManyRequests, body: map[string]any{"message": "429 Too Many Requests", "result": nil, "status": "0"}}
			}
			return refuse(fmt.Sprintf("Max calls per sec rate limit reached (%d/sec)", g.opt.PerSecond))
		}
		g.seconds[second]++
	}
	g.daily++
	return nil
}

// answer finds out what to say to an admitted request.
func (g *Gateway) answer(ctx context.Context, q url.Values) *answer {
	module, action := q.Get("module"), q.Get("action")
	if module == "proxy" && g.opt.Flavour.Proxy {
		return g.proxy(ctx, action, q)
	}
	if module != "account" {
		return g.unknown("module")
	}
	switch action {
	case "txlist", "txlistinternal", "tokentx":
		return g.list(ctx, action, q)
	case "balance":
		return g.balance(ctx, q.Get("address"))
	case "tokenbalance":
		return g.tokenBalance(ctx, q.Get("contractaddress"), q.Get("address"))
	}
	return g.unknown("action")
}

func (g *Gateway) unknown(what string) *answer {
	if !g.opt.Flavour.NeedsChain {
		return &answer{body: map[string]any{"status": "0", "message": "Unknown " + what, "result": nil}}
	}
	return refuse("Error! Missing Or invalid " + strings.ToUpper(what[:1]) + what[1:] + " name")
}

// list answers with a page of a list.
func (g *Gateway) list(ctx context.Context, action string, q url.Values) *answer {
	address := strings.ToLower(q.Get("address"))
	if len(address) != 42 || !strings.HasPrefix(address, "0x") {
		return refuse("Error! Invalid address format")
	}
	from, to := number(q.Get("startblock"), 0), number(q.Get("endblock"), 1<<62)
	page, offset := int(number(q.Get("page"), 1)), int(number(q.Get("offset"), 10_000))
	if page*offset > g.opt.Window {
		return &answer{body: map[string]any{
			"status": "0", "result": nil,
			"message": fmt.Sprintf("Result window is too large, PageNo x Offset size must be less than or equal to %d", g.opt.Window),
		}}
	}
	rows, err := g.rows(ctx, action, address)
	if err != nil {
		return failure(err)
	}
	rows = slices.DeleteFunc(rows, func(r map[string]any) bool {
		h := number(fmt.Sprint(r["blockNumber"]), 0)
		return h < from || h > to
	})
	if g.opt.Slow > 0 && len(rows) > g.opt.Slow && from < to {
		return refuse("Query Timeout occured. Please select a smaller result dataset") //nolint:misspell // so Etherscan spells it
	}
	if q.Get("sort") == "desc" {
		slices.Reverse(rows)
	}
	g.mu.Lock()
	mangle := g.mangle
	g.mu.Unlock()
	if mangle != nil {
		rows = mangle(action, rows)
	}
	offset = min(offset, g.opt.Rows)
	rows = g.confirm(rows)
	begin := min((page-1)*offset, len(rows))
	rows = rows[begin:min(begin+offset, len(rows))]
	if len(rows) == 0 {
		return &answer{body: map[string]any{"status": "0", "message": g.nothing(action), "result": []any{}}}
	}
	return &answer{body: map[string]any{"status": "1", "message": "OK", "result": rows}}
}

// nothing is how an empty list is said.
func (g *Gateway) nothing(action string) string {
	if g.opt.Flavour.NeedsChain {
		return "No transactions found"
	}
	switch action {
	case "txlistinternal":
		return "No internal transactions found"
	case "tokentx":
		return "No token transfers found"
	}
	return "No transactions found"
}
