package btcnode

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// binary is where btcd is; it is built once.
var binary = sync.OnceValues(func() (string, error) {
	tool, err := exec.LookPath("go")
	if err != nil {
		return "", errors.New("go is not on PATH, so btcd cannot be built")
	}
	out, err := exec.Command(tool, "tool", "-n", "github.com/btcsuite/btcd").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = errors.New(strings.TrimSpace(string(exit.Stderr)))
		}
		return "", errors.Join(errors.New("go tool btcd"), err)
	}
	path := strings.TrimSpace(string(out))
	if _, err := os.Stat(path); err != nil {
		return "", err
	}
	return path, nil
})
