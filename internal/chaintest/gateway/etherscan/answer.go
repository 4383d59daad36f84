package etherscan

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// answer is a reply before it is written.
type answer struct {
	status int // 200 if 0
	body   any
}

func (a *answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_ = json.NewEncoder(w).Encode(a.body) // the client may be gone
}

// refuse says no as Etherscan does: with HTTP 200.
func refuse(result string) *answer {
	return &answer{body: map[string]any{"status": "0", "message": "NOTOK", "result": result}}
}

// failure is what is said when the node does not answer.
func failure(error) *answer {
	return refuse("Unexpected error, timeout or server too busy. Please try again later")
}

// number reads a decimal number; def stands for what is none, such as "latest".
func number(text string, def uint64) uint64 {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return def
	}
	return n
}
