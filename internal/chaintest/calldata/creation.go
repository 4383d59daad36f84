package calldata

import (
	"encoding/hex"
	"io/fs"
	"strings"
)

// Creation is a contract's creation code: the file NAME.hex of the folder
// contracts. It panics if that was not committed.
func Creation(files fs.FS, name string) []byte {
	text, err := fs.ReadFile(files, "contracts/"+name+".hex")
	if err != nil {
		panic(err)
	}
	code, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		panic(err)
	}
	return code
}
