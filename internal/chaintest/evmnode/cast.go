package evmnode

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Cast are the addresses of a story, by what they do.
type Cast struct {
	// Seeds are the scam's collection wallets.
	Seeds []chain.Address
	// Victims pay the seeds, in ether and tokens.
	Victims []chain.Address
	// Layer1 gets from the seeds, Layer2 from Layer1. The second of Layer2 also
	// gets a validator's withdrawal.
	Layer1, Layer2 []chain.Address
	// Deposits get from Layer2 and are swept to Hub.
	Deposits []chain.Address
	// Hub is the exchange's hot wallet. Bystanders use it as well: it has many
	// more transfers than anybody else.
	Hub chain.Address
	// Bystanders pay each other; the first is a validator.
	Bystanders []chain.Address
	// Miner gets the tips of all blocks.
	Miner chain.Address
	// Token and Other are ERC-20, Collectible is an ERC-721, Oddity a token
	// whose Transfer has one topic.
	Token, Other, Collectible, Oddity chain.Address
	// Splitters and Proxy move ether in internal calls.
	Splitters []chain.Address
	Proxy     chain.Address
}

// All lists every account of the cast once, contracts left out.
func (c *Cast) All() []chain.Address {
	var all []chain.Address
	for _, list := range [][]chain.Address{c.Seeds, c.Victims, c.Layer1, c.Layer2, c.Deposits, {c.Hub}, c.Bystanders, {c.Miner}} {
		all = append(all, list...)
	}
	return all
}

// account is somebody with a key.
type account struct {
	key     *ecdsa.PrivateKey
	address common.Address
}

func newAccount(seed uint64, role string, n int) account {
	for salt := 0; ; salt++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "scamtrace story %d %s %d %d", seed, role, n, salt))
		if key, err := crypto.ToECDSA(sum[:]); err == nil {
			return account{key: key, address: crypto.PubkeyToAddress(key.PublicKey)}
		}
	}
}

func newAccounts(seed uint64, role string, n int) []account {
	out := make([]account, n)
	for i := range out {
		out[i] = newAccount(seed, role, i)
	}
	return out
}

func text(a common.Address) chain.Address { return chain.Address(strings.ToLower(a.Hex())) }

func texts(list []account) []chain.Address {
	out := make([]chain.Address, len(list))
	for i := range list {
		out[i] = text(list[i].address)
	}
	return out
}
