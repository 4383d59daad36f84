package world

// Entity is who controls addresses, by its number; 0 is nobody in particular.
type Entity uint32

// Witness is told the truth while the play goes on.
type Witness interface {
	Entity(EntityFact) error
	Link(LinkFact) error
	Victim(VictimFact) error
	Deposit(DepositFact) error
	Night(NightFact) error
}

// EntityFact introduces an entity, before anything else names it.
type EntityFact struct {
	Entity Entity
	Name   string // "team-3"
	Kind   string // compound, team, victim, ...
	Parent Entity
}

// LinkFact ties two movements or addresses that a tracer may want to tie.
type LinkFact struct {
	Type              string // swap, bridge, gas
	From, To          Party
	AssetIn, AssetOut Token // of a bridge, AssetOut is what leaves on the other side
	AmountIn          int64
	AmountOut         int64
	Tx                int64 // Number of the Ethereum transaction
	Controller        Entity
}

// VictimFact is a victim when its story has ended. On Bitcoin amounts are in
// satoshi and Asset is Ether, the chain's own.
type VictimFact struct {
	Victim     Entity
	Bitcoin    bool
	Own        Party // its wallet; 0 if it paid out of the exchange
	Exchange   Entity
	Team       Entity
	Collection Party
	Asset      Token
	Payments   int64
	Paid       int64
	Refunded   int64
	Induced    bool
}

// DepositFact is a deposit at an exchange, told when it is swept or the play
// ends.
type DepositFact struct {
	Bitcoin    bool
	From       Party
	Deposit    Party
	Exchange   Entity
	Controller Entity
	Asset      Token
	Amount     int64
	DepositTx  int64
	SweepTx    int64 // -1 if not swept
}

// NightFact is an alert that a night should raise.
type NightFact struct {
	Night   int64 // from 1
	Type    string
	Bitcoin bool
	Address Party
	Asset   Token
	Amount  int64
	Tx      int64
}
