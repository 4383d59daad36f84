package etherscan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// settings are what stands behind the endpoint's name in the arguments.
type settings struct {
	nonce, balance, tokens bool
	// final is how far below the newest block a block is final; asked says
	// that the server's word for it is taken first.
	final uint64
	asked bool
	// place asks for the place in its block of each transaction that no list
	// gives.
	place bool
	// rpc is the path that takes JSON-RPC, empty for module=proxy.
	rpc string
}

// finalDepth is used where a server knows no final block: two epochs of
// Ethereum.
const finalDepth = 64

func parseSettings(args string) (settings, error) {
	s := settings{nonce: true, final: finalDepth, asked: true}
	_, rest, more := strings.Cut(args, ",")
	for more {
		var item string
		item, rest, more = strings.Cut(rest, ",")
		key, value, _ := strings.Cut(item, "=")
		var err error
		switch key {
		case "proof":
			err = s.prove(value)
		case "final":
			s.final, err = strconv.ParseUint(value, 10, 32)
			s.asked = false
			if err != nil {
				err = fmt.Errorf("final=%s is not a number of blocks", value)
			}
		case "rpc":
			if s.rpc = strings.Trim(value, "/"); s.rpc == "" || strings.ContainsAny(s.rpc, "?#:") {
				err = fmt.Errorf("rpc=%s is not a path such as eth-rpc", value)
			}
		case "place":
			if s.place = value == "ask"; !s.place && value != "none" {
				err = fmt.Errorf("place=%s is not known: use none, ask", value)
			}
		default:
			err = fmt.Errorf("%s is not known: use proof, final, place, rpc", key)
		}
		if err != nil {
			return settings{}, fmt.Errorf("%w: etherscan: %w", chain.ErrInput, err)
		}
	}
	return s, nil
}

// prove reads which proofs are wanted.
func (s *settings) prove(value string) error {
	s.nonce, s.balance, s.tokens = false, false, false
	for _, name := range strings.Split(value, "+") {
		switch name {
		case "none":
		case "nonce":
			s.nonce = true
		case "balance":
			s.balance = true
		case "tokens":
			s.tokens = true
		case "all":
			s.nonce, s.balance, s.tokens = true, true, true
		default:
			return fmt.Errorf("proof=%s is not known: use none, nonce, balance, tokens, all", name)
		}
	}
	return nil
}
