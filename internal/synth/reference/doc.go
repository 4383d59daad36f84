// Package reference says what a tracer has to find in a generated chain: which
// addresses it follows, and where the money of each seed ends by each method. It
// is a second program for the same rules, written to be obvious and not to be
// fast, that shares no code with the tracer: it knows the whole chain before it
// begins, keeps maps and lists, and counts shares in exact fractions.
//
// # Which addresses are followed
//
// Money is followed in rounds, one payment further in each. Seeds have hop 0 and
// are followed from the first block on, the receiver of a reported payment from
// this payment on. Who is followed leads, by each transaction at or after its
// first arrival, to everybody whom it pays there; the order inside a transaction
// does not count, nor that inside a block if the exports do not tell it. The one
// who is led to first in round n has hop n.
//
// Three sorts of payment lead nowhere: out of a CoinJoin, in an asset that is not
// followed, of dust. Whom only these pay is met and not followed, and the first
// of the three that applies is named. Dust still is an arrival of who is followed
// otherwise.
//
// Who is led to is not followed if, in this order, its label stops (exchange,
// mixer, bridge, service), it is a contract (labelled so, or the movements told
// so far show it; seeds are exempt), it is further than the greatest hop, or the
// seed list only watches it.
//
// A tracer only knows the payments that touch who is followed. Money that
// arrives at anybody else ends there.
//
// # Where the money goes
//
// Each account has, for each asset, a list of parcels, each of one source or
// clean. A payment removes parcels by the method and delivers them in the order
// of removal:
//
//   - fifo: from the first one on; lifo: from the last one back.
//   - haircut: of each source, and of clean like a source, floor(w*a/b) units,
//     where w is the payment, a what the source has and b the balance. The units
//     that are left go one each to the largest remainders of w*a/b; of equal
//     ones to the source that stands first. The parcels of one source are one,
//     standing where the source first arrived; a source that has nothing left
//     loses its place. Parcels are removed in this order.
//   - poison: the whole payment, once for each source that the account ever had,
//     clean among them. It is a set, and never forgets. At a seed the whole
//     payment becomes the seed's if any unit of it might be clean. A report's
//     amount is only used up by payments that are clean for sure.
//
// What an account pays beyond its parcels it had before the chain begins: it is
// clean, or the seed's own if the payer is a seed as a whole. It is older than
// all parcels, so fifo and haircut remove it first and lifo last.
//
// A seed claims what arrives clean; what is tainted keeps its source. A reported
// payment claims before the address that received it, and up to its amount in
// each asset; among its like the address that sorts first claims first.
//
// Inside a transaction of an account chain the order is fee, value, internal
// calls by trace address, tokens by log index; but an account that could not pay
// is first given what a later movement of the same transaction pays it in the
// asset. A payment to oneself or of nothing changes nothing. A failed
// transaction pays its fee alone.
//
// A Bitcoin transaction is an account for the moment: inputs are put in, in
// order, outputs removed, in order, and the rest is the fee. The clean units
// that a seed's address puts in are, in this account, apart from other clean
// ones, also where haircut rounds: they are not claimed when they come back to
// it. Money stops where it is when it is spent into a CoinJoin (rule coinjoin);
// what comes out of it is clean, and a seed claims it unless it is among those
// who pay in.
//
// # What is left out
//
// The rules super-node, budget and window, other directions, amounts that nobody
// told, and assets whose amounts add up to more than 256 bits. Which transactions
// are CoinJoins is told, not found out: a tracer finds the same only if it takes
// the same ones for it.
package reference
