package fetch

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/klauspost/compress/zstd"
)

// A pack is a head and records. A record is a head of fixed length, the
// question, and of an answer that is not there already its body. All numbers are
// little-endian.
//
//	pack   0 magic  20 salt           32
//	record 0 magic   4 CRC-32C of the salt and of 8..108
//	       8 kind    9 flags  10 HTTP status
//	      12 bytes of the question here   16 of it whole
//	      20 bytes of the body here       24 of it whole
//	      32 time, seconds
//	      40 SHA-256 of the answer  72 of the question
//	     104 CRC-32C of the salt and of all that follows  108
//
// The salt keeps an answer from holding what looks like a record.
const (
	packMagic   = "scamtrace answers 1\n"
	packHead    = 32
	recordMagic = "ANS1"
	recordHead  = 108
)

// Kinds of records.
const (
	kindAnswer = 1
	kindSame   = 2 // an answer whose content was there already
	kindSplit  = 3
)

// Flags say what is compressed with zstd.
const (
	flagQuestion = 1 << iota
	flagBody
)

// What no record is longer than.
const (
	maxQuestion = 64 << 20
	maxAnswer   = 1 << 30
)

// errDamaged is ErrDamaged where it says nothing more.
var errDamaged = fmt.Errorf("an answer that is not what was kept: %w", ErrDamaged)

// head is the head of a record.
type head struct {
	kind, flags            byte
	status                 uint16
	questionHere, question uint32
	bodyHere               uint32
	body                   uint64
	time                   int64
	sum, key               hash
	crc                    uint32
}

func (h *head) size() int64 { return recordHead + int64(h.questionHere) + int64(h.bodyHere) }

//nolint:gochecknoglobals // a table that never changes
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (h *head) appendTo(b []byte, salt [8]byte) []byte {
	start := len(b)
	b = append(b, recordMagic...)
	b = append(b, 0, 0, 0, 0, h.kind, h.flags)
	b = binary.LittleEndian.AppendUint16(b, h.status)
	b = binary.LittleEndian.AppendUint32(b, h.questionHere)
	b = binary.LittleEndian.AppendUint32(b, h.question)
	b = binary.LittleEndian.AppendUint32(b, h.bodyHere)
	b = binary.LittleEndian.AppendUint64(b, h.body)
	b = binary.LittleEndian.AppendUint64(b, uint64(h.time))
	b = append(b, h.sum[:]...)
	b = append(b, h.key[:]...)
	b = binary.LittleEndian.AppendUint32(b, h.crc)
	binary.LittleEndian.PutUint32(b[start+4:], checksum(b[start+8:], salt))
	return b
}

func checksum(b []byte, salt [8]byte) uint32 {
	return crc32.Update(crc32.Update(0, castagnoli, salt[:]), castagnoli, b)
}

// parseHead reads the head of a record. ok is false if there is none.
func parseHead(b []byte, salt [8]byte) (h head, ok bool) {
	if len(b) < recordHead || string(b[:4]) != recordMagic {
		return head{}, false
	}
	b = b[:recordHead]
	le := binary.LittleEndian
	if le.Uint32(b[4:]) != checksum(b[8:], salt) {
		return head{}, false
	}
	h = head{
		kind: b[8], flags: b[9], status: le.Uint16(b[10:]),
		questionHere: le.Uint32(b[12:]), question: le.Uint32(b[16:]),
		bodyHere: le.Uint32(b[20:]), body: le.Uint64(b[24:]), time: int64(le.Uint64(b[32:])),
		sum: hash(b[40:72]), key: hash(b[72:104]), crc: le.Uint32(b[104:]),
	}
	return h, h.kind >= kindAnswer && h.kind <= kindSplit && h.question <= maxQuestion && h.questionHere <= h.question && h.body <= maxAnswer && uint64(h.bodyHere) <= h.body
}

// packer packs and unpacks. It is safe for concurrent use.
type packer struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

func newPacker() (*packer, error) {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, err
	}
	// What is unpacked is never longer than its head says.
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxMemory(maxAnswer))
	if err != nil {
		return nil, err
	}
	return &packer{encoder: e, decoder: d}, nil
}

// pack appends b to dst, compressed if that is shorter.
func (p *packer) pack(dst, b []byte) (_ []byte, packed bool) {
	start := len(dst)
	dst = p.encoder.EncodeAll(b, dst)
	if len(dst)-start < len(b) {
		return dst, true
	}
	return append(dst[:start], b...), false
}

// unpack is the opposite of pack, for a content of so many bytes.
func (p *packer) unpack(b []byte, packed bool, n int) ([]byte, error) {
	if !packed {
		if len(b) != n {
			return nil, errDamaged
		}
		return b, nil
	}
	out, err := p.decoder.DecodeAll(b, make([]byte, 0, n))
	if err != nil || len(out) != n {
		return nil, errDamaged
	}
	return out, nil
}

// encode makes the record of a question and a body, with room for its head.
func (p *packer) encode(h head, q Question, body []byte) ([]byte, head, error) {
	if len(q.Pin)+len(q.Text) > maxQuestion-16 || int64(len(body)) > maxAnswer {
		return nil, h, errors.New("too long for the archive")
	}
	text := binary.AppendUvarint(nil, uint64(len(q.Pin)))
	text = append(append(text, q.Pin...), q.Text...)
	b := make([]byte, recordHead, recordHead+len(text)+len(body)/4+256)
	b, packed := p.pack(b, text)
	h.question, h.questionHere = uint32(len(text)), uint32(len(b)-recordHead)
	if packed {
		h.flags |= flagQuestion
	}
	h.body = uint64(len(body))
	if h.kind == kindAnswer {
		at := len(b)
		b, packed = p.pack(b, body)
		if packed {
			h.flags |= flagBody
		}
		h.bodyHere = uint32(len(b) - at)
	}
	return b, h, nil
}

// question reads what encode wrote of a question.
func (p *packer) question(h *head, b []byte) (Question, error) {
	text, err := p.unpack(b, h.flags&flagQuestion != 0, int(h.question))
	if err != nil {
		return Question{}, err
	}
	n, used := binary.Uvarint(text)
	if used <= 0 || n > uint64(len(text)-used) {
		return Question{}, errDamaged
	}
	q := Question{Pin: string(text[used : used+int(n)]), Text: string(text[used+int(n):])}
	if q.key() != h.key {
		return Question{}, errDamaged
	}
	return q, nil
}
