// Package anvil runs anvil, Foundry's Ethereum node, inside a test, and replays
// a story of package evmnode on it. It is a second real server beside
// go-ethereum, and one that speaks trace_filter and ots_*.
//
// The program is looked for in .tools and on the PATH; tests that need it skip
// where it is not there. With Node it is installed by
//
//	npm install --prefix .tools/npm @foundry-rs/anvil@1.7.1
package anvil
