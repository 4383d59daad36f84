// Package evm speaks for Ethereum and every chain with its address form. It is
// the only package that imports go-ethereum.
package evm
