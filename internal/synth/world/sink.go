package world

// Sink takes what happens, each chain in its own order. What is handed over is
// valid during the call only.
type Sink interface {
	Ethereum(*EthereumTx) error
	Bitcoin(*BitcoinTx) error
	Witness
}

// Token is an asset of Ethereum.
type Token uint8

// The tokens. The counterfeit and the airdropped ones are Counterfeit and after.
const (
	Ether Token = iota
	USDT
	USDC
	DAI
	WBTC
	Counterfeit
)

// Party is an address by its number; 0 is the null address of Ethereum.
type Party uint32

// Mark says what a movement is for in truth.
type Mark struct {
	// Stage is a stage of the scam, such as "layer", or empty for the crowd.
	Stage string
	// Noise is zero, tiny, counterfeit or spam, or empty.
	Noise string
	// Entity is who did it.
	Entity Entity
}

// EthereumTx is one transaction. Ether is counted in gwei, tokens in the units
// of Unit.
type EthereumTx struct {
	Number   int64 // of the transaction in the play, from 0
	Height   int64
	Index    int // in its block
	Time     int64
	Night    int64 // the night after it, from 1 to Nights
	Nonce    int64
	From, To Party // To is 0 for a creation
	Value    int64
	GasUsed  int64
	GasPrice int64 // gwei
	BaseFee  int64 // gwei
	Failed   bool
	Creates  Party // 0 for none
	Input    Input
	Token    Token // whose contract a TokenTransfer calls, instead of To
	Calls    []Call
	Logs     []Log
	FirstLog int // log index in the block of Logs[0]
	Mark     Mark
	NewBlock bool // the first transaction of its block
	// Reward says that this is no transaction: ether is made for To.
	Reward bool
	NoGas  bool // fees are not part of this set
}

// Call is an internal call. One that failed, or is no plain call, moves nothing.
type Call struct {
	Path     string // trace address, such as "0" or "0_1"
	Kind     string // call, delegatecall, staticcall
	From, To Party
	Value    int64 // gwei
	Failed   bool
}

// Log is a Transfer event of a token.
type Log struct {
	Token    Token
	From, To Party
	Amount   int64
}

// Input is what kind of call data a transaction carries.
type Input uint8

// The inputs.
const (
	Plain Input = iota
	TokenTransfer
	ContractCall
	Creation
)

// BitcoinTx is one transaction, amounts in satoshi.
type BitcoinTx struct {
	Number int64
	Height int64
	Index  int
	Time   int64
	Night  int64  // the night after it, from 1 to Nights
	Size   int    // virtual bytes
	In     []Coin // empty for a coinbase
	Out    []Output
	// Join says that strangers sign together.
	Join bool
	Mark Mark
}

// Coin is an unspent output.
type Coin struct {
	Tx      int64 // Number of the transaction that made it
	Index   int
	Owner   Party
	Value   int64
	Matures int64 // the first height that may spend it
}

// Output pays a party; one of party 0 carries data and no money.
type Output struct {
	To    Party
	Value int64
}
