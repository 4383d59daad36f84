// Package etherscan is an explorer for tests: an HTTP server with the interface
// of Etherscan (version 2) or of Blockscout, over a real node. It reads the
// node's blocks, receipts and call traces by JSON-RPC, keeps its own index of
// them and answers from that, with the limits and the words of the real ones.
//
// It shares no code with the driver that it is there to test.
//
// What it took from the real servers, and where it knows better than to guess,
// stands with each function. Not known from any record is how Etherscan marks a
// call below a call that failed: here it is marked as failed itself, and with
// Options.RawErrors it is not.
package etherscan
