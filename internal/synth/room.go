package synth

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"github.com/scamtrace/scamtrace/internal/space"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
)

// full is what to do about a full disk; nil if an error has another cause. Each
// file that was open fails then: it is said once.
func (f folder) full(err error) error {
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, cause) {
			return fmt.Errorf("%s: %w: nothing was written; free some, or name a folder on another disk", filepath.Dir(f.work), cause)
		}
	}
	return nil
}

// needs is about how many bytes a set takes: measured on the default scenario. A
// disk that fills up all the same is told when it happens.
func needs(s scenario.Scenario, rows int64) uint64 {
	bytes := 40 // Bitcoin and what is always told
	if t := s.Truth; t.Transfers || t.Deposits || t.Nights || t.Benign {
		bytes += 130
	}
	for _, table := range s.Tables {
		bytes += map[string]int{"blocks": 80, "transactions": 180, "token_transfers": 140, "traces": 210}[table]
	}
	return uint64(bytes) * uint64(rows)
}

// room refuses a set that is larger than the disk's free space.
func (f folder) room(need uint64) error {
	free, err := space.Free(f.work)
	if err != nil {
		return nil // nobody knows; a full disk is told when it comes
	}
	if need > free {
		return fmt.Errorf("the set takes about %d MB, and in %s %d MB are free: free some, or name a folder on another disk",
			need>>20+1, filepath.Dir(f.work), free>>20)
	}
	return nil
}
