package etherscan

import (
	"github.com/scamtrace/scamtrace/internal/chain"
)

// listing is one of the lists that an explorer keeps of an address.
type listing struct {
	action string
	// kinds are told by the list; a part that fails is a gap of each.
	kinds []chain.Kind
	read  func(*wire) (row, error)
	tell  func(*row, chain.Address, *teller) error
	// whole says that rows of one transaction must be seen together.
	whole bool
}

func transactions() listing {
	return listing{
		action: "txlist", kinds: []chain.Kind{chain.Fee, chain.NativeKind},
		read: readTransaction, tell: tellTransaction,
	}
}

func internals() listing {
	return listing{
		action: "txlistinternal", kinds: []chain.Kind{chain.Internal},
		read: readInternal, tell: tellInternal, whole: true,
	}
}

func tokens() listing {
	return listing{
		action: "tokentx", kinds: []chain.Kind{chain.Token},
		read: readToken, tell: tellToken,
	}
}

// wanted are the lists that tell of the kinds, in the order in which they are
// asked.
func wanted(k kinds) []listing {
	var out []listing
	for _, l := range []listing{transactions(), tokens(), internals()} {
		for _, kind := range l.kinds {
			if k.has(kind) {
				out = append(out, l)
				break
			}
		}
	}
	return out
}
