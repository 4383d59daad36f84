// Command bulktransfers writes the benchmark's transfers. See package bulk.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
)

func main() {
	rows := flag.Int64("rows", 1_000_000, "how many transfers")
	seed := flag.Uint64("seed", 1, "equal arguments give equal files")
	out := flag.String("out", "", "folder to write to")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	sum, err := bulk.Generate(*out, *rows, *seed)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bulktransfers:", err)
		os.Exit(1)
	}
	fmt.Printf("%d rows in %d parts, up to %d addresses; %d rows (%.1f %%) reachable from the seeds within 8 hops\n",
		sum.Rows, sum.Parts, sum.Accounts, sum.Reachable, 100*float64(sum.Reachable)/float64(sum.Rows))
}
