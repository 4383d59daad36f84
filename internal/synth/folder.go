package synth

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/scamtrace/scamtrace/internal/space"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
)

// ErrInput marks what the user has to change.
var ErrInput = errors.New("bad input")

// folder is the output, written beside its place until it is whole.
type folder struct {
	final, work string
	empty       bool // an empty folder is in the final place
}

// openFolder refuses a place where something lies.
func openFolder(dir string) (folder, error) {
	dir = filepath.Clean(dir)
	f := folder{final: dir, work: dir + ".inprogress"}
	if strings.Trim(filepath.Base(dir), "./\\") == "" {
		return folder{}, fmt.Errorf("%w: %s is not the name of a folder that could be made; name one", ErrInput, dir)
	}
	switch there, err := os.ReadDir(dir); {
	case err == nil && len(there) > 0:
		return folder{}, fmt.Errorf("%w: %s is not empty: it has %s; name another folder, or delete it", ErrInput, dir, there[0].Name())
	case err == nil:
		f.empty = true
	case !errors.Is(err, os.ErrNotExist):
		return folder{}, fmt.Errorf("%w: %w", ErrInput, err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return folder{}, fmt.Errorf("%w: %w", ErrInput, err)
	}
	err := os.Mkdir(f.work, 0o755)
	if errors.Is(err, os.ErrExist) {
		return folder{}, fmt.Errorf("%w: %s is there: another synth writes into it, or was killed; if none runs, delete it", ErrInput, f.work)
	}
	return f, err
}

// publish puts the whole folder into its place.
func (f folder) publish() error {
	if f.empty {
		if err := os.Remove(f.final); err != nil {
			return err
		}
	}
	return os.Rename(f.work, f.final)
}

// discard removes what was written.
func (f folder) discard() error { return os.RemoveAll(f.work) }

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
