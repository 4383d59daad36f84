package compound

// Set is the demo: two chains, what the public knows, and the truth.
type Set struct {
	Ethereum Ethereum
	Bitcoin  []BitcoinTransaction // in chain order
	Seeds    []Seed
	Labels   []Label
	Truth    Truth
}

// Ethereum is the Ethereum side of a set; every table is in chain order.
type Ethereum struct {
	Blocks         []EthereumBlock
	Transactions   []EthereumTransaction
	TokenTransfers []TokenTransfer
	Traces         []Trace
	Tokens         []Token
}

// Generate makes the set of a seed. Equal seeds give equal sets.
func Generate(seed uint64) *Set {
	w := newWorld(seed)
	w.play()
	w.now += hour
	w.eth.block() // the head: nothing happened in it
	s := &Set{
		Ethereum: Ethereum{
			Blocks: w.eth.blocks, Transactions: w.eth.txs, TokenTransfers: w.eth.tokens,
			Traces: w.eth.traces, Tokens: w.truth.tokens,
		},
		Bitcoin: w.btc.txs,
		Seeds:   w.seeds(),
		Labels:  w.labels(),
	}
	w.truth.Parties = w.who.sorted()
	w.truth.CashOut = w.cashOuts()
	w.truth.Books = w.books()
	s.Truth = w.truth
	return s
}
