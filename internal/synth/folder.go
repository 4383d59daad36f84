package synth

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrInput marks what the user has to change.
var ErrInput = errors.New("bad input")

// folder is the output, written beside its place until it is whole.
type folder struct {
	name        string // as it was given
	final, work string
	empty       bool     // an empty folder was in the final place; work is that one
	made        []string // the folders above that were not there, the lowest first
}

// unfinished ends the name of a folder until it is whole.
const unfinished = ".inprogress"

// openFolder refuses a place where something lies, and where no folder can be
// put: now, not after an hour's work.
func openFolder(dir string) (f folder, err error) {
	dir = filepath.Clean(dir)
	f = folder{name: dir, final: dir}
	if err := checkName(dir); err != nil {
		return f, fmt.Errorf("%w: %w", ErrInput, err)
	}
	// A link stays, and the set goes where it leads.
	if at, err := os.Lstat(dir); err == nil && at.Mode()&os.ModeSymlink != 0 {
		if f.final, err = filepath.EvalSymlinks(dir); err != nil {
			return f, fmt.Errorf("%w: %s is a link that leads nowhere (%w); name another folder, or delete it", ErrInput, dir, err)
		}
	}
	f.work = f.final + unfinished
	switch there, err := os.ReadDir(f.final); {
	case err == nil && len(there) > 0:
		return f, f.occupied(there[0].Name())
	case err == nil:
		err = f.take()
		return f, err
	case !errors.Is(err, os.ErrNotExist):
		return f, fmt.Errorf("%w: %w; name another folder", ErrInput, err)
	}
	err = f.make()
	return f, err
}

func (f folder) occupied(by string) error {
	return fmt.Errorf("%w: %s is not empty: it has %s; name another folder, or delete it", ErrInput, f.name, by)
}

func (f folder) busy() error {
	return fmt.Errorf("%w: %s is there: another synth writes into it, or was killed; if none runs, delete it", ErrInput, f.work)
}

// checkName refuses what could not be made, or not be named in the case file.
func checkName(dir string) error {
	base := filepath.Base(dir)
	switch {
	case strings.Trim(base, "./\\") == "":
		return fmt.Errorf("%s is not the name of a folder that could be made; name one", dir)
	case strings.HasSuffix(base, unfinished):
		return fmt.Errorf("%s: names that end in %s are for sets that are not whole; name another", dir, unfinished)
	case !utf8.ValidString(dir) || strings.ContainsFunc(dir, unicode.IsControl):
		return fmt.Errorf("%q has a character that a case file cannot name, such as a line break; name another folder", dir)
	}
	return nil
}

// take moves an empty folder to where the set is written. It keeps its owner and
// rights, and one that cannot be moved is known before the work.
func (f *folder) take() error {
	switch err := os.Rename(f.final, f.work); {
	case errors.Is(err, os.ErrExist):
		return f.busy()
	case err != nil:
		return cmp.Or(f.full(err), fmt.Errorf("%w: %s is empty, but cannot be replaced by a whole set (%w); name a folder in it, such as %s",
			ErrInput, f.name, err, filepath.Join(f.name, "set")))
	}
	f.empty = true
	if there, err := os.ReadDir(f.work); err != nil || len(there) > 0 { // another synth was faster
		return errors.Join(cmp.Or(err, f.occupied("what came just now")), os.Rename(f.work, f.final))
	}
	return nil
}

// make makes the folder, and those above it.
func (f *folder) make() error {
	var missing []string
	for above := filepath.Dir(f.work); ; above = filepath.Dir(above) {
		if _, err := os.Lstat(above); err == nil || above == filepath.Dir(above) {
			break
		}
		missing = append(missing, above)
	}
	err := os.MkdirAll(filepath.Dir(f.work), 0o755)
	f.made = missing
	if err == nil {
		if err = os.Mkdir(f.work, 0o755); errors.Is(err, os.ErrExist) {
			return f.busy()
		}
	}
	if err != nil {
		f.unmake()
		return cmp.Or(f.full(err), fmt.Errorf("%w: %s cannot be made (%w); name a folder in a place where you can write", ErrInput, f.name, err))
	}
	return nil
}

// unmake removes the folders above that were made, as far as they are empty.
func (f folder) unmake() {
	for _, above := range f.made {
		_ = os.Remove(above)
	}
}

// publish puts the whole folder into its place.
func (f folder) publish() error {
	err := os.Rename(f.work, f.final)
	if _, there := os.Lstat(f.final); err != nil && there == nil {
		return fmt.Errorf("%w: somebody made %s while the set was written (%w); name another folder, or delete it", ErrInput, f.name, err)
	}
	return err
}

// discard removes what was written, and puts an empty folder back.
func (f folder) discard() error {
	if !f.empty {
		err := os.RemoveAll(f.work)
		f.unmake()
		return err
	}
	there, err := os.ReadDir(f.work)
	for _, entry := range there {
		err = errors.Join(err, os.RemoveAll(filepath.Join(f.work, entry.Name())))
	}
	if _, there := os.Lstat(f.final); there == nil { // somebody made another
		return errors.Join(err, os.Remove(f.work))
	}
	return errors.Join(err, os.Rename(f.work, f.final))
}
