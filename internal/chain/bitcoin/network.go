package bitcoin

// network is how one network writes its addresses.
type network struct {
	// name is the chain's name, or a coin's that scamtrace does not trace but
	// whose addresses turn up in seed lists.
	name string
	// pubKeyHash and scriptHash are the version bytes of base58 addresses.
	pubKeyHash, scriptHash byte
	// prefix is the human-readable part of bech32 addresses; empty for none.
	prefix string
}

// networks are those that scamtrace traces. Testnet and regtest share their
// base58 version bytes, so such an address belongs to both.
func networks() []network {
	return []network{
		{"bitcoin", 0x00, 0x05, "bc"},
		{"bitcoin-testnet", 0x6f, 0xc4, "tb"},
		{"bitcoin-regtest", 0x6f, 0xc4, "bcrt"},
	}
}

// strangers are coins with the same sort of address; knowing them makes the
// error useful. Old litecoin script addresses look like Bitcoin's and cannot be
// told apart.
func strangers() []network {
	return []network{
		{"litecoin", 0x30, 0x32, "ltc"},
		{"dogecoin", 0x1e, 0x16, ""},
		{"dash", 0x4c, 0x10, ""},
		{"tron", 0x41, 0x41, ""},
	}
}
