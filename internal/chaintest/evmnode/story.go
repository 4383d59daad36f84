package evmnode

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/beacon"
	"github.com/ethereum/go-ethereum/consensus/ethash"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethdb"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/triedb"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Plot says which story is told. The zero value is the small one.
type Plot struct {
	// Seed makes keys, amounts and partners. Equal plots are equal chains.
	Seed uint64
	// ChainID is 1 if 0, so that the chain passes for "ethereum".
	ChainID uint64
	// Blocks is the height of the head, 100 if 0, at least 80.
	Blocks int
	// Txs is about how many transactions there are, 400 if 0. Some 150 are the
	// scam, the rest are bystanders'.
	Txs int
	// Active is how many bystanders there are, 40 if 0.
	Active int
	// Plain leaves out what cannot be told to another server by sending it
	// transactions: withdrawals, and transactions with blobs.
	Plain bool
}

// Large is the plot for benchmarks: 1,000 blocks, 20,000 transactions of 400
// active addresses.
func Large() Plot { return Plot{Blocks: 1000, Txs: 20000, Active: 400} }

func (p Plot) filled() Plot {
	fill := func(v *int, standard int) {
		if *v == 0 {
			*v = standard
		}
	}
	fill(&p.Blocks, 100)
	fill(&p.Txs, 4*p.Blocks)
	fill(&p.Active, 40)
	p.Blocks = max(p.Blocks, lastScene)
	p.Active = max(p.Active, 4)
	if p.ChainID == 0 {
		p.ChainID = 1
	}
	return p
}

// Story is a chain that was generated. It is not safe for concurrent use while
// it is extended or forked, neither are nodes and files made from it.
type Story struct {
	Plot Plot
	Cast Cast
	// Genesis is block 0.
	Genesis *core.Genesis
	// Blocks are the others, Blocks[0] is block 1, and Receipts theirs.
	Blocks   []*types.Block
	Receipts []types.Receipts

	root   *types.Block
	db     ethdb.Database // holds the state after every block
	people people
	branch int
	blank  bool // has no plot
}

// Tell generates the story of a plot: 0.1 s for the small one.
func Tell(p Plot) (*Story, error) {
	s := &Story{Plot: p.filled(), db: rawdb.NewMemoryDatabase()}
	s.people = newPeople(s.Plot)
	s.Cast = s.people.cast()
	var rich []common.Address
	for _, a := range s.people.rich() {
		rich = append(rich, a.address)
	}
	if err := s.begin(genesisTime, rich); err != nil {
		return nil, err
	}
	return s, s.Extend(s.Plot.Blocks)
}

// begin makes block 0.
func (s *Story) begin(time uint64, rich []common.Address) (err error) {
	s.Genesis = genesis(s.Plot.ChainID, time, rich)
	tries := triedb.NewDatabase(s.db, triedb.HashDefaults)
	defer tries.Close()
	s.root, err = s.Genesis.Commit(s.db, tries, nil)
	return err
}

// Head is the newest block.
func (s *Story) Head() chain.Block { return s.Block(uint64(len(s.Blocks))) }

// Block is the block at a height up to the head.
func (s *Story) Block(height uint64) chain.Block {
	b := s.root
	if height > 0 {
		b = s.Blocks[height-1]
	}
	return chain.Block{Height: height, Hash: chain.Hash(b.Hash()), Time: int64(b.Time())}
}

// Extend appends n blocks. Beyond the plot's height victims go on paying, the
// scam goes on moving what they pay, and bystanders do what they did.
func (s *Story) Extend(n int) error {
	for range n {
		if err := s.append(s.write); err != nil {
			return err
		}
	}
	return nil
}

// append appends a block that is written in one go. Blocks are made one at a
// time, so that it does not matter in how many goes a chain is told: the chain
// maker numbers withdrawals by the blocks of one go.
func (s *Story) append(write func(*core.BlockGen)) (err error) {
	defer func() {
		// The chain maker panics on a transaction that cannot be.
		if r := recover(); r != nil {
			err = fmt.Errorf("story at seed %d: %v", s.Plot.Seed, r)
		}
	}()
	parent := s.root
	if len(s.Blocks) > 0 {
		parent = s.Blocks[len(s.Blocks)-1]
	}
	blocks, receipts := core.GenerateChain(s.Genesis.Config, parent, beacon.New(ethash.NewFaker()), s.db, 1,
		func(_ int, b *core.BlockGen) { write(b) })
	s.Blocks = append(s.Blocks, blocks...)
	s.Receipts = append(s.Receipts, receipts...)
	return nil
}

// Fork forgets the newest blocks, depth of them, and writes n others in their
// place: a reorganisation.
func (s *Story) Fork(depth, n int) error {
	if depth > len(s.Blocks) {
		return fmt.Errorf("a fork %d deep on a chain of %d", depth, len(s.Blocks))
	}
	keep := len(s.Blocks) - depth
	s.Blocks, s.Receipts = slices.Clip(s.Blocks[:keep]), slices.Clip(s.Receipts[:keep])
	s.branch++
	return s.Extend(n)
}

// genesisTime is 2 May 2023, 12:00:00 UTC.
const genesisTime = 1683028800

// genesis pays whoever is rich from the start. The rules are those of Prague:
// the forks after it reprice what contracts do, one of them is not released.
func genesis(chainID, time uint64, rich []common.Address) *core.Genesis {
	config := *params.AllDevChainProtocolChanges
	config.ChainID = new(big.Int).SetUint64(chainID)
	config.OsakaTime, config.BogotaTime = nil, nil
	g := &core.Genesis{
		Config: &config, Timestamp: time, GasLimit: 30_000_000,
		BaseFee: big.NewInt(params.InitialBaseFee), Difficulty: new(big.Int),
		Alloc: types.GenesisAlloc{},
	}
	for _, a := range []common.Address{
		params.BeaconRootsAddress, params.HistoryStorageAddress,
		params.WithdrawalQueueAddress, params.ConsolidationQueueAddress,
	} {
		g.Alloc[a] = core.SystemContractAllocs()[a]
	}
	for _, a := range rich {
		g.Alloc[a] = types.Account{Balance: ether(10_000)}
	}
	return g
}

func ether(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(params.Ether)) }
