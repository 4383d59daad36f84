package fetch

import (
	"context"
	"time"
)

// now is the only clock here: waiting needs one.
func now() time.Time { return time.Now() }

// pause waits. The error is ctx's.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
