package names

import (
	"fmt"
	"strconv"

	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Token is what a token says of itself.
type Token struct {
	Symbol, Name string
	Decimals     int64
}

// About is what a token says of itself. The counterfeits and the airdropped ones
// call themselves USDT.
func About(t world.Token) Token {
	switch t {
	case world.Ether:
		return Token{"ETH", "Ether", 18}
	case world.USDT:
		return Token{"USDT", "Tether USD", 6}
	case world.USDC:
		return Token{"USDC", "USD Coin", 6}
	case world.DAI:
		return Token{"DAI", "Dai Stablecoin", 18}
	case world.WBTC:
		return Token{"WBTC", "Wrapped BTC", 8}
	case world.Counterfeit:
		return Token{"USDT", "Tether USD", 6}
	}
	return Token{"USDT", fmt.Sprintf("Claim %d at usdt-gift.example", t-world.Counterfeit), 6}
}

// AppendUnits appends an amount of the play in base units, as decimal text: the
// play counts ether in gwei and DAI in billionths.
func AppendUnits(to []byte, t world.Token, amount int64) []byte {
	to = strconv.AppendInt(to, amount, 10)
	if amount != 0 && (t == world.Ether || t == world.DAI) {
		to = append(to, "000000000"...)
	}
	return to
}

// Units is AppendUnits as text.
func Units(t world.Token, amount int64) string { return string(AppendUnits(nil, t, amount)) }

// Asset is the token as tables name it: native, or its contract.
func Asset(n Namer, t world.Token) string {
	if t == world.Ether {
		return "native"
	}
	a := n.Token(t)
	return Hex(a[:])
}

// Hex is 0x and lower-case digits.
func Hex(b []byte) string { return string(AppendHex(nil, b)) }

// AppendHex appends 0x and lower-case digits.
func AppendHex(to, b []byte) []byte {
	to = append(to, '0', 'x')
	return AppendDigits(to, b)
}

// AppendDigits appends lower-case hex digits.
func AppendDigits(to, b []byte) []byte {
	const digits = "0123456789abcdef"
	for _, c := range b {
		to = append(to, digits[c>>4], digits[c&15])
	}
	return to
}
