package dataset

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// hash reads the name of a transaction or block: 64 hex digits, with or without
// 0x, or 32 raw bytes.
func (c *cell) hash() (h chain.Hash, err error) {
	b := c.b
	switch c.kind {
	case null:
		return h, errMissing
	case decimal:
		if len(b) == 32 {
			return chain.Hash(b), nil
		}
		return h, fmt.Errorf("has %d bytes; a hash has 32", len(b))
	case text:
	default:
		return h, fmt.Errorf("is not text")
	}
	if len(b) >= 2 && b[0] == '0' && b[1] == 'x' {
		b = b[2:]
	}
	if len(b) != 64 {
		return h, fmt.Errorf("%q has not 64 hex digits", clip(c.b))
	}
	for i := range h {
		high, low := hexDigits[b[2*i]], hexDigits[b[2*i+1]]
		if high|low > 15 {
			return h, fmt.Errorf("%q is not hex", clip(c.b))
		}
		h[i] = high<<4 | low
	}
	return h, nil
}
