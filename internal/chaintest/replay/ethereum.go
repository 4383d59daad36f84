package replay

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/scamtrace/scamtrace/internal/chaintest/calldata"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	"github.com/scamtrace/scamtrace/internal/synth/dice"
	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Ethereum is a world.Ledger on go-ethereum. Blocks have the times that the play
// wants, rounded up to slots; there are only those in which something happens.
// Slots are those of the chain, or of four hours in a set of many rows: nodes take
// long for blocks, however little is in them.
type Ethereum struct {
	story    *evmnode.Story
	seed     uint64
	parties  *world.Parties
	start    int64
	slots    int64 // seconds from one to the next
	deployer account
	accounts map[world.Party]account
	tokens   []common.Address // by world.Token
	trusted  map[[2]common.Address]bool

	draft    *evmnode.Draft // the open block, nil between blocks
	time     int64          // its time
	promised []promise      // what its receipts must say, in order
	logs     int            // in it so far
	paid     bool           // whether ether was made in it
	told     bool           // whether the play has done anything in it
	deployed bool           // whether the contracts are there

	// What accounts have of tokens, from the Transfer events that receipts bear
	// out; ether is asked of the node's state.
	holds  map[holding]int64
	hashes []common.Hash // of transactions, by number
	err    error
}

type holding struct {
	token world.Token
	owner world.Party
}

// promise is what the receipt of a transaction must say.
type promise struct {
	failed  bool
	gasUsed uint64
	logs    []step
	created common.Address
}

const (
	slot  = 12
	hours = 4 * 3600
	small = 2_000 // rows of a set with a block for each slot
)

// gwei is in wei, and billionths of a DAI in its base units.
func gwei() *big.Int { return big.NewInt(params.GWei) }

// newEthereum begins a chain for a play of so many rows and tokens.
func newEthereum(w *world.World, rows int64, seed uint64, tokens int) (*Ethereum, error) {
	start, _ := w.Span()
	e := &Ethereum{
		seed: seed, parties: w.Parties(), start: start, slots: slot, deployer: newAccount(seed, "deployer"),
		accounts: map[world.Party]account{}, tokens: make([]common.Address, tokens),
		trusted: map[[2]common.Address]bool{}, holds: map[holding]int64{},
	}
	if rows > small {
		e.slots = hours
	}
	var err error
	e.story, err = evmnode.Blank(1, uint64(start), e.deployer.address)
	return e, err
}

// Balance implements world.Ledger.
func (e *Ethereum) Balance(t world.Token, p world.Party) int64 {
	if t != world.Ether {
		return e.holds[holding{t, p}]
	}
	if e.draft == nil || e.paid {
		// What was paid is there when its block is finished.
		e.fail(e.open(e.time))
		if e.err != nil {
			return 0
		}
	}
	return new(big.Int).Div(e.draft.GetBalance(e.address(p)).ToBig(), gwei()).Int64()
}

// Price implements world.Ledger: 10 to 29 gwei, by the eight minutes. It is far
// above the base fee of blocks that are almost empty; the rest is the miner's.
func (e *Ethereum) Price(time int64) int64 {
	return 10 + dice.New(e.seed, "gas price", uint64((time-e.start)/(40*slot))).Int64N(20)
}

// Execute implements world.Ledger.
func (e *Ethereum) Execute(tx *world.EthereumTx) error {
	e.fail(e.execute(tx))
	return e.err
}

func (e *Ethereum) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

func (e *Ethereum) execute(tx *world.EthereumTx) error {
	if tx.NoGas {
		return errors.New("a node knows no transactions without fees: the tables of the scenario must have transactions")
	}
	price := e.Price(tx.Time)
	if err := e.turn(tx); err != nil {
		return err
	}
	m, err := e.message(tx)
	if err != nil {
		return err
	}
	// What comes before the transaction may fill the block.
	if err := e.room(m.gas); err != nil {
		return err
	}
	b := e.draft
	tx.Height, tx.Time, tx.NewBlock, tx.FirstLog = b.Number().Int64(), int64(b.Timestamp()), !e.told, e.logs
	tx.Index = len(e.promised)
	e.told = true
	for int64(len(e.hashes)) <= tx.Number {
		e.hashes = append(e.hashes, common.Hash{})
	}
	if tx.Reward {
		b.AddWithdrawal(&types.Withdrawal{Address: m.to, Amount: uint64(tx.Value)})
		e.paid = true
		return nil
	}
	tx.GasPrice = price
	tx.BaseFee = new(big.Int).Div(b.BaseFee(), gwei()).Int64()
	m.price = new(big.Int).Mul(big.NewInt(price), gwei())
	signed, err := e.send(m)
	if err != nil {
		return err
	}
	tx.Nonce, tx.GasUsed = int64(signed.Nonce()), int64(e.promised[tx.Index].gasUsed)
	e.hashes[tx.Number] = signed.Hash()
	if m.creates {
		e.accounts[tx.Creates] = account{address: e.promised[tx.Index].created}
	}
	for _, l := range tx.Logs {
		e.move(l)
	}
	return nil
}

// turn opens the block of a transaction.
func (e *Ethereum) turn(tx *world.EthereumTx) error {
	time := e.start + (tx.Time-e.start+e.slots)/e.slots*e.slots
	if e.draft == nil || time > e.time || e.paid && !tx.Reward {
		if err := e.open(time); err != nil {
			return err
		}
	}
	if e.deployed {
		return nil
	}
	e.deployed = true
	return e.deploy()
}

// room opens another block if the gas does not suffice.
func (e *Ethereum) room(gas uint64) error {
	if e.draft.Gas() >= gas {
		return nil
	}
	return e.open(e.time)
}

// open finishes the open block and begins the next.
func (e *Ethereum) open(time int64) error {
	if err := e.finish(); err != nil {
		return err
	}
	d, err := e.story.Draft(uint64(time))
	if err != nil {
		return err
	}
	e.draft, e.time = d, int64(d.Timestamp())
	e.promised, e.logs, e.paid, e.told = e.promised[:0], 0, false, false
	return nil
}

// finish ends the open block, if there is one, and holds its receipts against
// what they must say.
func (e *Ethereum) finish() error {
	if e.draft == nil {
		return nil
	}
	d := e.draft
	e.draft = nil
	if err := d.Finish(); err != nil {
		return err
	}
	last := len(e.story.Blocks) - 1
	for i, r := range e.story.Receipts[last] {
		if err := e.promised[i].check(r); err != nil {
			return fmt.Errorf("transaction %d of block %d: %w", i, last+1, err)
		}
	}
	return nil
}

func (p *promise) check(r *types.Receipt) error {
	switch {
	case p.failed != (r.Status == types.ReceiptStatusFailed):
		return fmt.Errorf("its status is %d", r.Status)
	case p.gasUsed != r.GasUsed:
		return fmt.Errorf("it used %d gas, not %d", r.GasUsed, p.gasUsed)
	case p.created != r.ContractAddress:
		return fmt.Errorf("it created %s, not %s", r.ContractAddress, p.created)
	case len(r.Logs) != len(p.logs):
		return fmt.Errorf("it has %d logs, not %d", len(r.Logs), len(p.logs))
	}
	for i, l := range r.Logs {
		want := p.logs[i]
		if l.Address != want.coin || len(l.Topics) != 3 || l.Topics[0] != transferTopic() ||
			common.BytesToAddress(l.Topics[1][:]) != want.from || common.BytesToAddress(l.Topics[2][:]) != want.to ||
			new(big.Int).SetBytes(l.Data).Cmp(want.value) != 0 {
			return fmt.Errorf("log %d is %s %x %x", i, l.Address, l.Topics, l.Data)
		}
	}
	return nil
}

// message is a transaction before it is signed.
type message struct {
	from    account
	to      common.Address
	creates bool
	value   *big.Int
	gas     uint64
	price   *big.Int
	data    []byte
	failed  bool
	logs    []step
}

// send signs a transaction, adds it to the open block and promises its receipt.
func (e *Ethereum) send(m message) (tx *types.Transaction, err error) {
	defer func() {
		// The chain maker panics on a transaction that cannot be.
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	if m.from.key == nil {
		return nil, fmt.Errorf("nobody can sign for %s", m.from.address)
	}
	signer, nonce := e.draft.Signer(), e.draft.TxNonce(m.from.address)
	to := &m.to
	p := promise{failed: m.failed, logs: m.logs}
	if m.creates {
		to, p.created = nil, crypto.CreateAddress(m.from.address, nonce)
	}
	// Half of the transactions are of the old type, with a gas price. The price of
	// the others is the same: they offer all above the base fee to the miner.
	var inner types.TxData = &types.LegacyTx{Nonce: nonce, GasPrice: m.price, Gas: m.gas, To: to, Value: m.value, Data: m.data}
	if nonce%2 == 1 {
		inner = &types.DynamicFeeTx{
			ChainID: signer.ChainID(), Nonce: nonce, GasTipCap: m.price, GasFeeCap: m.price,
			Gas: m.gas, To: to, Value: m.value, Data: m.data,
		}
	}
	left := e.draft.Gas()
	tx = types.MustSignNewTx(m.from.key, signer, inner)
	e.draft.AddTx(tx)
	p.gasUsed = left - e.draft.Gas()
	e.promised = append(e.promised, p)
	e.logs += len(m.logs)
	return tx, nil
}

// deploy creates the tokens and those contracts that are there when the play
// begins.
func (e *Ethereum) deploy() error {
	create := func(data []byte) (common.Address, error) {
		err := e.asDeployer(message{creates: true, gas: 1_500_000, data: data})
		return e.promised[len(e.promised)-1].created, err
	}
	for i := range e.tokens {
		t := world.Token(i)
		if t == world.Ether {
			continue
		}
		about := names.About(t)
		a, err := create(append(creation("Coin"), calldata.Encode(about.Name, about.Symbol, int(about.Decimals))...))
		if err != nil {
			return err
		}
		e.tokens[i] = a
	}
	for n := range e.parties.Len() {
		p := world.Party(n)
		if !e.parties.Contract(p) || e.parties.Role(p) == world.Poisoner { // who creates one later
			continue
		}
		a, err := create(creation("Actor"))
		if err != nil {
			return err
		}
		e.accounts[p] = account{address: a}
	}
	return nil
}

// asDeployer sends a transaction that has no part in the play.
func (e *Ethereum) asDeployer(m message) error {
	if err := e.room(m.gas); err != nil {
		return err
	}
	m.from, m.value, m.price = e.deployer, new(big.Int), new(big.Int).Mul(big.NewInt(10), gwei())
	_, err := e.send(m)
	return err
}

// trust lets a contract move a token for others.
func (e *Ethereum) trust(coin, actor common.Address) error {
	if k := [2]common.Address{coin, actor}; !e.trusted[k] {
		e.trusted[k] = true
		return e.asDeployer(message{to: coin, gas: 100_000, data: calldata.Call("trust(address)", actor)})
	}
	return nil
}

// move books a Transfer event.
func (e *Ethereum) move(l world.Log) {
	if l.From != 0 {
		e.holds[holding{l.Token, l.From}] -= l.Amount
	}
	if l.To != 0 {
		e.holds[holding{l.Token, l.To}] += l.Amount
	}
}
