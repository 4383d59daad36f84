// Command democompound writes the demo: a small scam compound as chain data,
// with seeds, labels and the truth. See package compound.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/scamtrace/scamtrace/internal/chaintest/compound"
)

func main() {
	out := flag.String("out", "", "folder to write to")
	seed := flag.Uint64("seed", 1, "equal seeds give equal files")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	set := compound.Generate(*seed)
	if err := set.Write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "democompound:", err)
		os.Exit(1)
	}
	fmt.Printf("%d Ethereum transactions, %d token transfers, %d traces; %d Bitcoin transactions; %d addresses\n",
		len(set.Ethereum.Transactions), len(set.Ethereum.TokenTransfers), len(set.Ethereum.Traces),
		len(set.Bitcoin), len(set.Truth.Parties))
}
