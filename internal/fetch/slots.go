package fetch

import (
	"context"
	"sync"
)

// slots bounds how many requests are on their way at once.
type slots struct {
	mu      sync.Mutex
	most    int // that there may ever be
	width   int // that there are now
	busy    int
	good    int // answers since width changed
	waiting []chan struct{}
}

func newSlots(most int) *slots { return &slots{most: most, width: most} }

// take waits for a slot, in order.
func (s *slots) take(ctx context.Context) error {
	s.mu.Lock()
	if s.busy < s.width && len(s.waiting) == 0 {
		s.busy++
		s.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	s.waiting = append(s.waiting, turn)
	s.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, w := range s.waiting {
		if w == turn {
			s.waiting = append(s.waiting[:i], s.waiting[i+1:]...)
			return ctx.Err()
		}
	}
	// The turn came at the same moment: pass it on.
	s.busy--
	s.next()
	return ctx.Err()
}

func (s *slots) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
	s.next()
}

// next lets in whom there is a slot for.
func (s *slots) next() {
	for s.busy < s.width && len(s.waiting) > 0 {
		close(s.waiting[0])
		s.waiting = s.waiting[1:]
		s.busy++
	}
}

// halve leaves half as many slots, at least one.
func (s *slots) halve() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.width, s.good = max(1, s.width/2), 0
}

// answered adds a slot after as many good answers as there are slots.
func (s *slots) answered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.width == s.most {
		return
	}
	if s.good++; s.good >= 2*s.width {
		s.width, s.good = s.width+1, 0
		s.next()
	}
}
