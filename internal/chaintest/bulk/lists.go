package bulk

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// writeSeeds writes seeds.csv and labels.csv: all seeds, and of the exchanges
// the wallets but not the deposit addresses.
func (w *network) writeSeeds(dir string) error {
	var s, l bytes.Buffer
	fmt.Fprintln(&s, "chain,address,case_id,role,label,confidence,source,source_url,reported_at,tx_hash,amount,notes")
	for i := range w.size[seeds] {
		fmt.Fprintf(&s, "ethereum,%s,bulk,seed,bulk seed %d,60,generated,,2023-01-01,,,\n", w.address(seeds, i), i+1)
	}
	fmt.Fprintln(&l, "chain,address,label,category,actor,source,confidence")
	for i := range w.size[hots] {
		fmt.Fprintf(&l, "ethereum,%s,Exchange %d hot wallet,exchange,exchange-%d,generated,service_data\n", w.address(hots, i), i+1, i+1)
		fmt.Fprintf(&l, "ethereum,%s,Exchange %d payout wallet,exchange,exchange-%d,generated,service_data\n", w.address(payouts, i), i+1, i+1)
	}
	if err := os.WriteFile(filepath.Join(dir, "seeds.csv"), s.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "labels.csv"), l.Bytes(), 0o644)
}
