package node

import "sync"

// shelf keeps what was decoded lately, up to a bound, so that the next question
// about the same blocks need not decode them again. What is found there must be
// what the archive would give.
type shelf[T any] struct {
	mu   sync.Mutex
	most int64
	held int64
	// fresh and stale are two generations: when fresh is full it becomes stale,
	// and what was stale is dropped.
	fresh, stale map[shelfKey]shelved[T]
}

type shelfKey struct {
	pin    string
	height uint64
	traced bool
}

type shelved[T any] struct {
	value *T
	size  int64
}

// Bounds of what is kept, in bytes.
const (
	blocksKept  = 256 << 20
	headersKept = 64 << 20
)

func newShelf[T any](most int64) *shelf[T] {
	return &shelf[T]{most: most, fresh: map[shelfKey]shelved[T]{}, stale: map[shelfKey]shelved[T]{}}
}

// get returns what is there. It must not be changed.
func (s *shelf[T]) get(k shelfKey) *T {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.fresh[k]; ok {
		return x.value
	}
	x, ok := s.stale[k]
	if !ok {
		return nil
	}
	s.put(k, x)
	return x.value
}

// add keeps a value of about so many bytes.
func (s *shelf[T]) add(k shelfKey, value *T, size int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(k, shelved[T]{value, size})
}

func (s *shelf[T]) put(k shelfKey, x shelved[T]) {
	if s.held+x.size > s.most/2 {
		s.fresh, s.stale, s.held = map[shelfKey]shelved[T]{}, s.fresh, 0
	}
	if _, ok := s.fresh[k]; !ok {
		s.held += x.size
	}
	s.fresh[k] = x
}
