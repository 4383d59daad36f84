package evmnode

import (
	"embed"

	"github.com/scamtrace/scamtrace/internal/chaintest/calldata"
)

//go:embed contracts/*.hex
var compiled embed.FS

// creation is a contract's creation code.
func creation(name string) []byte { return calldata.Creation(compiled, name) }
