// Package taint follows money through one sealed book, by several methods that
// the field uses side by side because they answer differently: FIFO, LIFO,
// haircut (pro-rata) and poison. It is pure: it reads a ledger.Book, calls the
// functions it is given, and touches nothing else.
//
// # One model for all chains
//
// What a holder has is an ordered list of lots, each an amount from one source;
// the clean rest counts as a source too. A payment removes lots by the method's
// rule, and the payee receives them in the order of removal. On an account chain
// the holder is (account, asset). On a UTXO chain it is the coin, and a
// transaction is a temporary account: the lots of the inputs are put in, in
// input order; each output takes its value, in output order; what is left is the
// fee (outputs first: miners get the rest; Anderson, Shumailov and Ahmed, "Making
// Bitcoin Legal", 2018). So each rule is written once.
//
// # What is counted
//
// Amounts are integers in base units. Assets are independent streams. Each
// source is traced for itself, and a unit carries at most one: the first taint
// wins. For every source and asset, and every method but poison,
//
//	injected = resting + stopped + fees
//
// to the last unit, each side summed on its own; Trace fails otherwise.
//
// # What is not known
//
// What a holder had before the book begins is unknown, not zero: an account that
// pays more than the book shows it to hold had the difference all along. Such
// units carry no taint and are listed in Result.Unknown. A UTXO transaction with
// an amount that nobody told cannot be split: taint that enters it stops where
// it was, and Result.Unsplit says so.
package taint
