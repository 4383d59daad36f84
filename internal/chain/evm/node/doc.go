// Package node is the source that asks an EVM node by JSON-RPC, "node:NAME":
// go-ethereum, Erigon, Reth, Nethermind, Besu, and what hosted providers put
// before them.
//
// Token movements of a whole frontier come from eth_getLogs, by lists of
// senders and of recipients. Native, internal, fee and reward movements come in
// one of three ways, the first that the server has unless the case names one
// ("node:NAME,internal=trace_filter|debug|none"):
//
//   - trace_filter finds them by address (filter.go);
//   - a scan of every block of the window, with receipts and
//     debug_traceBlockByNumber (scan.go); tokens then come from the receipts;
//   - the same scan without traces, and the gap that internal movements are not
//     covered.
//
// A scan reads the blocks from the newest to the oldest, so that each block is
// known by the parent hash of the one above before it is believed. What a block
// holds does not depend on who is asked for: answers are kept under the hash of
// the last of the 16 blocks that are read together, for every later question and
// night.
//
// Nothing is believed that can be checked: see check.go (hash of the header,
// roots of transactions, receipts and withdrawals), bloom.go (logs against the
// blooms of the headers) and proof.go (nonces and balances). A reply that fails
// a check is asked for again like any broken reply, and is not kept.
//
// Limits that the data impose:
//   - rewards are told where a proof-of-stake block tells them: withdrawals, as
//     ordinal three times their place, and the tips to the producer, as ordinal
//     1. Other rewards are a gap.
//   - chains whose headers go-ethereum cannot hash (rollups, side chains) are
//     read without the checks that rest on hashes. Ethereum itself never is.
package node
