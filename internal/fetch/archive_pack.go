package fetch

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

const (
	lockFile    = "answers.lock"
	packPattern = "answers-%06d.pack"
	packGlob    = "answers-*.pack"
	// rotateAt is how long a pack grows.
	rotateAt = 256 << 20
	// What is written is safe on the disk after this long, or so many bytes.
	syncAfter = time.Second
	syncBytes = 32 << 20
)

// place is where the body of an answer stands.
type place struct {
	pack   int32
	stored bool // false if it stands elsewhere
	packed bool
	offset int64
	here   uint32
	whole  uint64
}

// pack is one file.
type pack struct {
	file   *os.File
	name   string
	number int
	salt   [8]byte
	size   int64
}

// packs are the files of an archive.
type packs struct {
	dir      string
	packer   *packer
	readOnly bool
	lock     *flock.Flock
	most     int64 // from which length on a pack does not grow

	mu     sync.RWMutex
	all    []*pack
	dirty  int64 // bytes since the last sync
	timer  *time.Timer
	failed error // of a sync: nothing is written any more
	closed bool
}

func openPacks(dir string, take func(head, place)) (*packs, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, lockFile))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, lockFile), err)
	}
	if !locked {
		return nil, fmt.Errorf("the archive %s is %w: wait until that has ended, or give this one a folder of its own", dir, ErrBusy)
	}
	p, err := loadPacks(dir, false, take)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	p.lock = lock
	return p, nil
}

func readPacks(dir string, take func(head, place)) (*packs, error) {
	return loadPacks(dir, true, take)
}

// loadPacks opens every pack of a folder and takes in what it holds.
func loadPacks(dir string, readOnly bool, take func(head, place)) (*packs, error) {
	packer, err := newPacker()
	if err != nil {
		return nil, err
	}
	p := &packs{dir: dir, packer: packer, readOnly: readOnly, most: rotateAt}
	names, err := packNames(dir)
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		if err := p.load(filepath.Join(dir, name), i == len(names)-1, take); err != nil {
			return nil, errors.Join(err, p.closeFiles())
		}
	}
	return p, nil
}

// packNames lists the packs of a folder in order; none if it is not there.
func packNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir) // sorted
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if ok, _ := path.Match(packGlob, e.Name()); ok {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// load takes in one pack. What a killed run left half written at the end of the
// last one is cut off.
func (p *packs) load(name string, last bool, take func(head, place)) error {
	flag := os.O_RDONLY
	if last && !p.readOnly {
		flag = os.O_RDWR
	}
	f, err := os.OpenFile(name, flag, 0o644)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return err
	}
	k := &pack{file: f, name: filepath.Base(name), size: info.Size()}
	if _, err := fmt.Sscanf(k.name, packPattern, &k.number); err != nil {
		f.Close()
		return fmt.Errorf("%s has no number in its name", name)
	}
	p.all = append(p.all, k)
	if err := k.readHead(); err != nil {
		if !errors.Is(err, errTorn) {
			return err
		}
		if flag != os.O_RDWR {
			k.size = 0
			return nil
		}
		return k.writeHead()
	}
	end := k.size
	var before *lastRecord // is taken when another one follows it
	err = k.scan(func(h head, at int64) bool {
		if before != nil {
			take(before.head, before.place)
		}
		end = at + h.size()
		before = &lastRecord{h, placeOf(len(p.all)-1, &h, at), at}
		return true
	}, func(from, to int64) bool {
		if end = to; to == k.size && (flag == os.O_RDWR || k.torn(from)) {
			end = from
		}
		return true
	})
	if err != nil {
		return err
	}
	if before != nil {
		// The last one may have its whole length without having been written whole.
		if flag != os.O_RDWR || p.whole(k, before) {
			take(before.head, before.place)
		} else {
			end = before.at
		}
	}
	if end == k.size {
		return nil
	}
	k.size = end
	if flag != os.O_RDWR {
		return nil
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	return f.Sync()
}

// lastRecord is the last record of a pack.
type lastRecord struct {
	head  head
	place place
	at    int64
}

// torn reports whether what stands at the end of a pack was cut off there, which
// is nothing bad. What is not so is damaged, and only a writer may cut it off.
func (k *pack) torn(from int64) bool {
	b := make([]byte, recordHead)
	n, err := k.file.ReadAt(b, from)
	if err != nil && err != io.EOF {
		return false
	}
	_, ok := parseHead(b[:n], k.salt)
	return ok || n < recordHead
}

// whole reports whether a record is as it was written, or cannot be read.
func (p *packs) whole(k *pack, r *lastRecord) bool {
	_, err := p.record(k, &r.head, r.at)
	return !errors.Is(err, ErrDamaged)
}

func placeOf(pack int, h *head, at int64) place {
	return place{
		pack: int32(pack), stored: h.kind == kindAnswer, packed: h.flags&flagBody != 0,
		offset: at + recordHead + int64(h.questionHere), here: h.bodyHere, whole: h.body,
	}
}

// errTorn is a pack that was never begun to its end.
var errTorn = errors.New("the file is cut off")

func (k *pack) readHead() error {
	var b [packHead]byte
	if n, err := k.file.ReadAt(b[:], 0); err != nil && err != io.EOF {
		return err
	} else if n < packHead {
		return errTorn
	}
	if string(b[:len(packMagic)]) != packMagic {
		return fmt.Errorf("%s is no archive of this version: take its folder away, it costs requests and nothing else", k.file.Name())
	}
	k.salt = [8]byte(b[len(packMagic):])
	return nil
}

func (k *pack) writeHead() error {
	b := append(make([]byte, 0, packHead), packMagic...)
	rand.Read(k.salt[:])
	b = append(b, k.salt[:]...)
	b = b[:packHead]
	if _, err := k.file.WriteAt(b, 0); err != nil {
		return err
	}
	k.size = packHead
	return k.file.Truncate(packHead)
}

// scan tells of every record, and of stretches that are none: damaged, or cut
// off at the end.
func (k *pack) scan(record func(h head, at int64) bool, hole func(from, to int64) bool) error {
	w := &window{file: k.file, size: k.size}
	for at := int64(packHead); at < k.size; {
		b, err := w.at(at, recordHead)
		if err != nil {
			return err
		}
		h, ok := parseHead(b, k.salt)
		if ok && at+h.size() <= k.size {
			if !record(h, at) {
				return nil
			}
			at += h.size()
			continue
		}
		next, err := k.find(at + 1)
		if err != nil || !hole(at, next) {
			return err
		}
		at = next
	}
	return nil
}

// find looks for the next record, or the end.
func (k *pack) find(from int64) (int64, error) {
	const step = 1 << 20
	buf := make([]byte, step+recordHead)
	for ; from < k.size; from += step {
		n, err := k.file.ReadAt(buf[:min(int64(len(buf)), k.size-from)], from)
		if err != nil && err != io.EOF {
			return 0, err
		}
		b := buf[:n]
		for i := 0; i < min(n, step); i++ {
			j := bytes.Index(b[i:], []byte(recordMagic))
			if j < 0 || i+j >= step {
				break
			}
			i += j
			if h, ok := parseHead(b[i:], k.salt); ok && from+int64(i)+h.size() <= k.size {
				return from + int64(i), nil
			}
		}
	}
	return k.size, nil
}

// window reads a file in order, skipping what is not wanted.
type window struct {
	file *os.File
	size int64
	from int64
	buf  []byte
}

const windowSize = 16 << 10

// at returns n bytes at an offset, or fewer at the end. They are valid until the
// next call.
func (w *window) at(offset int64, n int) ([]byte, error) {
	n = int(min(int64(n), w.size-offset))
	if offset < w.from || offset+int64(n) > w.from+int64(len(w.buf)) {
		if w.buf == nil {
			w.buf = make([]byte, windowSize)
		}
		got, err := w.file.ReadAt(w.buf[:windowSize], offset)
		if err != nil && err != io.EOF {
			return nil, err
		}
		w.buf, w.from = w.buf[:got], offset
	}
	i := int(offset - w.from)
	return w.buf[i:min(len(w.buf), i+n)], nil
}

// body reads the body of an answer.
func (p *packs) body(at place) ([]byte, error) {
	p.mu.RLock()
	k := p.all[at.pack]
	closed := p.closed
	p.mu.RUnlock()
	if closed {
		return nil, fs.ErrClosed
	}
	b := make([]byte, at.here)
	if _, err := k.file.ReadAt(b, at.offset); err == io.EOF {
		return nil, errDamaged
	} else if err != nil {
		return nil, err
	}
	return p.packer.unpack(b, at.packed, int(at.whole))
}

// encode makes a record that append writes.
func (p *packs) encode(h head, q Question, body []byte) ([]byte, head, error) {
	if p.readOnly {
		return nil, h, fmt.Errorf("nothing can be kept: %w", ErrOffline)
	}
	return p.packer.encode(h, q, body)
}

// append writes a record in one write.
func (p *packs) append(h *head, b []byte) (place, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return place{}, fs.ErrClosed
	}
	if p.failed != nil {
		return place{}, p.failed
	}
	k, err := p.current()
	if err != nil {
		return place{}, err
	}
	h.crc = checksum(b[recordHead:], k.salt)
	h.appendTo(b[:0], k.salt)
	at := k.size
	if _, err := k.file.WriteAt(b, at); err != nil {
		// What was half written must not stand before what comes next.
		if cut := k.file.Truncate(at); cut != nil {
			p.failed = err
		}
		return place{}, fmt.Errorf("the archive %s: %w", p.dir, err)
	}
	k.size += int64(len(b))
	p.plan(int64(len(b)))
	return placeOf(len(p.all)-1, h, at), nil
}

// current is the pack that is written to.
func (p *packs) current() (*pack, error) {
	if n := len(p.all); n > 0 && p.all[n-1].size < p.most {
		return p.all[n-1], nil
	} else if n > 0 {
		if err := p.all[n-1].file.Sync(); err != nil {
			p.failed = err
			return nil, err
		}
	}
	number := 1
	if n := len(p.all); n > 0 {
		number = p.all[n-1].number + 1
	}
	name := fmt.Sprintf(packPattern, number)
	f, err := os.OpenFile(filepath.Join(p.dir, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	k := &pack{file: f, name: name, number: number}
	if err := errors.Join(k.writeHead(), f.Sync(), syncDir(p.dir)); err != nil {
		f.Close()
		os.Remove(f.Name())
		return nil, err
	}
	p.all = append(p.all, k)
	return k, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// plan sees to it that what was written is synced soon.
func (p *packs) plan(n int64) {
	p.dirty += n
	switch {
	case p.dirty >= syncBytes:
		if p.timer != nil {
			p.timer.Stop()
			p.timer = nil
		}
		p.dirty = 0
		p.failed = p.all[len(p.all)-1].file.Sync()
	case p.timer == nil:
		p.timer = time.AfterFunc(syncAfter, p.sync)
	}
}

// sync syncs what was written, without holding up those who read and write.
func (p *packs) sync() {
	p.mu.Lock()
	if p.closed || p.dirty == 0 {
		p.timer = nil
		p.mu.Unlock()
		return
	}
	k := p.all[len(p.all)-1]
	p.dirty, p.timer = 0, nil
	p.mu.Unlock()
	if err := k.file.Sync(); err != nil && !errors.Is(err, fs.ErrClosed) {
		p.mu.Lock()
		p.failed = err
		p.mu.Unlock()
	}
}

// records tells of every record of every pack.
func (p *packs) records(yield func(Record, place, error) bool) error {
	p.mu.RLock()
	var all []pack
	for _, k := range p.all {
		all = append(all, *k)
	}
	p.mu.RUnlock()
	for i := range all {
		k := &all[i]
		going := true
		err := k.scan(func(h head, at int64) bool {
			r, err := p.record(k, &h, at)
			going = yield(r, placeOf(i, &h, at), err)
			return going
		}, func(from, to int64) bool {
			going = yield(Record{File: k.name, Offset: from}, place{}, fmt.Errorf("%d bytes that are no record: %w", to-from, ErrDamaged))
			return going
		})
		if err != nil || !going {
			return err
		}
	}
	return nil
}

func (p *packs) record(k *pack, h *head, at int64) (Record, error) {
	r := Record{
		Split: h.kind == kindSplit, Time: time.Unix(h.time, 0).UTC(), Status: int(h.status),
		Sum: h.sum, Bytes: int64(h.body), File: k.name, Offset: at,
	}
	b := make([]byte, h.size()-recordHead)
	if _, err := k.file.ReadAt(b, at+recordHead); err == io.EOF {
		return r, errDamaged
	} else if err != nil {
		return r, err
	}
	if checksum(b, k.salt) != h.crc {
		return r, errDamaged
	}
	var err error
	r.Question, err = p.packer.question(h, b[:h.questionHere])
	return r, err
}

// close syncs and closes everything, once.
func (p *packs) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	if p.timer != nil {
		p.timer.Stop()
	}
	err := p.failed
	if p.dirty > 0 {
		err = errors.Join(err, p.all[len(p.all)-1].file.Sync())
	}
	err = errors.Join(err, p.closeFiles())
	p.packer.decoder.Close()
	if p.lock != nil {
		err = errors.Join(err, p.lock.Close())
	}
	return err
}

func (p *packs) closeFiles() error {
	var err error
	for _, k := range p.all {
		err = errors.Join(err, k.file.Close())
	}
	return err
}
