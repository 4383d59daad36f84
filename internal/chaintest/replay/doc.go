// Package replay lets a synthetic play happen on real nodes: go-ethereum's
// in-process node and btcd in regtest. Live drivers then see the scenario as a
// chain would give it: signed transactions, real ERC-20 code, internal calls,
// transactions that revert or run out of gas, multi-input and CoinJoin spends.
//
// On Ethereum the play acts on the node while the chain is made: what an account
// has and what a transaction cost is the node's word, so the truth is that of
// the chain. On Bitcoin each transaction is made again with the same coins, the
// same outputs and so the same fee.
//
// What a chain cannot do is done in its way:
//
//   - Rewards, which make ether for who is rich from the start, are withdrawals
//     of validators: the one kind of new ether that a node tells as the exports
//     do, with its time and to the gwei.
//   - A plain payment to an account without code cannot fail. The play's failed
//     ones go to a pool, with too little gas to run its code, and are told so.
//   - Coinbases of the play are payments of a miner, because a block's subsidy in
//     regtest is another.
//   - Look-alikes have addresses that nobody has a key of: finding one takes a
//     day. They never sign; the poisoner's contract moves what they get.
//   - Allowances are given to the pools, the bridge and the poisoner's contract by
//     the tokens' maker, all at once and for everybody (see Coin.trust). Zero
//     transfers need none and are the token's own transferFrom.
//   - Deployments and such permissions are transactions of a deployer, who has no
//     part in the play.
package replay
