package evmnode

import (
	"fmt"
	"iter"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
)

// Blank is a chain on which nothing has happened, for somebody else's story. Its
// first block is of a time, in seconds since 1970, and rich accounts have 10,000
// ether each. Extend appends empty blocks.
func Blank(chainID, time uint64, rich ...common.Address) (*Story, error) {
	s := &Story{Plot: Plot{ChainID: chainID}, db: rawdb.NewMemoryDatabase(), blank: true}
	return s, s.begin(time, rich)
}

// Draft is the next block of a blank story while transactions are added to it.
type Draft struct {
	*core.BlockGen
	finish func() error
}

// Draft opens the next block. Its time is that, or a slot after the last block's
// if that is later. Nothing else may be done with the story until Finish.
func (s *Story) Draft(time uint64) (*Draft, error) {
	if !s.blank {
		return nil, fmt.Errorf("a story with a plot writes its blocks itself")
	}
	var err error
	// The chain maker calls back for what is in a block. It stands still there
	// until the block is finished.
	next, stop := iter.Pull(func(yield func(*core.BlockGen) bool) {
		err = s.append(func(b *core.BlockGen) {
			s.open(b, time)
			yield(b)
		})
	})
	b, ok := next()
	if !ok {
		stop()
		return nil, err
	}
	return &Draft{BlockGen: b, finish: func() error {
		next()
		stop()
		return err
	}}, nil
}

// Finish appends the block to the story.
func (d *Draft) Finish() error { return d.finish() }

// open sets what a block of a blank story begins with.
func (s *Story) open(b *core.BlockGen, time uint64) {
	const slot, maker = 12, 10 // seconds; the latter is the chain maker's
	b.SetPoS()
	last := b.Timestamp() - maker
	b.OffsetTime(int64(max(time, last+slot)) - int64(b.Timestamp()))
	b.SetPoS()
	b.SetCoinbase(newAccount(s.Plot.Seed, "miner", 0).address)
}
