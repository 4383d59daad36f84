package score

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/table"
)

// Place is an address on a chain.
type Place struct{ Chain, Address string }

// Movement names a transfer as the tables do. LogIndex and TraceAddress are
// empty where the tables have null.
type Movement struct{ Chain, Tx, Kind, LogIndex, TraceAddress string }

func movementOf(t *table.Transfer) Movement {
	return Movement{t.Chain, t.TransactionHash, t.Kind, number(t.LogIndex), text(t.TraceAddress)}
}

func taintedMovement(t *table.Taint) Movement {
	return Movement{t.Chain, t.TransactionHash, t.Kind, number(t.LogIndex), text(t.TraceAddress)}
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
