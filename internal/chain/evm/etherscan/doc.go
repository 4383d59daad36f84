// Package etherscan is the source that asks an explorer with the HTTP interface
// of Etherscan (version 2), which Blockscout, Routescan and others speak too.
//
// The source is written "etherscan:NAME", where NAME is an endpoint whose URL
// goes up to and with the path of the interface:
//
//	https://api.etherscan.io/v2/api       one server for all chains
//	https://eth.blockscout.com/api        a server for one chain
//
// After a comma follow settings:
//
//	proof=nonce     what is proved, joined by "+": none, nonce, balance,
//	                tokens, all; nonce if it is not given
//	final=64        how many blocks below the newest a block is final; without
//	                it the block that the server calls final is asked for, and
//	                64 is used where it knows none
//	place=none      whether a transaction whose place in its block no list tells
//	                is asked for it: none, ask; none if it is not given
//	rpc=eth-rpc     the path below the URL that takes JSON-RPC, for servers
//	                without module=proxy (Blockscout)
//
// # What it tells
//
// Three lists of an address: txlist (Fee, NativeKind), txlistinternal
// (Internal), tokentx (Token). Rewards are not covered, which is a gap when
// they are asked for.
//
//   - Fee is gasUsed times gasPrice, the price paid. On rollups it may lack what
//     posting to the chain below costs: there a gap is declared. It lacks what
//     blobs cost, and no row says which transactions carry any: those of
//     rollups' operators do. Of the proofs only balance finds it out.
//   - Internal rows carry the trace address in traceId. Blockscout gives the
//     number of the call in its transaction instead: Path is then that one
//     number, which orders calls in the same way but is not the trace address,
//     so such rows must not be mixed with another source's. Calls that failed,
//     or stand below a call that is listed as failed, moved nothing. A failed
//     caller that is not in the address's own list is not seen. They come
//     without their transaction's place in the block, which stays unknown unless
//     another row tells it, or place=ask asks for it, at a request a transaction.
//   - Token rows mostly carry no log index. Then Ordinal is made of token,
//     sender, recipient, amount and how many like it came before in the
//     transaction, hashed to 32 bits: the same whether seen from the sender's
//     list or from the recipient's, but the order of such transfers within
//     their transaction is unknown and the number says nothing of it. It must
//     not be mixed with rows of a source that knows log indexes. Two transfers
//     of one transaction get the same number once in four thousand million
//     pairs, which the ledger refuses as a contradiction.
//
// # Completeness
//
// Pages are 1,000 rows; the next one begins with the last block of the page
// before, whose rows must come again. A page of suspiciously round length is
// not taken for the last one. Rows must agree with each other about blocks and
// transactions, across pages and lists. What moved between two asked addresses
// must be in the lists of both, and is told once. Besides, lists are proved:
//
//   - nonce: the transactions that an account sent are numbered. A hole, or a
//     count that is not reached, is asked again; if it stays, the address has a
//     gap. Costs one request an address, and one or two more where the account
//     was active after the pinned block, is a contract, or was asked for before.
//   - balance: what came in less what went out is the balance. Only for whole
//     histories with fees, native and internal movements. Costs one request an
//     address, three more where it does not match at once.
//   - tokens: the same for each token, for up to 20 tokens; a list without any
//     is asked for twice; and what the address paid by calling transfer of a
//     token must be listed. Costs a request an address and token.
//
// A contract is called by many and moves nothing by most of it: a list of more
// than 10,000 rows is that of a hub if there is any limit.
//
// A question costs about three requests an address, and one for each further
// 1,000 rows. An address with more transfers than the limit costs two.
package etherscan
