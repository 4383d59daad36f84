package fetch

import (
	"context"
	"sync"
	"time"
)

// slots bounds how many requests are on their way at once.
type slots struct {
	mu      sync.Mutex
	most    int // that there may ever be
	width   int // that there are now
	busy    int
	good    int // answers since width changed
	ceiling int // that was refused last, 0 if none
	changed time.Time
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
func (s *slots) halve(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ceiling, s.changed = s.width, t
	s.width, s.good = max(1, s.width/2), 0
}

// probeAfter is how long it takes until as many slots are tried again as were
// refused.
const probeAfter = 15 * time.Second

// answered adds a slot after some good answers.
func (s *slots) answered(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.good++; s.width == s.most || s.good < 2*s.width {
		return
	}
	if s.width+1 >= s.ceiling && t.Sub(s.changed) < probeAfter {
		return
	}
	s.width, s.good, s.changed = s.width+1, 0, t
	s.next()
}
