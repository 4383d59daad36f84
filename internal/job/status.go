package job

import (
	"sync"
	"sync/atomic"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/crawl"
)

// Status is where a run stands, for whoever watches it. It may be read at any
// time while the run goes on. The zero value is ready.
type Status struct {
	mu      sync.Mutex
	chain   string
	crawl   crawl.Progress
	metered chain.Metered
	left    int64 // of the day's quota at the start, -1 if unknown
	done    atomic.Int64
	parts   atomic.Int64
}

// Snapshot is a Status at one moment.
type Snapshot struct {
	// Chain is empty while no chain is being crawled.
	Chain string `json:"chain"`
	// Round counts from 1, and is 0 before the first. Frontier addresses are asked in it; Asked were asked
	// before it, Met so far; Transfers are in the ledger.
	Round     int `json:"round"`
	Frontier  int `json:"frontier"`
	Asked     int `json:"asked"`
	Met       int `json:"met"`
	Transfers int `json:"transfers"`
	// Done of Parts shares of the round's answer are there.
	Done  int64 `json:"done"`
	Parts int64 `json:"parts"`
	// Server says that a server is asked; Usage is what it was asked. Left is
	// then what is left of the day's quota, -1 if unknown.
	Server bool        `json:"server"`
	Usage  chain.Usage `json:"usage"`
}

// Snapshot reads the status.
func (s *Status) Snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := Snapshot{
		Chain: s.chain, Round: s.crawl.Round + min(1, s.crawl.Frontier), Frontier: s.crawl.Frontier, Asked: s.crawl.Asked,
		Met: s.crawl.Met, Transfers: s.crawl.Transfers, Done: s.done.Load(), Parts: s.parts.Load(),
	}
	if s.metered != nil {
		out.Server, out.Usage = true, s.metered.Usage()
		if out.Usage.Left < 0 && s.left >= 0 {
			out.Usage.Left = max(0, s.left-out.Usage.Requests)
		}
	}
	return out
}

// begin says which chain is crawled now; nil for none.
func (s *Status) begin(t *trail) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chain, s.crawl, s.metered, s.left = "", crawl.Progress{}, nil, -1
	s.done.Store(0)
	s.parts.Store(0)
	if t == nil {
		return
	}
	s.chain = t.chain.Name
	if m, ok := t.source.(chain.Metered); ok {
		s.metered = m
	}
	if t.daily > 0 {
		s.left = t.daily
	}
}

func (s *Status) round(p crawl.Progress) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.crawl = p
	s.done.Store(0)
	s.parts.Store(0)
}

func (s *Status) share(done, parts int) {
	if s == nil {
		return
	}
	s.done.Store(int64(done))
	s.parts.Store(int64(parts))
}
