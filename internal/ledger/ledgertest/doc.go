// Package ledgertest writes transfers and books as text, so that a test is a
// few lines that a reader can check by eye. One line is one transfer.
//
// Account chains:
//
//	h=10 i=2 A -> B 5 usdt log=3     in block 10, transaction 2
//	h=10 i=2 A -> B 5 eth            the native coin: the transaction's value
//	h=10 i=2 A -> B 5 eth trace=0.1  an internal transfer
//	h=10 i=2 A -> fee 5 eth          the fee
//	reward -> A 5 eth h=10 i=2       a block's reward; n=1 for the second
//	A -> B! 5 eth h=10 tx=x          B carries code; the transaction is named x
//
// Words with "=" stand anywhere. Without i the place in the block is unknown;
// without tx the transaction is named "h.i". The time is the height unless time=
// says else. "failed" and "unsure" are statuses, "inexact" is a rounded amount,
// "null" is the null address.
//
// Bitcoin, a transaction a line:
//
//	t3 h=7 i=1: t1:0(A 5) + t2:1(_ ?) -> C 6, _ 1 @4
//	t1 h=1 i=0: coinbase -> A 50
//
// t1:0 is the output that an input spends, _ has no address, ? is an unknown
// amount, @4 is an output's index where it is not its place. In the text of a
// book "t1:0?" is an output that the book does not have.
package ledgertest
