package compound

import (
	"fmt"
	"time"
)

// Seed is a row of seeds.csv: what victims reported, which is not everything.
type Seed struct {
	Chain, Address, Case, Role, Label, Confidence, Source, SourceURL, ReportedAt, TxHash, Amount, Notes string
}

// Case is the case that all seeds belong to.
const Case = "demo-compound"

// seeds are the collection wallets that are publicly known: of each team all
// but the last on Ethereum, and two of three on Bitcoin. One victim knows only
// its transaction.
func (w *world) seeds() []Seed {
	var out []Seed
	add := func(chain, address string, n int) {
		out = append(out, Seed{
			Chain: chain, Address: address, Case: Case, Role: "seed",
			Label: fmt.Sprintf("reported collection wallet %d", len(out)+1), Confidence: "60", Source: "Example Regulator scam tracker",
			SourceURL:  fmt.Sprintf("https://regulator.example/tracker/%d", 1000+len(out)),
			ReportedAt: time.Unix(Start+(20+int64(len(out))*4)*day, 0).UTC().Format(time.DateOnly),
			Notes:      fmt.Sprintf("named in complaints about %s", []string{"golden-harbour.example", "coin-meadow.example"}[n]),
		})
	}
	for n, t := range w.teams {
		for _, a := range t.collections[:2] {
			add("ethereum", a, n)
		}
		add("bitcoin", t.bitcoinCollections[0], n)
	}
	for _, p := range w.truth.Payments {
		if v := w.victim(p.Victim); !p.Back && v.collection == w.teams[0].collections[2] && v.own != "" {
			out = append(out, Seed{
				Chain: "ethereum", Address: v.collection, Case: Case, Role: "victim_tx", Label: "payment reported by a victim",
				Confidence: "90", Source: "complaint", SourceURL: "https://regulator.example/tracker/2001",
				ReportedAt: time.Unix(p.Time+30*day, 0).UTC().Format(time.DateOnly),
				TxHash:     p.TxHash, Amount: p.Amount.Dec(), Notes: "amount in base units; the wallet paid is not in the list",
			})
			break
		}
	}
	return out
}

func (w *world) victim(id string) *victim {
	for _, v := range w.victims {
		if v.id == id {
			return v
		}
	}
	return nil
}
