package job

import (
	"context"
	"errors"
	"sync"
)

// parallel runs n independent tasks, at most workers at a time, and returns
// their errors in the order of the tasks. What a task does must not depend on
// another. The first error cancels the context of the rest.
func parallel(ctx context.Context, workers, n int, task func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make([]error, n)
	slots := make(chan struct{}, max(1, workers))
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if errs[i] = ctx.Err(); errs[i] == nil {
				errs[i] = task(ctx, i)
			}
			if errs[i] != nil {
				cancel()
			}
		})
	}
	wg.Wait()
	// A cancelled task says nothing when another says why.
	var first error
	for _, err := range errs {
		if err != nil && (first == nil || errors.Is(first, context.Canceled)) {
			first = err
		}
	}
	return first
}
