// Package calldata encodes what a transaction gives to a contract, after the
// contract ABI, as far as the test kit needs it.
package calldata
