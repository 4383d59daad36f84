package compound

import (
	"bytes"
	"encoding/json"
)

// bitcoinFiles are the transactions of bitcoin-etl, one JSON object a line.
func (s *Set) bitcoinFiles() []file {
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	for i := range s.Bitcoin {
		_ = lines.Encode(&s.Bitcoin[i]) // plain structs into memory do not fail
	}
	return []file{{"bitcoin/transactions.json.gz", gzipped(out.Bytes())}}
}
