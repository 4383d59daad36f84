package live

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// memory is the list of questions that were begun, in a file of JSON lines that
// only grows. A line that a crash cut off is dropped.
type memory struct {
	file      *os.File // nil if nothing is to be written down
	pins      map[uint64]chain.Block
	newest    chain.Block // the highest pin
	known     bool        // a pin is known
	head      chain.Block // of the last run
	questions []*asked
	byAddress map[chain.Address][]*asked
	// distrusted pins are no longer on the chain.
	distrusted map[chain.Hash]bool
	// hubs turned out to have more transfers than were asked for: they are not
	// asked for new blocks.
	hubs map[hub]bool
}

// hub is an address and the number of the question that told that it is one.
type hub struct {
	Address  chain.Address `json:"address"`
	Question int           `json:"question"`
}

// asked is a question that was begun.
type asked struct {
	number    int
	pin       chain.Block
	span      chain.Span
	kinds     []chain.Kind
	limit     int
	args      string
	addresses []chain.Address // sorted
	done      bool
}

// line is one line of the file: one of its members.
type line struct {
	Pin      *pinLine      `json:"pin,omitempty"`
	Question *questionLine `json:"question,omitempty"`
	// Done is the number of a question, from 1 on, that was told to its end.
	Done int  `json:"done,omitzero"`
	Hub  *hub `json:"hub,omitempty"`
	// Gone is the hash of a block that was final and is so no more.
	Gone string `json:"gone,omitempty"`
}

type pinLine struct {
	Height uint64 `json:"height"`
	Hash   string `json:"hash"`
	Time   int64  `json:"time"`
	// Head says that a run began with it.
	Head bool `json:"head,omitzero"`
}

type questionLine struct {
	Pin       string          `json:"pin"`
	Height    uint64          `json:"height"` // of the pin, which is the end of the span
	From      uint64          `json:"from"`
	Kinds     []chain.Kind    `json:"kinds"`
	Limit     int             `json:"limit,omitzero"`
	Args      string          `json:"args,omitempty"`
	Addresses []chain.Address `json:"addresses"`
}

const memoryFile = "questions.jsonl"

// remember opens the memory of a folder. Offline nothing is written down.
func remember(dir string, offline bool) (*memory, error) {
	m := &memory{pins: map[uint64]chain.Block{}, byAddress: map[chain.Address][]*asked{}, distrusted: map[chain.Hash]bool{}, hubs: map[hub]bool{}}
	path := filepath.Join(dir, memoryFile)
	flag := os.O_RDWR | os.O_CREATE
	if offline {
		flag = os.O_RDONLY
	}
	f, err := os.OpenFile(path, flag, 0o644)
	if offline && errors.Is(err, os.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return nil, err
	}
	end, err := m.read(f)
	if err == nil && !offline {
		_, err = f.Seek(end, io.SeekStart)
		err = errors.Join(err, f.Truncate(end))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if offline {
		return m, f.Close()
	}
	m.file = f
	return m, nil
}

// read takes in every whole line and returns where they end.
func (m *memory) read(r io.Reader) (end int64, err error) {
	b := bufio.NewReaderSize(r, 1<<20)
	for number := 1; ; number++ {
		text, err := b.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return end, nil // what follows the last line break was cut off
		}
		if err != nil {
			return end, err
		}
		var l line
		if err := json.Unmarshal(bytes.TrimSuffix(text, []byte{'\n'}), &l, json.RejectUnknownMembers(true)); err != nil {
			return end, fmt.Errorf("line %d: %w; take the folder away, it costs requests and nothing else", number, err)
		}
		if err := m.take(l); err != nil {
			return end, fmt.Errorf("line %d: %w; take the folder away, it costs requests and nothing else", number, err)
		}
		end += int64(len(text))
	}
}

func (m *memory) take(l line) error {
	switch {
	case l.Pin != nil:
		hash, err := chain.ParseHash(l.Pin.Hash)
		if err != nil {
			return err
		}
		m.addPin(chain.Block{Height: l.Pin.Height, Hash: hash, Time: l.Pin.Time}, l.Pin.Head)
	case l.Question != nil:
		hash, err := chain.ParseHash(l.Question.Pin)
		if err != nil {
			return err
		}
		m.addQuestion(&asked{
			pin:  chain.Block{Height: l.Question.Height, Hash: hash},
			span: chain.Span{From: l.Question.From, To: l.Question.Height}, kinds: l.Question.Kinds,
			limit: l.Question.Limit, args: l.Question.Args, addresses: l.Question.Addresses,
		})
	case l.Gone != "":
		hash, err := chain.ParseHash(l.Gone)
		if err != nil {
			return err
		}
		m.forget(hash)
	case l.Hub != nil:
		m.hubs[*l.Hub] = true
	case l.Done > 0 && l.Done <= len(m.questions):
		m.questions[l.Done-1].done = true
	default:
		return errors.New("it says nothing")
	}
	return nil
}

func (m *memory) addPin(b chain.Block, head bool) {
	m.pins[b.Height] = b
	delete(m.distrusted, b.Hash) // it is final again
	if head {
		m.head = b
	}
	if !m.known || b.Height >= m.newest.Height {
		m.newest, m.known = b, true
	}
}

func (m *memory) addQuestion(a *asked) {
	m.questions = append(m.questions, a)
	a.number = len(m.questions)
	for _, address := range a.addresses {
		m.byAddress[address] = append(m.byAddress[address], a)
	}
}

// write puts a line down for good before anything is asked because of it.
func (m *memory) write(l line) error {
	if m.file == nil {
		return nil
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if _, err := m.file.Write(append(text, '\n')); err != nil {
		return err
	}
	return m.file.Sync()
}

// pin notes a final block, once, and with which one a run began.
func (m *memory) pin(b chain.Block, head bool) error {
	if had, ok := m.pins[b.Height]; ok && had == b && (!head || m.head == b) {
		return nil
	}
	m.addPin(b, head)
	return m.write(line{Pin: &pinLine{Height: b.Height, Hash: b.Hash.Text(chain.UTXO), Time: b.Time, Head: head}})
}

// begin notes a question before its first request.
func (m *memory) begin(a *asked) error {
	m.addQuestion(a)
	return m.write(line{Question: &questionLine{
		Pin: a.pin.Hash.Text(chain.UTXO), Height: a.span.To, From: a.span.From, Kinds: a.kinds,
		Limit: a.limit, Args: a.args, Addresses: a.addresses,
	}})
}

// end notes that a question was told to its end.
func (m *memory) end(a *asked) error {
	if a.done {
		return nil
	}
	a.done = true
	return m.write(line{Done: a.number})
}

// note notes a hub, once.
func (m *memory) note(h hub) error {
	if m.hubs[h] {
		return nil
	}
	m.hubs[h] = true
	return m.write(line{Hub: &h})
}

// distrust forgets for good what was asked when a block was final that is so no
// more.
func (m *memory) distrust(b chain.Block) error {
	m.forget(b.Hash)
	return m.write(line{Gone: b.Hash.Text(chain.UTXO)})
}

func (m *memory) forget(hash chain.Hash) {
	m.distrusted[hash] = true
	m.known = false
	for height, p := range m.pins {
		if p.Hash == hash {
			delete(m.pins, height)
		} else if !m.known || p.Height > m.newest.Height {
			m.newest, m.known = p, true
		}
	}
}

// downward lists the pins from the highest to the lowest.
func (m *memory) downward() []chain.Block {
	return slices.SortedFunc(maps.Values(m.pins), func(a, b chain.Block) int { return cmp.Compare(b.Height, a.Height) })
}

// longest finds the question that tells of an address from a block on, as far
// as possible but not beyond to.
func (m *memory) longest(address chain.Address, want *asked, from, to uint64, whole func(*asked) bool) *asked {
	var best *asked
	for _, a := range m.byAddress[address] {
		if a.span.From != from || a.span.To > to || a.limit != want.limit || a.args != want.args ||
			!slices.Equal(a.kinds, want.kinds) || m.distrusted[a.pin.Hash] {
			continue
		}
		if best != nil && best.span.To >= a.span.To || !a.done && !whole(a) {
			continue
		}
		best = a
	}
	return best
}

// within tells of each question whether all its addresses are wanted: one that
// was broken off is only worth going on with if they are.
func within(all map[chain.Address]struct{}) func(*asked) bool {
	known := map[*asked]bool{}
	return func(a *asked) bool {
		whole, ok := known[a]
		if !ok {
			whole = !slices.ContainsFunc(a.addresses, func(address chain.Address) bool {
				_, wanted := all[address]
				return !wanted
			})
			known[a] = whole
		}
		return whole
	}
}

func (m *memory) close() error {
	if m.file == nil {
		return nil
	}
	return m.file.Close()
}
