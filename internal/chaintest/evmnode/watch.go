package evmnode

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/beacon"
	"github.com/ethereum/go-ethereum/consensus/ethash"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
)

// frame is one call, creation or self-destruction.
type frame struct {
	kind, callType string // as ethereum-etl calls them
	from, to       common.Address
	value          *big.Int
	input, output  []byte
	gas, used      uint64
	path           []int
	children       int
	failure        string // its own
	undone         bool   // it or a frame around it failed
}

// watcher collects frames while the machine runs.
type watcher struct {
	frames  map[common.Hash][]frame
	tx      common.Hash
	running bool
	open    []int // frames of tx that have not ended, outermost first
}

// watch executes the chain once more and returns the frames of each
// transaction, in the order in which they began.
func (s *Story) watch() (map[common.Hash][]frame, error) {
	w := &watcher{frames: map[common.Hash][]frame{}}
	config := core.DefaultConfig().WithStateScheme(rawdb.HashScheme)
	config.VmConfig = vm.Config{Tracer: &tracing.Hooks{OnTxStart: w.begin, OnTxEnd: w.end, OnEnter: w.enter, OnExit: w.exit}}
	bc, err := core.NewBlockChain(rawdb.NewMemoryDatabase(), s.Genesis, beacon.New(ethash.NewFaker()), config)
	if err != nil {
		return nil, err
	}
	defer bc.Stop()
	if at, err := bc.InsertChain(s.Blocks); err != nil {
		return nil, fmt.Errorf("block %d: %w", at+1, err)
	}
	return w.frames, nil
}

func (w *watcher) begin(_ *tracing.VMContext, tx *types.Transaction, _ common.Address) {
	w.tx, w.running, w.open = tx.Hash(), true, nil
	w.frames[w.tx] = nil
}

func (w *watcher) end(*types.Receipt, error) { w.running = false }

func (w *watcher) enter(_ int, op byte, from, to common.Address, input []byte, gas uint64, value *big.Int) {
	if !w.running {
		return // a call of the protocol itself
	}
	frames := w.frames[w.tx]
	f := frame{kind: "call", from: from, to: to, value: new(big.Int), input: bytes.Clone(input), gas: gas}
	if value != nil {
		f.value.Set(value)
	}
	switch vm.OpCode(op) {
	case vm.CALL:
		f.callType = "call"
	case vm.DELEGATECALL:
		f.callType = "delegatecall"
	case vm.CALLCODE:
		f.callType = "callcode"
	case vm.STATICCALL:
		f.callType = "staticcall"
	case vm.CREATE, vm.CREATE2:
		f.kind = "create"
	case vm.SELFDESTRUCT:
		f.kind = "suicide"
	default:
		panic(fmt.Sprintf("a frame of operation %v", vm.OpCode(op)))
	}
	if n := len(w.open); n > 0 {
		around := &frames[w.open[n-1]]
		f.path = append(slices.Clone(around.path), around.children)
		around.children++
	}
	w.open = append(w.open, len(frames))
	w.frames[w.tx] = append(frames, f)
}

func (w *watcher) exit(_ int, output []byte, used uint64, err error, _ bool) {
	if !w.running {
		return
	}
	frames, last := w.frames[w.tx], w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	f := &frames[last]
	f.output, f.used = bytes.Clone(output), used
	if err == nil {
		return
	}
	f.failure = err.Error()
	for i := last; i < len(frames); i++ { // those below it began after it
		frames[i].undone = true
	}
}
