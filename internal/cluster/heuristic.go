package cluster

import "github.com/scamtrace/scamtrace/internal/chain"

// Heuristic is one rule that links addresses.
type Heuristic struct {
	// Name is what configurations and tables call it.
	Name string
	// Doc is one sentence for people.
	Doc string
	// Ref says where the rule was published.
	Ref string
	// Family is the kind of chain that it reads; it has nothing to say of others.
	Family chain.Family
	// Unites says that its links mean one owner and may be united by default.
	// Links of the other heuristics are for showing.
	Unites bool

	find func(*search) []Link
}

// The names of the heuristics.
const (
	CoSpend       = "co-spend"
	DepositAmount = "deposit-amount"
	DepositSweep  = "deposit-sweep"
)

// Heuristics lists every heuristic, by name.
func Heuristics() []Heuristic {
	return []Heuristic{
		{
			Name:   CoSpend,
			Doc:    "Addresses that pay together in one Bitcoin transaction have one owner, unless the transaction is a CoinJoin.",
			Ref:    "Meiklejohn et al., A Fistful of Bitcoins, IMC 2013, heuristic 1; Nick, Data-Driven De-Anonymization in Bitcoin, 2015",
			Family: chain.UTXO,
			Unites: true,
			find:   coSpend,
		},
		{
			Name:   DepositAmount,
			Doc:    "An account whose payment a deposit address passes on to an exchange within hours, in the same amount, is the exchange's customer behind that deposit address.",
			Ref:    "Victor, Address Clustering Heuristics for Ethereum, FC 2020; Wu et al., Tutela, 2022 (arXiv:2201.06811)",
			Family: chain.Account,
			Unites: true,
			find:   depositAmount,
		},
		{
			Name:   DepositSweep,
			Doc:    "An account that pays nobody but the wallets of one labelled exchange, and is paid by others, is a deposit address of that exchange.",
			Ref:    "rule R-SWEEP; Victor, Address Clustering Heuristics for Ethereum, FC 2020, without its condition on amounts",
			Family: chain.Account,
			find:   depositSweep,
		},
	}
}
