package world

// Ledger executes Ethereum transactions: books that only count, or a real node.
// Amounts are in the units of Unit.
type Ledger interface {
	// Balance is what an account holds of a token now.
	Balance(Token, Party) int64
	// Price is what a unit of gas costs at a time, in gwei.
	Price(time int64) int64
	// Execute performs a transaction at its Time and fills in its Height,
	// Index, Nonce, GasUsed, GasPrice, BaseFee, FirstLog and NewBlock. A
	// transaction that is not covered is an error: a bug of the play.
	Execute(*EthereumTx) error
}

// Unit is how many units make one of a token: gwei, millionths of a dollar.
func (t Token) Unit() int64 {
	switch t {
	case Ether, DAI:
		return 1e9
	case WBTC:
		return 1e8
	default:
		return 1e6
	}
}

// cents is the price of one of a token.
func (t Token) cents() int64 {
	switch t {
	case Ether:
		return 3_400_00
	case WBTC:
		return 65_000_00
	default:
		return 1_00
	}
}

// worth is how much of a token a number of cents buys.
func worth(t Token, cents int64) int64 { return scale(cents, t.Unit(), t.cents()) }

// value is about how many cents an amount of a token is worth.
func value(t Token, amount int64) int64 { return scale(amount, t.cents(), t.Unit()) }
