package ledgertest

import (
	"encoding/hex"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Address is the address of a short name. On account chains it holds the name's
// letters, so that addresses sort like their names.
func Address(f chain.Family, name string) chain.Address {
	switch {
	case name == "_":
		return ""
	case f == chain.UTXO:
		return chain.Address(name)
	case name == "null":
		return chain.NullAddress
	}
	return chain.Address("0x" + pad(name, 40))
}

// Name is the name of an address.
func Name(f chain.Family, a chain.Address) string {
	switch {
	case a == "":
		return "_"
	case f == chain.UTXO:
		return string(a)
	case a == chain.NullAddress:
		return "null"
	}
	return unpad(string(a[2:]))
}

// Hash is the hash of a transaction's name.
func Hash(name string) chain.Hash {
	h, err := chain.ParseHash(pad(name, 64))
	if err != nil {
		panic(err)
	}
	return h
}

// TxName is the name of a transaction.
func TxName(h chain.Hash) string { return unpad(h.Text(chain.UTXO)) }

// Asset is the asset of a short name: "eth" and "btc" are the native coin.
func Asset(name string) chain.Asset {
	if name == "eth" || name == "btc" {
		return chain.Native
	}
	return chain.Asset(Address(chain.Account, name))
}

func assetName(a chain.Asset) string {
	if a == chain.Native {
		return "eth"
	}
	return Name(chain.Account, chain.Address(a))
}

func pad(name string, digits int) string {
	h := hex.EncodeToString([]byte(name))
	return h + strings.Repeat("0", digits-len(h))
}

func unpad(digits string) string {
	b, err := hex.DecodeString(digits)
	if err != nil {
		return digits
	}
	return strings.TrimRight(string(b), "\x00")
}
