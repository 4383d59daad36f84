// Package crawl walks a chain outward from seed addresses, in rounds: it asks a
// source for every transfer of the frontier at once, and decides after the
// barrier, alone and in sorted order, which addresses come next and which rule
// stops the others. Its only result is facts in the ledger and one Visit for
// every address met.
//
// Time order is always kept: forward, an address is followed only from its
// first arrival on; backward, only up to its last departure. Rounds are those
// of Bellman and Ford, so a later, longer way that arrives earlier is found and
// followed too; the hop of an address is that of its shortest way in time.
//
// Parts of an answer are read concurrently, and so are the transfers that a round
// follows; decisions are taken alone and in order. The ledger does not depend on
// the order in which parts answer, so neither does the result.
package crawl
