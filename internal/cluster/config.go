package cluster

import (
	"fmt"

	"github.com/holiman/uint256"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Config are the parameters of the heuristics. Start from Defaults.
type Config struct {
	// Guards are the names of the guards that co-spend obeys.
	Guards []string
	// SweepMinForwards is how many transactions must have moved value from a
	// deposit address to its exchange before deposit-sweep links them.
	SweepMinForwards int
	// AmountMinForwards is the same for deposit-amount. One forward may be a
	// person who pays through a friend's account; a deposit address is emptied
	// again and again.
	AmountMinForwards int
	// AmountMaxDepositors is the most accounts that may pay a deposit address
	// before deposit-amount takes it for a shared one (a broker, a game, a
	// processor) and links nobody through it.
	AmountMaxDepositors int
	// AmountTolerance is the most native value, in base units, that may be
	// missing from the forward: it paid for the forward's gas. Tokens must be
	// forwarded to the unit, since gas is not paid in them.
	AmountTolerance chain.Amount
	// AmountMaxBlocks is the most blocks between the payment and its forward.
	AmountMaxBlocks uint64
}

// Defaults are the parameters of the papers, and two forwards and fifty
// depositors, which are ours.
func Defaults() Config {
	return Config{
		Guards:              []string{CoinJoinGuard},
		SweepMinForwards:    1,
		AmountMinForwards:   2,
		AmountMaxDepositors: 50,
		AmountTolerance:     *uint256.NewInt(10_000_000_000_000_000), // 0.01 ETH
		AmountMaxBlocks:     3200,                                    // about half a day on Ethereum
	}
}

func (c *Config) check() error {
	switch {
	case c.SweepMinForwards < 1:
		return fmt.Errorf("deposit-sweep: at least 1 forward is needed, not %d", c.SweepMinForwards)
	case c.AmountMinForwards < 1:
		return fmt.Errorf("deposit-amount: at least 1 forward is needed, not %d", c.AmountMinForwards)
	case c.AmountMaxDepositors < 1:
		return fmt.Errorf("deposit-amount: at least 1 depositor must be allowed, not %d", c.AmountMaxDepositors)
	}
	return nil
}
