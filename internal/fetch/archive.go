package fetch

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Archive keeps final answers as evidence: compressed, named by their content,
// each with its question, the time and the block it was asked at. It is safe
// for concurrent use. A killed run loses at most what was being written.
type Archive struct {
	mu     sync.Mutex
	file   *os.File
	size   int64
	found  map[Question]place
	split  map[Question]bool
	used   map[Question][32]byte
	useLen map[Question]int
}

type place struct{ at, n int64 }

// Question is what an answer answers. It holds no secret. Equal questions have
// equal answers.
type Question struct {
	// Pin is the final block at which it was asked, e.g. its hash.
	Pin string
	// Text is the question itself in a canonical form, e.g. a method and its
	// parameters.
	Text string
}

func openArchive(dir string, _ bool) (*Archive, error) {
	a := &Archive{found: map[Question]place{}, split: map[Question]bool{}, used: map[Question][32]byte{}, useLen: map[Question]int{}}
	if dir == "" {
		return a, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "answers.tmp0"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	a.file = f
	r := bufio.NewReader(f)
	for {
		var h [13]byte
		if _, err := io.ReadFull(r, h[:]); err != nil {
			break
		}
		pin, text, n := binary.LittleEndian.Uint32(h[1:]), binary.LittleEndian.Uint32(h[5:]), binary.LittleEndian.Uint32(h[9:])
		q := make([]byte, pin+text)
		if _, err := io.ReadFull(r, q); err != nil {
			break
		}
		if _, err := r.Discard(int(n)); err != nil {
			break
		}
		question := Question{Pin: string(q[:pin]), Text: string(q[pin:])}
		at := a.size + 13 + int64(len(q))
		if h[0] == 1 {
			a.split[question] = true
		} else {
			a.found[question] = place{at, int64(n)}
		}
		a.size = at + int64(n)
	}
	return a, f.Truncate(a.size)
}

// Get returns the answer. known is false if there is none.
func (a *Archive) Get(q Question) (answer []byte, known bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.found[q]
	if !ok {
		return nil, false, nil
	}
	b := make([]byte, p.n)
	if _, err := a.file.ReadAt(b, p.at); err != nil {
		return nil, false, err
	}
	a.used[q], a.useLen[q] = sha256.Sum256(b), len(b)
	return b, true, nil
}

// Put keeps a final answer.
func (a *Archive) Put(q Question, answer []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return errors.New("no folder for the archive")
	}
	at, err := a.append(0, q, answer)
	if err != nil {
		return err
	}
	a.found[q] = place{at, int64(len(answer))}
	a.used[q], a.useLen[q] = sha256.Sum256(answer), len(answer)
	return nil
}

func (a *Archive) append(kind byte, q Question, b []byte) (int64, error) {
	h := []byte{kind}
	h = binary.LittleEndian.AppendUint32(h, uint32(len(q.Pin)))
	h = binary.LittleEndian.AppendUint32(h, uint32(len(q.Text)))
	h = binary.LittleEndian.AppendUint32(h, uint32(len(b)))
	h = append(h, q.Pin...)
	h = append(h, q.Text...)
	at := a.size + int64(len(h))
	h = append(h, b...)
	_, err := a.file.WriteAt(h, a.size)
	a.size += int64(len(h))
	return at, err
}

// Split reports whether a question was found to be too big to be answered
// whole. That is no answer but a way of asking: a run that is resumed or
// replayed cuts its questions as the first run did.
func (a *Archive) Split(q Question) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.split[q]
}

// MarkSplit notes that a question is too big.
func (a *Archive) MarkSplit(q Question) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.split[q] {
		return nil
	}
	a.split[q] = true
	if a.file == nil {
		return nil
	}
	_, err := a.append(1, q, nil)
	return err
}

// Root is the hash of everything that this client was answered, from the network
// or from the archive, since it was opened: SHA-256 over the sorted pairs of
// question and answer. It also returns how many answers and bytes these are.
func (a *Archive) Root() (sum [32]byte, answers int, bytes int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	questions := make([]Question, 0, len(a.used))
	for q := range a.used {
		questions = append(questions, q)
		bytes += int64(a.useLen[q])
	}
	slices.SortFunc(questions, func(x, y Question) int { return cmp.Or(cmp.Compare(x.Pin, y.Pin), cmp.Compare(x.Text, y.Text)) })
	h := sha256.New()
	for _, q := range questions {
		sum := sha256.Sum256([]byte(q.Pin + "\x00" + q.Text))
		h.Write(sum[:])
		sum = a.used[q]
		h.Write(sum[:])
	}
	return [32]byte(h.Sum(nil)), len(questions), bytes
}

func (a *Archive) close() error {
	if a.file == nil {
		return nil
	}
	return errors.Join(a.file.Sync(), a.file.Close())
}
