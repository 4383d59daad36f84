package replay

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// account is an address, and the key to it if anybody has one.
type account struct {
	key     *ecdsa.PrivateKey
	address common.Address
}

// newAccount derives a key from the seed and a name.
func newAccount(seed uint64, name string) account {
	for salt := 0; ; salt++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "scamtrace replay %d %s %d", seed, name, salt))
		if key, err := crypto.ToECDSA(sum[:]); err == nil {
			return account{key, crypto.PubkeyToAddress(key.PublicKey)}
		}
	}
}

// account is that of a party, derived when it is first needed. Contracts have
// no key. Nor have look-alikes: their addresses begin with three or four digits
// of whom they imitate, and end with four.
func (e *Ethereum) account(p world.Party) account {
	if a, ok := e.accounts[p]; ok || p == 0 {
		return a
	}
	a := newAccount(e.seed, fmt.Sprint("party ", p))
	if other := e.parties.Like(p); other != 0 {
		a.key = nil
		b := e.account(other).address
		if a.address[0] = b[0]; p%2 == 0 {
			a.address[1] = b[1]
		} else {
			a.address[1] = b[1]&0xf0 | (b[1]+1+a.address[1]%15)&0x0f
		}
		a.address[18], a.address[19] = b[18], b[19]
	}
	e.accounts[p] = a
	return a
}

func (e *Ethereum) address(p world.Party) common.Address { return e.account(p).address }
