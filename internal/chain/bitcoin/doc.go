// Package bitcoin speaks for Bitcoin and its test networks. It is the only
// package that imports btcsuite.
package bitcoin
