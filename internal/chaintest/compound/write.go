package compound

import (
	"os"
	"path/filepath"
)

// file is one file of a set, by its path below the folder.
type file struct {
	path string
	data []byte
}

// Write writes the set below a folder, which it makes. Files that are there
// under the same names are replaced.
func (s *Set) Write(dir string) error {
	files := s.ethereumFiles()
	files = append(files, s.bitcoinFiles()...)
	files = append(files, s.publicFiles()...)
	files = append(files, s.truthFiles()...)
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
