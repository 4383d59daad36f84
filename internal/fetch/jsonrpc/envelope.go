package jsonrpc

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// element is the answer to one request as it stands in a reply.
type element struct {
	// id is the request's number, from 1 on; 0 if it is null or not there.
	id int
	// value is the result, a part of the reply and no copy, or nil if there is a
	// fault.
	value jsontext.Value
	fault *Fault
	none  bool // value is null in place of a fault that is final
}

// What is wrong with a reply, in the same words each time.
var (
	errNoJSON   = errors.New("the reply is no JSON")
	errNoRPC    = errors.New("the reply is no JSON-RPC")
	errWrongID  = errors.New("the reply is to another request")
	errTwiceID  = errors.New("the reply answers a request twice")
	errBoth     = errors.New("the reply holds both a result and an error")
	errNeither  = errors.New("the reply holds neither a result nor an error")
	errTrailing = errors.New("the reply goes on after its end")
)

// parse splits a reply to n requests into its elements, without copying the
// results. Alone says that it is one object and no list. The whole reply is
// checked: strict JSON, no member twice, not too deep, every id one that was
// asked and none twice.
func parse(body []byte, n int) (elements []element, alone bool, err error) {
	s := &scanner{text: body}
	switch s.peek() {
	case '{':
		alone = true
		var e element
		e, err = parseElement(s, n)
		elements = []element{e}
	case '[':
		elements, err = parseList(s, n)
	default:
		if err = errNoRPC; !s.skip() {
			err = errNoJSON
		}
	}
	if err != nil {
		return nil, alone, err
	}
	if s.space(); s.at < len(body) {
		return nil, alone, errTrailing
	}
	return elements, alone, nil
}

func parseList(s *scanner, n int) (elements []element, err error) {
	elements = make([]element, 0, n)
	seen := make([]bool, n+1)
	whole := s.array(func() bool {
		var e element
		e, err = parseElement(s, n)
		switch {
		case err != nil:
			return false
		case e.id > 0 && seen[e.id]:
			err = errTwiceID
			return false
		case len(elements) == n:
			err = errWrongID // that of the first of those without an id
			return false
		}
		seen[e.id] = true
		elements = append(elements, e)
		return true
	})
	if err == nil && !whole {
		err = errNoJSON
	}
	return elements, err
}

// parseElement reads one object. Members that are not known are skipped.
func parseElement(s *scanner, n int) (element, error) {
	if s.peek() != '{' {
		if !s.skip() {
			return element{}, errNoJSON
		}
		return element{}, errNoRPC
	}
	var id, result, fault jsontext.Value
	whole := s.object(func(name []byte) bool {
		value, ok := s.value()
		switch string(name) {
		case "id":
			id = value
		case "result":
			result = value
		case "error":
			fault = value
		}
		return ok
	})
	if !whole {
		return element{}, errNoJSON
	}
	return newElement(id, result, fault, n)
}

// newElement checks what stands in an object. Version 1 of the protocol has
// both members in each, one of them null.
func newElement(id, result, fault jsontext.Value, n int) (element, error) {
	var e element
	if id != nil && id.Kind() != 'n' {
		number, err := strconv.Atoi(string(id))
		if err != nil || number < 1 || number > n || id[0] == '+' {
			return element{}, errWrongID
		}
		e.id = number
	}
	if fault == nil || fault.Kind() == 'n' {
		switch {
		case result == nil:
			return element{}, errNeither
		case e.id == 0:
			return element{}, errWrongID
		}
		e.value = result
		return e, nil
	}
	if result != nil && result.Kind() != 'n' {
		return element{}, errBoth
	}
	e.fault = parseFault(fault)
	return e, nil
}

// parseFault reads the member "error". What is no object with a code and a
// message is taken as words.
func parseFault(raw jsontext.Value) *Fault {
	var f struct {
		Code    jsontext.Value `json:"code"`
		Message jsontext.Value `json:"message"`
		Data    jsontext.Value `json:"data"`
	}
	if raw.Kind() != '{' || json.Unmarshal(raw, &f) != nil {
		return &Fault{Message: words(raw)}
	}
	code, err := strconv.Atoi(string(bytes.Trim(f.Code, `"`)))
	if err != nil {
		code = 0
	}
	return &Fault{Code: code, Message: words(f.Message), Data: string(f.Data)}
}

// words is the text of a string, or of anything else as it stands there.
func words(raw jsontext.Value) string {
	if raw.Kind() != '"' {
		return string(raw)
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return string(raw)
	}
	return string(text)
}
