package cluster

import "github.com/scamtrace/scamtrace/internal/ledger"

// Guard refuses transactions that look like one owner's and are not.
type Guard struct {
	// Name is what configurations and tables call it.
	Name string
	// Doc is one sentence for people.
	Doc string
	// Ref says where the rule comes from.
	Ref string
	// Vetoes reports whether the payers of a transfer must not be linked by it.
	// It is safe for concurrent use.
	Vetoes func(*ledger.Book, ledger.Transfer) bool
}

// CoinJoinGuard is the name of the guard that vetoes CoinJoins.
const CoinJoinGuard = "coinjoin"

// Guards lists every guard, by name.
func Guards() []Guard {
	return []Guard{
		{
			Name:   CoinJoinGuard,
			Doc:    "A transaction in which several people mix their coins says nothing about who owns its inputs.",
			Ref:    "Stütz et al., Adoption and Actual Privacy of Decentralized CoinJoin Implementations in Bitcoin, AFT 2022; clauses fitted to the labels of Dumplings and crocs-muni/coinjoin-analysis",
			Vetoes: CoinJoin,
		},
	}
}
