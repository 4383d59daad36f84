package anvil

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Find returns the program: .tools/anvil or npm's below .tools/npm, in the
// folder of go.mod, else the one on the PATH; "" if there is none.
func Find() string {
	name := "anvil"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if root := moduleRoot(); root != "" {
		tries := []string{
			filepath.Join(root, ".tools", name),
			filepath.Join(root, ".tools", "npm", "node_modules", "@foundry-rs", "anvil-"+platform(), "bin", name),
		}
		for _, path := range tries {
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path
			}
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

// platform is what npm calls this machine.
func platform() string {
	system := runtime.GOOS
	if system == "windows" {
		system = "win32"
	}
	return system + "-" + runtime.GOARCH
}

// moduleRoot is the nearest folder above that holds go.mod, "" if none does.
func moduleRoot() string {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
	return ""
}
