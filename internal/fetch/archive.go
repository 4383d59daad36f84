package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Archive keeps final answers as evidence: compressed, named by their content,
// each with its question, the time and the block it was asked at. It is safe
// for concurrent use. A killed run loses at most what was being written; a
// machine that loses power, at most the last second.
//
// On disk it is a folder of pack files that only grow. In memory there are some
// hundred bytes for each answer.
type Archive struct {
	packs *packs // nil if nothing is kept
	hits  atomic.Int64
	// writing is held by the one who appends.
	writing sync.Mutex

	mu sync.RWMutex
	// answers are by question, contents by the SHA-256 of an answer.
	answers  map[hash]answer
	contents map[hash]place
	split    map[hash]bool

	usedMu sync.Mutex
	used   map[hash]usedAnswer
}

// hash is a SHA-256.
type hash = [sha256.Size]byte

type answer struct {
	sum    hash
	status uint16
}

type usedAnswer struct {
	sum   hash
	bytes int64
}

// Question is what an answer answers. It holds no secret. Equal questions have
// equal answers.
type Question struct {
	// Pin is the final block at which it was asked, e.g. its hash.
	Pin string
	// Text is the question itself in a canonical form, e.g. a method and its
	// parameters.
	Text string
}

// key is the name of a question.
func (q Question) key() hash {
	h := sha256.New()
	h.Write(binary.AppendUvarint(nil, uint64(len(q.Pin))))
	h.Write([]byte(q.Pin))
	h.Write([]byte(q.Text))
	return hash(h.Sum(nil))
}

func newArchive() *Archive {
	return &Archive{answers: map[hash]answer{}, contents: map[hash]place{}, split: map[hash]bool{}, used: map[hash]usedAnswer{}}
}

// openArchive opens the archive in a folder for reading and writing; there must
// be no other who does.
func openArchive(dir string) (*Archive, error) {
	a := newArchive()
	if dir == "" {
		return a, nil
	}
	var err error
	a.packs, err = openPacks(dir, a.take)
	return a, err
}

// ReadArchive opens the archive in a folder for reading alone, also while
// another process writes to it. Nothing is kept in it.
func ReadArchive(dir string) (*Archive, error) {
	a := newArchive()
	if dir == "" {
		return a, nil
	}
	var err error
	a.packs, err = readPacks(dir, a.take)
	return a, err
}

// take notes a record that stands in a pack.
func (a *Archive) take(h head, at place) {
	switch h.kind {
	case kindSplit:
		a.split[h.key] = true
		return
	case kindAnswer:
		a.contents[h.sum] = at
	}
	a.answers[h.key] = answer{sum: h.sum, status: h.status}
}

// Get returns the answer. known is false if there is none. An answer that is
// damaged on disk is none.
func (a *Archive) Get(q Question) (answer []byte, known bool, err error) {
	answer, _, known, err = a.get(q)
	return answer, known, err
}

func (a *Archive) get(q Question) (body []byte, status int, known bool, err error) {
	key := q.key()
	had, at, known := a.find(key)
	if !known {
		return nil, 0, false, nil
	}
	body, err = a.packs.body(at)
	if err == nil && sha256.Sum256(body) != had.sum {
		err = errDamaged
	}
	if errors.Is(err, errDamaged) {
		a.forget(key, had.sum, at)
		return nil, 0, false, nil
	}
	if err != nil {
		return nil, 0, false, err
	}
	a.hits.Add(1)
	a.use(key, had.sum, len(body))
	return body, int(had.status), true, nil
}

// find looks up an answer whose content is there.
func (a *Archive) find(key hash) (had answer, at place, known bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	had, answered := a.answers[key]
	at, kept := a.contents[had.sum]
	return had, at, answered && kept
}

// forget makes a damaged answer unknown, so that it is asked again.
func (a *Archive) forget(key, sum hash, at place) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.contents[sum] == at { // and not stored anew since
		delete(a.contents, sum)
		delete(a.answers, key)
	}
}

func (a *Archive) use(key, sum hash, n int) {
	a.usedMu.Lock()
	defer a.usedMu.Unlock()
	a.used[key] = usedAnswer{sum: sum, bytes: int64(n)}
}

// Put keeps a final answer. If there is one already, that stays.
func (a *Archive) Put(q Question, answer []byte) error {
	_, err := a.Keep(q, answer)
	return err
}

// Keep is Put and returns the answer that is kept: the earlier one, if there was
// one. Whoever goes on with it does what a later run will do.
func (a *Archive) Keep(q Question, answer []byte) (kept []byte, err error) {
	kept, _, err = a.keep(q, 0, answer)
	return kept, err
}

func (a *Archive) keep(q Question, status int, body []byte) (kept []byte, keptStatus int, err error) {
	key, sum := q.key(), sha256.Sum256(body)
	if a.packs == nil {
		a.use(key, sum, len(body))
		return body, status, nil
	}
	for {
		had, _, known := a.find(key)
		a.mu.RLock()
		_, stored := a.contents[sum]
		a.mu.RUnlock()
		if known && stored && had.sum == sum && int(had.status) == status {
			a.use(key, sum, len(body))
			return body, status, nil
		}
		if known {
			earlier, earlierStatus, ok, err := a.get(q)
			if err != nil || ok {
				return earlier, earlierStatus, err
			}
		}
		h := head{kind: kindAnswer, status: uint16(status), sum: sum, key: key, time: now().Unix()}
		if stored {
			h.kind = kindSame
		}
		written, err := a.write(h, q, body)
		if err != nil {
			return nil, 0, err
		}
		if written {
			a.use(key, sum, len(body))
			return body, status, nil
		}
	}
}

// write appends a record and notes it, unless somebody else was faster.
func (a *Archive) write(h head, q Question, body []byte) (written bool, err error) {
	b, h, err := a.packs.encode(h, q, body)
	if err != nil {
		return false, err
	}
	a.writing.Lock()
	defer a.writing.Unlock()
	if h.kind != kindSplit {
		if _, _, known := a.find(h.key); known {
			return false, nil
		}
	}
	at, err := a.packs.append(&h, b)
	if err != nil {
		return false, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.take(h, at)
	return true, nil
}

// Split reports whether a question was found to be too big to be answered
// whole. That is no answer but a way of asking: a run that is resumed or
// replayed cuts its questions as the first run did.
func (a *Archive) Split(q Question) bool {
	key := q.key()
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.split[key]
}

// MarkSplit notes that a question is too big. In an archive that is only read
// that is forgotten again.
func (a *Archive) MarkSplit(q Question) error {
	key := q.key()
	a.mu.Lock()
	had := a.split[key]
	a.split[key] = true
	a.mu.Unlock()
	if had || a.packs == nil || a.packs.readOnly {
		return nil
	}
	_, err := a.write(head{kind: kindSplit, key: key, time: now().Unix()}, q, nil)
	return err
}

// Root is the hash of everything that this client was answered, from the network
// or from the archive, since it was opened: SHA-256 over the sorted pairs of
// question and answer. It also returns how many answers and bytes these are.
func (a *Archive) Root() (sum [32]byte, answers int, size int64) {
	a.usedMu.Lock()
	defer a.usedMu.Unlock()
	pairs := make([][2 * sha256.Size]byte, 0, len(a.used))
	for key, u := range a.used {
		pairs = append(pairs, [2 * sha256.Size]byte(slices.Concat(key[:], u.sum[:])))
		size += u.bytes
	}
	slices.SortFunc(pairs, func(x, y [2 * sha256.Size]byte) int { return bytes.Compare(x[:], y[:]) })
	h := sha256.New()
	for i := range pairs {
		h.Write(pairs[i][:])
	}
	return hash(h.Sum(nil)), len(pairs), size
}

// Record is one thing that an archive holds.
type Record struct {
	Question Question
	// Split marks are no answers.
	Split bool
	// Time is when it was answered, Status the HTTP status of the answer or 0.
	Time   time.Time
	Status int
	// Sum is the SHA-256 of the answer, Bytes its length.
	Sum   [32]byte
	Bytes int64
	// File and Offset say where it stands.
	File   string
	Offset int64
}

// Records tells of all that an archive holds, in the order in which it came. A
// record whose question is damaged comes with an error, and the next one follows.
func (a *Archive) Records() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if a.packs != nil {
			stopped := false
			err := a.packs.records(func(r Record, _ place, err error) bool {
				stopped = !yield(r, err)
				return !stopped
			})
			if err != nil && !stopped {
				yield(Record{}, err)
			}
		}
	}
}

// ErrDamaged says that something in an archive is not as it was written.
var ErrDamaged = errors.New("damaged")

// Verify reads every answer and compares it with its hash. It returns what is
// damaged, each as an error that wraps ErrDamaged and says where; err is ctx's.
func (a *Archive) Verify(ctx context.Context) (damaged []error, err error) {
	if a.packs == nil {
		return nil, nil
	}
	type spot struct {
		sum hash
		err error
	}
	var bad []spot
	whole := map[hash]bool{}
	scan := a.packs.records(func(r Record, at place, wrong error) bool {
		if err = ctx.Err(); err != nil {
			return false
		}
		if wrong == nil && at.stored {
			var body []byte
			if body, wrong = a.packs.body(at); wrong == nil && sha256.Sum256(body) != r.Sum {
				wrong = errDamaged
			}
			whole[r.Sum] = whole[r.Sum] || wrong == nil
		}
		if wrong != nil {
			bad = append(bad, spot{r.Sum, fmt.Errorf("%s, byte %d: %w", r.File, r.Offset, wrong)})
		}
		return true
	})
	for _, b := range bad {
		// What was damaged and asked again is there in full further on.
		if !whole[b.sum] {
			damaged = append(damaged, b.err)
		}
	}
	return damaged, errors.Join(err, scan)
}

func (a *Archive) close() error {
	if a.packs == nil {
		return nil
	}
	return a.packs.close()
}
