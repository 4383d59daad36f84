package jsonrpc

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// scanner walks over JSON text and finds where values end. It is as strict as
// jsontext, which fuzzing holds it to: no member twice in an object, no invalid
// UTF-8, no depth beyond maxDepth. It is there because every answer is walked
// over twice, here and by the driver, and this one must not cost as much again.
type scanner struct {
	text []byte
	at   int
	// names of the objects that are open, each the text between its quotes.
	names [][]byte
	sets  map[int]map[string]struct{} // of objects with many members, by where their names begin
	depth int
}

const (
	// maxDepth is how deep values may lie in each other.
	maxDepth = 10_000
	// manyNames is from where on an object's names are looked up in a set.
	manyNames = 32
)

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// peek is the next byte that is no space, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// accept takes one byte if it comes next.
func (s *scanner) accept(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

// value takes one value and returns its text. ok is false if there is none.
func (s *scanner) value() (text jsontext.Value, ok bool) {
	s.space()
	from := s.at
	ok = s.skip()
	return s.text[from:s.at:s.at], ok
}

// skip takes one value.
func (s *scanner) skip() bool {
	switch c := s.peek(); c {
	case '"':
		_, ok := s.skipString()
		return ok
	case '{':
		return s.object(nil)
	case '[':
		return s.array(nil)
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	default:
		return s.number()
	}
}

// array takes an array; element takes each of its elements, nil for any.
func (s *scanner) array(element func() bool) bool {
	if !s.accept('[') || !s.enter() {
		return false
	}
	defer s.leave()
	if s.accept(']') {
		return true
	}
	for {
		var ok bool
		if element == nil {
			ok = s.skip()
		} else {
			ok = element()
		}
		if !ok {
			return false
		}
		if s.accept(',') {
			continue
		}
		return s.accept(']')
	}
}

// object takes an object; member takes the value of each of its members, nil for
// any.
func (s *scanner) object(member func(name []byte) bool) bool {
	if !s.accept('{') || !s.enter() {
		return false
	}
	defer s.leave()
	if s.accept('}') {
		return true
	}
	first := len(s.names)
	for {
		name, ok := s.name()
		if !ok || !s.add(first, name) || !s.accept(':') {
			return false
		}
		if member == nil {
			ok = s.skip()
		} else {
			ok = member(name)
		}
		if !ok {
			return false
		}
		if s.accept(',') {
			continue
		}
		s.names = s.names[:first]
		if s.sets != nil {
			delete(s.sets, first)
		}
		return s.accept('}')
	}
}

func (s *scanner) enter() bool {
	s.depth++
	return s.depth <= maxDepth
}

func (s *scanner) leave() { s.depth-- }

// name takes the name of a member, unescaped.
func (s *scanner) name() ([]byte, bool) {
	if s.peek() != '"' {
		return nil, false
	}
	from := s.at
	escaped, ok := s.skipString()
	switch {
	case !ok:
		return nil, false
	case escaped:
		name, err := jsontext.AppendUnquote(nil, s.text[from:s.at])
		return name, err == nil
	default:
		return s.text[from+1 : s.at-1], true
	}
}

// add notes a name of the object whose names begin at first. It is false if the
// object has it already.
func (s *scanner) add(first int, name []byte) bool {
	mine := s.names[first:]
	s.names = append(s.names, name)
	if len(mine) < manyNames {
		for _, had := range mine {
			if string(had) == string(name) {
				return false
			}
		}
		return true
	}
	set := s.sets[first]
	if set == nil {
		if s.sets == nil {
			s.sets = map[int]map[string]struct{}{}
		}
		set = make(map[string]struct{}, 2*manyNames)
		for _, had := range mine {
			set[string(had)] = struct{}{}
		}
		s.sets[first] = set
	}
	if _, had := set[string(name)]; had {
		return false
	}
	set[string(name)] = struct{}{}
	return true
}

func (s *scanner) literal(word string) bool {
	if len(s.text)-s.at < len(word) || string(s.text[s.at:s.at+len(word)]) != word {
		return false
	}
	s.at += len(word)
	return true
}

func (s *scanner) digits() bool {
	from := s.at
	for s.at < len(s.text) && s.text[s.at]-'0' <= 9 {
		s.at++
	}
	return s.at > from
}

func (s *scanner) one(any string) bool {
	for i := range len(any) {
		if s.at < len(s.text) && s.text[s.at] == any[i] {
			s.at++
			return true
		}
	}
	return false
}

func (s *scanner) number() bool {
	s.one("-")
	if !s.one("0") && !s.digits() {
		return false
	}
	if s.one(".") && !s.digits() {
		return false
	}
	if s.one("eE") {
		s.one("+-")
		return s.digits()
	}
	return true
}

// Eight bytes at once: which of them are no plain character of a string. Of the
// bits that are set the lowest is always true.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

func special(w uint64) uint64 {
	quote := w ^ '"'*ones
	escape := w ^ '\\'*ones
	return ((quote-ones)&^quote | (escape-ones)&^escape | (w-' '*ones)&^w | w) & highs
}

// skipString takes a string, and reports whether it has escape sequences.
func (s *scanner) skipString() (escaped, ok bool) {
	b := s.text
	i := s.at + 1
	for {
		for i+8 <= len(b) {
			if m := special(binary.LittleEndian.Uint64(b[i:])); m != 0 {
				i += bits.TrailingZeros64(m) / 8
				break
			}
			i += 8
		}
		if i >= len(b) {
			return false, false
		}
		switch c := b[i]; {
		case c == '"':
			s.at = i + 1
			return escaped, true
		case c == '\\':
			n := escape(b[i:])
			if n == 0 {
				return false, false
			}
			escaped = true
			i += n
		case c < ' ':
			return false, false
		case c < utf8.RuneSelf:
			i++
		default:
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n == 1 {
				return false, false
			}
			i += n
		}
	}
}

// escape is how long the escape sequence is that a text begins with, 0 if it is
// none. Halves of a pair count together.
func escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		r, ok := hex4(b)
		switch {
		case !ok || r >= 0xdc00 && r < 0xe000:
			return 0
		case r < 0xd800 || r >= 0xe000:
			return 6
		}
		if low, ok := hex4(b[6:]); !ok || low < 0xdc00 || low >= 0xe000 {
			return 0
		}
		return 12
	default:
		return 0
	}
}

// hex4 reads \uXXXX.
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
