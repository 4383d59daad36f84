package faults

import (
	"bytes"
	"net/http"
	"strings"
)

// bodyKinds are bodies that are not one JSON value.
func bodyKinds() []Kind {
	kinds := []Kind{
		{
			Name: "truncated", Doc: "The JSON ends in the middle; the HTTP message does not.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				x.body = x.body[:len(x.body)/2+x.draw.IntN(max(1, len(x.body)/2))]
				return true
			},
		},
		{
			Name: "two-values", Doc: "Two JSON values, one behind the other.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				x.body = append(bytes.Clone(x.body), x.body...)
				return true
			},
		},
		{
			Name: "trailing-garbage", Doc: "A closing brace too many and some text.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				x.body = append(bytes.TrimSpace(x.body), "}\n<!-- served by cache-7 -->"...)
				return true
			},
		},
		{
			Name: "deep-nesting", Doc: "A hundred thousand lists in each other.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				return x.answer(http.StatusOK, "application/json", strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000))
			},
		},
		{
			Name: "deep-result", Doc: "A result of a hundred thousand lists in each other.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				_, set, ok := x.result()
				return ok && set([]byte(strings.Repeat("[", 9_000)+strings.Repeat("]", 9_000)))
			},
		},
		{
			Name: "duplicate-names", Doc: "An object with two members result.", Ref: "go-json-experiment; reliability 4.1",
			apply: func(x *exchange) bool {
				return x.inObject(`"result":[],"result":[],`)
			},
		},
		{
			Name: "invalid-utf8", Doc: "A text with bytes that are no UTF-8.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				return x.inObject("\"note\":\"\xff\xfe\",")
			},
		},
		{
			Name: "nul-bytes", Doc: "A body of NUL bytes of the right length.", Ref: "reliability 0.5",
			apply: func(x *exchange) bool {
				x.body = make([]byte, len(x.body))
				return len(x.body) > 0
			},
		},
		{
			Name: "wrong-type", Doc: "A number where the result should be.", Ref: "INFURA #237",
			apply: func(x *exchange) bool {
				_, set, ok := x.result()
				return ok && set([]byte("17"))
			},
		},
	}
	for i := range kinds {
		kinds[i].Speaks, kinds[i].Nature = anyProtocol, Passing
	}
	return kinds
}

// inObject puts members at the beginning of the first object of the body.
func (x *exchange) inObject(members string) bool {
	i := bytes.IndexByte(x.body, '{')
	if i < 0 {
		return false
	}
	x.body = append(append(bytes.Clone(x.body[:i+1]), members...), x.body[i+1:]...)
	return true
}
