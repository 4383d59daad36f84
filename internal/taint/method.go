package taint

import "github.com/scamtrace/scamtrace/internal/chain"

// Method is one way to say which units of a mixed balance a payment takes. The
// values of Methods are the only useful ones.
type Method struct {
	// Name is what people write in a configuration and read in the tables.
	Name string
	// Doc is one sentence for people.
	Doc string
	// Ref says where the method is defined, and who uses it.
	Ref string
	// Conserves says that every injected unit is in exactly one place at the
	// end. The amounts of a method that does not conserve must never be added.
	Conserves bool
	rule      rule
}

// Methods lists every method, in the order in which they are shown.
func Methods() []Method {
	return []Method{
		{
			Name:      "fifo",
			Doc:       "A payment takes the units that arrived first.",
			Ref:       "Clayton's Case (1816); Anderson, Shumailov and Ahmed, Making Bitcoin Legal (2018)",
			Conserves: true,
			rule:      rule{put: (*store).pushBack, keep: (*store).pushBack, take: (*store).takeOldest},
		},
		{
			Name:      "lifo",
			Doc:       "A payment takes the units that arrived last.",
			Ref:       "United States v. approximately 225,364,961 USDT (D.D.C. 2025), affidavit",
			Conserves: true,
			rule:      rule{put: (*store).pushFront, keep: (*store).pushBack, take: (*store).takeNewest},
		},
		{
			Name:      "haircut",
			Doc:       "A payment takes from every source in proportion to its share of the balance.",
			Ref:       "Barlow Clowes v. Vaughan (1992); Moeser, Boehme and Breuker, Towards Risk Scoring of Bitcoin Transactions (2014)",
			Conserves: true,
			rule:      rule{put: (*store).mix, keep: (*store).mix, take: (*store).takeShares},
		},
		{
			Name: "poison",
			Doc:  "A payment is wholly tainted by every source that its payer ever held: an upper bound, never to be added.",
			Ref:  "Moeser, Boehme and Breuker, Towards Risk Scoring of Bitcoin Transactions (2014)",
			rule: rule{put: (*store).mark, keep: (*store).mark, take: (*store).takeMarked, marks: true},
		},
	}
}

// rule is what distinguishes the methods. Its functions work on one holding.
type rule struct {
	// put adds lots that arrive together and make up total.
	put func(s *store, h *holding, lots []lot, total *chain.Amount)
	// keep stores the lots of a coin. A coin is spent whole, so its lots stay in
	// the order in which they arrived.
	keep func(s *store, h *holding, lots []lot, total *chain.Amount)
	// take removes w and appends the lots in the order of removal. What the
	// holding lacks is made up by a lot of the code opening, the oldest of all;
	// short is how much that was.
	take func(s *store, h *holding, w *chain.Amount, opening uint32, to []lot) (lots []lot, short chain.Amount)
	// marks says that each lot taken has the whole amount: the holding knows
	// which sources it ever had, not how much of each.
	marks bool
}
