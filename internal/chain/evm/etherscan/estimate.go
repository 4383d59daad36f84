package etherscan

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Estimate implements live.Estimator: a request for each list and for each
// proof of an address. Addresses with more than a thousand rows cost more.
func (s *Server) Estimate(addresses int, span chain.Span, list []chain.Kind) (requests int64, note string) {
	k := kindsOf(list)
	lists := len(wanted(k))
	each := lists
	if s.set.nonce && (k.has(chain.Fee) || k.has(chain.NativeKind)) {
		each++
		if span.From > 0 {
			each++
		}
	}
	if s.set.balance && span.From == 0 && k.has(chain.Internal) {
		each++
	}
	note = fmt.Sprintf("%d lists an address, %d requests with proofs, one more for each further %d rows", lists, each, pageRows)
	if s.set.tokens && span.From == 0 && k.has(chain.Token) {
		note += ", one more for each token"
	}
	return int64(addresses) * int64(each), note
}
