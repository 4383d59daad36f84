package node

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// kindSet is a set of kinds of movement.
type kindSet uint8

func kindsOf(kinds []chain.Kind) kindSet {
	if len(kinds) == 0 {
		return ^kindSet(0)
	}
	var s kindSet
	for _, k := range kinds {
		s |= 1 << k
	}
	return s
}

func (s kindSet) has(kinds ...chain.Kind) bool {
	return slices.ContainsFunc(kinds, func(k chain.Kind) bool { return s>>k&1 == 1 })
}

// inquiry is a question made ready. Its parts share it; what changes in it is
// under the mutex.
type inquiry struct {
	chain.Question
	server  *Server
	pin     chain.Block
	pinText string
	kinds   kindSet
	ways    ways

	// texts and raw are the asked addresses in order, at their places, words
	// their bits in a bloom as topics.
	texts     []chain.Address
	raw       [][20]byte
	at        map[[20]byte]int
	words     []bits
	signature bits

	mu    sync.Mutex
	begun bool
	// nonces are how many transactions each address sent in the span; not known
	// if unproved says why.
	nonces   []uint64
	unproved string
	hubs     map[int]bool // by nonce
	sums     []*sums      // of the parts that were told, by slot
}

// inquire makes a question ready.
func (s *Server) inquire(q chain.Question, pin chain.Block) (*inquiry, error) {
	i := &inquiry{
		Question: q, server: s, pin: pin, pinText: pin.Hash.Text(chain.Account), kinds: kindsOf(q.Kinds),
		texts: make([]chain.Address, 0, len(q.Addresses)), at: make(map[[20]byte]int, len(q.Addresses)),
		signature: bitsOf(topicBytes()), hubs: map[int]bool{},
	}
	for a := range q.Addresses {
		i.texts = append(i.texts, a)
	}
	slices.Sort(i.texts)
	for at, a := range i.texts {
		raw, err := parseAddress(a)
		if err != nil {
			return nil, err
		}
		i.raw = append(i.raw, raw)
		i.at[raw] = at
		i.words = append(i.words, bitsOf(word(raw)))
	}
	return i, nil
}

func topicBytes() []byte {
	var b [32]byte
	if err := fixed(b[:], []byte(`"`+transferTopic+`"`)); err != nil {
		return nil
	}
	return b[:]
}

// begin learns what must be known before the first part is told, once: how many
// transactions each address sent. It is asked where fees are: each transaction
// that an address sent has one, so that more of them than the limit make a hub
// for two requests a hundred addresses.
func (q *inquiry) begin(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.begun || !q.kinds.has(chain.Fee, chain.NativeKind) {
		return nil
	}
	nonces, err := q.server.nonces(ctx, q)
	if err != nil {
		u, err := q.server.gapOf(ctx, err)
		if err != nil {
			return err
		}
		q.unproved = u.reason
	}
	q.nonces, q.begun = nonces, true
	if q.Limit > 0 && q.kinds.has(chain.Fee) {
		for at, n := range nonces {
			if n > uint64(q.Limit) {
				q.hubs[at] = true
			}
		}
	}
	return nil
}

// hub is the finding that an address has too many transfers.
func (q *inquiry) hub(at int) chain.Gap {
	return chain.Gap{
		Address: q.texts[at], Span: q.Span, Effect: chain.Hub, Reason: fmt.Sprintf("more than %d transfers", q.Limit),
	}
}

// sums is what a part found out for the proofs: what came less what went of each
// address, modulo 2^256.
type sums struct {
	native map[int]*chain.Amount
	sent   map[int]uint64
	// signed are addresses whose nonce may have grown without a transaction.
	signed map[int]bool
	tokens map[holding]*chain.Amount
	// untold are addresses of which something is missing, mined those that got
	// rewards which no answer tells.
	untold, mined map[int]bool
}

// holding is a token of an address.
type holding struct {
	at    int
	token [20]byte
}

func newSums() *sums {
	return &sums{
		native: map[int]*chain.Amount{}, sent: map[int]uint64{}, signed: map[int]bool{},
		tokens: map[holding]*chain.Amount{}, untold: map[int]bool{}, mined: map[int]bool{},
	}
}

func entryOf[K comparable](m map[K]*chain.Amount, k K) *chain.Amount {
	a, ok := m[k]
	if !ok {
		a = new(chain.Amount)
		m[k] = a
	}
	return a
}

// merge adds other sums.
func (s *sums) merge(o *sums) {
	for k, v := range o.native {
		a := entryOf(s.native, k)
		a.Add(a, v)
	}
	for k, v := range o.tokens {
		a := entryOf(s.tokens, k)
		a.Add(a, v)
	}
	for k, v := range o.sent {
		s.sent[k] += v
	}
	for _, pair := range [][2]map[int]bool{{s.signed, o.signed}, {s.untold, o.untold}, {s.mined, o.mined}} {
		for k := range pair[1] {
			pair[0][k] = true
		}
	}
}

// finish takes in the sums of a part. With the last of them the proofs are made.
func (q *inquiry) finish(ctx context.Context, slot int, found *sums) ([]chain.Gap, error) {
	q.mu.Lock()
	q.sums[slot] = found
	all := newSums()
	for _, s := range q.sums {
		if s == nil {
			q.mu.Unlock()
			return nil, nil
		}
		all.merge(s)
	}
	q.mu.Unlock()
	return q.prove(ctx, all)
}
