package world

// Public is what the public knows when the last night is over: incomplete,
// partly late, partly wrong.
type Public struct {
	Seeds  []Seed
	Labels []Label
}

// Seed is a row of seeds.csv.
type Seed struct {
	Party Party
	// Role is seed or victim_tx. Tx is the transaction of the latter, and Token
	// and Amount what it paid.
	Role   string
	Tx     int64
	Token  Token
	Amount int64
	// Label, ReportedAt (seconds since 1970) and Notes are what the report says.
	Label      string
	ReportedAt int64
	Notes      string
	// Verdict is what the seed really is: scam, service, spam_report,
	// wrong_chain or typo. Those of the last two make a list unreadable.
	Verdict string
}

// Label is a statement about an address.
type Label struct {
	Party    Party
	Label    string
	Category string // as in the TagPack vocabulary: exchange, mixer, bridge, service, ...
	Actor    string
	// Event is public, or late: known only after the last night. labels.yaml has
	// what is public.
	Event string
	At    int64 // seconds since 1970
}
