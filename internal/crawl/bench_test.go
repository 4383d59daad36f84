package crawl_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/crawl"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// indexed is a source that finds the transfers of an address at once.
type indexed struct {
	memory
	of map[chain.Address][]int32
}

func (s *indexed) Plan(_ context.Context, q chain.Question) ([]chain.Part, error) {
	parts := make([]chain.Part, 8)
	shares := make([]share, len(parts))
	for i := range parts {
		shares[i].source, shares[i].q = s, q
		parts[i] = &shares[i]
	}
	n := 0
	for a := range q.Addresses {
		shares[n%len(shares)].addresses = append(shares[n%len(shares)].addresses, a)
		n++
	}
	return parts, nil
}

type share struct {
	source    *indexed
	q         chain.Question
	addresses []chain.Address
}

func (p *share) Ask(_ context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	for _, a := range p.addresses {
		for _, i := range p.source.of[a] {
			t := &p.source.transfers[i]
			other := t.In[0].Address
			if other == a {
				other = t.Out[0].Address
			}
			if _, told := p.q.Answered[other]; told {
				continue
			}
			if err := emit(t); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

// generated is a chain of n token payments. A few addresses have very many, as
// on a real chain.
func generated(n, addresses int) *indexed {
	s := &indexed{of: map[chain.Address][]int32{}}
	s.transfers = make([]chain.Transfer, n)
	names := make([]chain.Address, addresses)
	for i := range names {
		names[i] = chain.Address(fmt.Sprintf("0x%016x%024x", uint64(i+1)*0x9e3779b97f4a7c15, i))
	}
	r := rand.New(rand.NewPCG(1, 2))
	who := func() chain.Address {
		x := r.Float64()
		return names[int(x*x*x*float64(addresses))]
	}
	entries := make([]chain.Entry, 2*n)
	for i := range s.transfers {
		t := &s.transfers[i]
		binary.BigEndian.PutUint64(t.Tx.Hash[:], uint64(i+1)*0x9e3779b97f4a7c15)
		t.Tx.Pos = chain.Pos{Height: uint64(i / 150), Index: uint32(i % 150)}
		t.Tx.Time, t.Tx.Status = int64(i/150*12), chain.Succeeded
		t.Kind, t.Asset = chain.Token, "0xdac17f958d2ee523a2206206994597c13d831ec7"
		t.In, t.Out = entries[2*i:2*i+1:2*i+1], entries[2*i+1:2*i+2:2*i+2]
		t.In[0].Address, t.Out[0].Address = who(), who()
		t.In[0].Amount.SetUint64(1 + r.Uint64()>>20)
		t.Out[0].Amount = t.In[0].Amount
		s.of[t.In[0].Address] = append(s.of[t.In[0].Address], int32(i))
		if t.Out[0].Address != t.In[0].Address {
			s.of[t.Out[0].Address] = append(s.of[t.Out[0].Address], int32(i))
		}
	}
	return s
}

func BenchmarkRun(b *testing.B) {
	const n = 1_000_000
	source := generated(n, 200_000)
	for _, direction := range []crawl.Direction{crawl.Forward, crawl.Both} {
		b.Run(string(direction), func(b *testing.B) {
			s := read(b, "max-hops 8\n counterparties 5000\n transfers 50000\n window 100000000", "")
			s.cfg.Direction, s.cfg.Workers = direction, 2
			starts := []crawl.Start{{Address: source.transfers[1].In[0].Address}, {Address: source.transfers[2].In[0].Address}}
			for b.Loop() {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				l := ledger.New(s.chain)
				r, err := crawl.Run(context.Background(), crawl.Input{Source: source, Ledger: l, Starts: starts}, s.cfg)
				require.NoError(b, err)
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(l.Len()), "transfers")
				b.ReportMetric(float64(len(r.Visits)), "visits")
				b.ReportMetric(float64(r.Asked), "asked")
				b.ReportMetric(float64(r.Rounds), "rounds")
				b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(l.Len()), "allocated-B/transfer")
			}
		})
	}
}
