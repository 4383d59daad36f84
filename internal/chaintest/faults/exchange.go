package faults

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strings"
)

// call is one question in a request: a JSON-RPC call, or a GET.
type call struct {
	id     json.RawMessage
	method string // of JSON-RPC; the action of Etherscan; the path of Esplora without names
	params json.RawMessage
	key    string // the question without its id
}

// exchange is one request, and what the server answered to it.
type exchange struct {
	protocol Protocol
	calls    []call
	batch    bool
	// target is the call that the fault is about.
	target int

	status int
	header http.Header
	body   []byte
	// wire, if set, writes the reply in its own way.
	wire func(http.ResponseWriter)
	// ask asks the server something else in place of the request.
	ask  func(body []byte) []byte
	draw *rand.Rand
	// trap is the address of another host.
	trap string
}

// read makes an exchange of a request.
func read(r *http.Request, body []byte) *exchange {
	x := &exchange{}
	if r.Method == http.MethodPost {
		x.protocol = JSONRPC
		x.readCalls(body)
		return x
	}
	key := r.URL.Path + "?" + r.URL.RawQuery
	if action := r.URL.Query().Get("action"); action != "" {
		x.protocol, x.calls = Etherscan, []call{{method: action, key: key}}
		return x
	}
	var words []string
	for word := range strings.SplitSeq(strings.Trim(r.URL.Path, "/"), "/") {
		if len(word) < 20 && strings.Trim(word, "0123456789") != "" {
			words = append(words, word)
		}
	}
	x.protocol, x.calls = Esplora, []call{{method: strings.Join(words, "/"), key: key}}
	return x
}

func (x *exchange) readCalls(body []byte) {
	type request struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
		Params json.RawMessage `json:"params"`
	}
	var list []request
	if x.batch = json.Unmarshal(body, &list) == nil; !x.batch {
		list = make([]request, 1)
		if json.Unmarshal(body, &list[0]) != nil {
			list = nil
		}
	}
	for _, r := range list {
		x.calls = append(x.calls, call{r.ID, r.Method, r.Params, r.Method + string(r.Params)})
	}
}

// pick chooses the call that a fault is about: the one of a key if that is
// given, else any that fits.
func (x *exchange) pick(fits func(call) bool, key string) bool {
	var able []int
	for i, c := range x.calls {
		if (fits == nil || fits(c)) && (key == "" || c.key == key) {
			able = append(able, i)
		}
	}
	if len(able) == 0 {
		return false
	}
	x.target = able[0]
	if key == "" {
		x.target = able[x.draw.IntN(len(able))]
	}
	return true
}

// answer replaces the reply.
func (x *exchange) answer(status int, contentType, body string) bool {
	x.status, x.body = status, []byte(body)
	x.header = http.Header{"Content-Type": {contentType}}
	return true
}

// reply is the JSON object that answers one call.
type reply map[string]json.RawMessage

// replies decodes the body; nil if it is no JSON-RPC.
func (x *exchange) replies() []reply {
	if x.protocol != JSONRPC || x.status != http.StatusOK {
		return nil
	}
	var list []reply
	if x.batch {
		if json.Unmarshal(x.body, &list) != nil {
			return nil
		}
		return list
	}
	list = make([]reply, 1)
	if json.Unmarshal(x.body, &list[0]) != nil {
		return nil
	}
	return list
}

// write encodes replies as the body.
func (x *exchange) write(list []reply) bool {
	var value any = list
	if !x.batch {
		value = list[0]
	}
	b, err := json.Marshal(value)
	x.body = b
	return err == nil
}

// mine is the place of the reply to the target, -1 if there is none.
func (x *exchange) mine(list []reply) int {
	for i, r := range list {
		if bytes.Equal(r["id"], x.calls[x.target].id) {
			return i
		}
	}
	return -1
}

// edit changes the reply to the target.
func (x *exchange) edit(change func(reply) bool) bool {
	list := x.replies()
	i := x.mine(list)
	return i >= 0 && change(list[i]) && x.write(list)
}

// fail makes the reply to the target an error.
func (x *exchange) fail(code int, message string) bool {
	return x.edit(func(r reply) bool {
		delete(r, "result")
		r["error"] = encode(map[string]any{"code": code, "message": message})
		return true
	})
}

func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain values are encoded
	}
	return b
}

// result is what the target's reply tells, in any protocol; set writes another.
// ok is false where there is none.
func (x *exchange) result() (value json.RawMessage, set func(json.RawMessage) bool, ok bool) {
	switch x.protocol {
	case JSONRPC:
		list := x.replies()
		i := x.mine(list)
		if i < 0 || list[i]["result"] == nil {
			return nil, nil, false
		}
		return list[i]["result"], func(v json.RawMessage) bool {
			list[i]["result"] = v
			return x.write(list)
		}, true
	case Etherscan:
		var envelope reply
		if json.Unmarshal(x.body, &envelope) != nil || envelope["result"] == nil {
			return nil, nil, false
		}
		return envelope["result"], func(v json.RawMessage) bool {
			envelope["result"] = v
			x.body = encode(envelope)
			return true
		}, true
	default:
		if !json.Valid(x.body) {
			return nil, nil, false
		}
		return x.body, func(v json.RawMessage) bool {
			x.body = v
			return true
		}, x.status == http.StatusOK
	}
}

// rows are the rows of a list that the reply tells: logs, receipts,
// transactions, also those of a block.
func (x *exchange) rows() (rows []json.RawMessage, set func([]json.RawMessage) bool, ok bool) {
	value, setValue, ok := x.result()
	if !ok {
		return nil, nil, false
	}
	if json.Unmarshal(value, &rows) == nil {
		return rows, func(r []json.RawMessage) bool { return setValue(encode(r)) }, rows != nil
	}
	var block reply
	if json.Unmarshal(value, &block) != nil {
		return nil, nil, false
	}
	for _, name := range []string{"transactions", "rawtx", "tx"} {
		if json.Unmarshal(block[name], &rows) == nil {
			return rows, func(r []json.RawMessage) bool {
				block[name] = encode(r)
				return setValue(encode(block))
			}, true
		}
	}
	return nil, nil, false
}
