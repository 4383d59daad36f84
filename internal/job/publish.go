package job

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/scamtrace/scamtrace/internal/table"
)

// outbox is the output folder while a run writes into it:
//
//	OUT/.lock            held for the whole run; the kernel frees it on a crash
//	OUT/.inprogress/     what this run has written so far
//	OUT/runs/RUN_ID/     a published run
//	OUT/latest           a link to the last published run
type outbox struct {
	dir  string
	lock *flock.Flock
}

// openOutbox makes the folder if needed, takes the lock and clears away what an
// interrupted run left behind.
func openOutbox(dir string) (*outbox, error) {
	if f, err := os.Lstat(filepath.Join(dir, "latest")); err == nil && f.Mode()&os.ModeSymlink == 0 {
		return nil, badInput("%s is in the way: it is not the link that a run makes; move it, or write elsewhere with --out", filepath.Join(dir, "latest"))
	}
	if err := os.MkdirAll(filepath.Join(dir, "runs"), 0o777); err != nil {
		return nil, table.Advise(dir, err)
	}
	lock := flock.New(filepath.Join(dir, ".lock"))
	got, err := lock.TryLock()
	if err != nil {
		return nil, table.Advise(filepath.Join(dir, ".lock"), err)
	}
	if !got {
		return nil, fmt.Errorf("%s: %w; wait for it, or write elsewhere with --out", dir, ErrLocked)
	}
	o := &outbox{dir: dir, lock: lock}
	if err := os.RemoveAll(o.workspace()); err != nil {
		return nil, errors.Join(table.Advise(dir, err), lock.Unlock())
	}
	if err := os.Mkdir(o.workspace(), 0o777); err != nil {
		return nil, errors.Join(table.Advise(dir, err), lock.Unlock())
	}
	return o, nil
}

func (o *outbox) workspace() string { return filepath.Join(o.dir, ".inprogress") }

// close drops what was not published and gives the lock back.
func (o *outbox) close() error {
	return errors.Join(os.RemoveAll(o.workspace()), o.lock.Unlock())
}

// publish gives the workspace its final name and points latest at it. A run of
// the same id was made from the same inputs; it is replaced whole.
func (o *outbox) publish(runID string) (string, error) {
	final := filepath.Join(o.dir, "runs", runID)
	if _, err := os.Stat(final); err == nil {
		aside := filepath.Join(o.dir, ".replaced")
		if err := errors.Join(os.RemoveAll(aside), os.Rename(final, aside)); err != nil {
			return "", table.Advise(o.dir, err)
		}
		defer func() { _ = os.RemoveAll(aside) }()
	}
	if err := os.Rename(o.workspace(), final); err != nil {
		return "", table.Advise(o.dir, err)
	}
	if err := syncDir(filepath.Join(o.dir, "runs")); err != nil {
		return "", table.Advise(o.dir, err)
	}
	link := filepath.Join(o.dir, ".latest")
	if err := os.RemoveAll(link); err != nil {
		return "", table.Advise(o.dir, err)
	}
	if err := os.Symlink(filepath.Join("runs", runID), link); err != nil {
		return "", table.Advise(o.dir, err)
	}
	if err := os.Rename(link, filepath.Join(o.dir, "latest")); err != nil {
		return "", table.Advise(o.dir, err)
	}
	return final, table.Advise(o.dir, syncDir(o.dir))
}

// syncDir makes the names in a folder survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
