package compound

import (
	"github.com/holiman/uint256"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// amount is in base units: wei, millionths of a dollar, satoshi.
type amount = chain.Amount

// asset is what can be paid with.
type asset uint8

const (
	ether asset = iota
	tether
	bitcoins
)

// Tether is the contract of USDT, the one real address of the demo.
const Tether = "0xdac17f958d2ee523a2206206994597c13d831ec7"

// id is the asset as the truth files write it.
func (a asset) id() string {
	if a == tether {
		return Tether
	}
	return string(chain.Native)
}

func (a asset) chain() string {
	if a == bitcoins {
		return "bitcoin"
	}
	return "ethereum"
}

const (
	dollarsPerEther   = 3_400
	dollarsPerBitcoin = 65_000
)

// worth is how much of an asset a number of cents buys.
func worth(a asset, cents int64) amount {
	switch a {
	case ether:
		return times(units(uint64(cents)), 1e18, 100*dollarsPerEther)
	case bitcoins:
		return times(units(uint64(cents)), 1e8, 100*dollarsPerBitcoin)
	}
	return units(uint64(cents) * 10_000)
}

func units(n uint64) amount { return *uint256.NewInt(n) }

// milliEther is a thousandth of an ether.
func milliEther(n int64) amount { return times(units(uint64(n)), 1e15, 1) }

func plus(a, b amount) amount { return *new(uint256.Int).Add(&a, &b) }

// minus stops at zero.
func minus(a, b amount) amount {
	if a.Lt(&b) {
		return amount{}
	}
	return *new(uint256.Int).Sub(&a, &b)
}

// times is a*num/den, rounded down.
func times(a amount, num, den uint64) amount {
	n := new(uint256.Int).Mul(&a, uint256.NewInt(num))
	return *n.Div(n, uint256.NewInt(den))
}

func less(a, b amount) bool { return a.Lt(&b) }

func zero(a amount) bool { return a.IsZero() }
