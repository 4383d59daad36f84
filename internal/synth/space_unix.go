//go:build linux || darwin

package synth

import "syscall"

// freeSpace is how many bytes this user may still write where the folder is.
func freeSpace(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}
