package compound

// Truth is what the generator knows and a tracer has to find out.
type Truth struct {
	Parties  []Party        // every address, by chain and address
	Victims  []*VictimTruth // in order of their number
	Payments []Payment      // in chain order
	Links    []*Link        // every deposit at an exchange, anybody's
	CashOut  []CashOut      // by exchange and asset
	Books    []BookLine     // by chain, asset and line
	Join     string         // the hash of the CoinJoin

	tokens  []Token
	joiners []string
}

// VictimTruth is what one victim paid and got back, in base units.
type VictimTruth struct {
	Victim     string
	Chain      string
	Asset      string
	Address    string // its own wallet; empty if it paid from the exchange
	Exchange   string
	Team       string
	Collection string
	Payments   int
	Paid       amount
	Refunded   amount
}

// Payment is money between a victim and the compound. A payback goes out of the
// compound.
type Payment struct {
	Victim string
	Number int // from 1; 0 for a payback
	Chain  string
	TxHash string
	Asset  string
	Amount amount
	Time   int64
	Back   bool
}

// Link is a deposit at an exchange: From pays Deposit, which Exchange sweeps.
type Link struct {
	Chain      string
	From       string // on Bitcoin the address of the first input
	Deposit    string
	Exchange   string
	Controller string // the customer
	Asset      string
	Amount     amount
	DepositTx  string
	SweepTx    string
}

// CashOut is what the compound's own customers deposited at an exchange.
type CashOut struct {
	Exchange string
	Chain    string
	Asset    string
	Deposits int
	Amount   amount
}

// BookLine is one line of the compound's accounts: what entered or left the
// addresses whose keys it holds. Entries are positive or negative by Line:
// those beginning with "in:" equal the rest.
type BookLine struct {
	Chain  string
	Asset  string
	Line   string
	Amount amount
}

func (t *Truth) pay(v *victim, n int, hash string, sum amount) {
	v.truth.Payments++
	v.truth.Paid = plus(v.truth.Paid, sum)
	t.Payments = append(t.Payments, Payment{
		Victim: v.id, Number: n + 1, Chain: v.asset.chain(), TxHash: hash, Asset: v.asset.id(), Amount: sum, Time: v.w.now,
	})
}

func (t *Truth) payBack(v *victim, hash string, sum amount) {
	v.truth.Refunded = plus(v.truth.Refunded, sum)
	t.Payments = append(t.Payments, Payment{
		Victim: v.id, Chain: v.asset.chain(), TxHash: hash, Asset: v.asset.id(), Amount: sum, Time: v.w.now, Back: true,
	})
}
