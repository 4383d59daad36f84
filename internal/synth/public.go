package synth

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/synth/truth"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// printer writes what the public knows.
type printer struct {
	truth    *truth.Writer
	scenario scenario.Scenario
	dir      string // where the set will be
	bitcoin  bool   // something happened on Bitcoin
}

// write writes seeds, labels and the case, and gives the number of seeds.
func (p printer) write(dir string, public world.Public) (seeds int, err error) {
	readable := slices.DeleteFunc(slices.Clone(public.Seeds), func(s world.Seed) bool {
		return s.Verdict == truth.Typo || s.Verdict == truth.WrongChain
	})
	for _, f := range []struct {
		name string
		data []byte
	}{
		{"seeds.csv", p.seeds(readable)},
		{"seeds_raw.csv", p.seeds(public.Seeds)},
		{"labels.yaml", p.labels(public.Labels)},
		{"case.yaml", p.caseFile()},
	} {
		if err := os.WriteFile(filepath.Join(dir, f.name), f.data, 0o644); err != nil {
			return 0, err
		}
	}
	return len(readable), nil
}

const source = "synthetic"

func (p printer) seeds(seeds []world.Seed) []byte {
	var out bytes.Buffer
	c := csv.NewWriter(&out)
	_ = c.Write([]string{ // memory does not fail
		"chain", "address", "case_id", "role", "label", "confidence", "source", "source_url", "reported_at", "tx_hash", "amount", "notes",
	})
	for _, s := range seeds {
		chain, address := p.truth.Listed(s)
		hash, amount := "", ""
		if s.Role == "victim_tx" {
			hash, amount = p.truth.Transaction(s.Party, s.Tx), p.truth.Units(s.Party, s.Token, s.Amount)
		}
		_ = c.Write([]string{
			chain, address, p.scenario.Case, s.Role, s.Label, "60", source, "", day(s.ReportedAt), hash, amount, s.Notes,
		})
	}
	c.Flush()
	return out.Bytes()
}

func day(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.DateOnly) }

// labels is a GraphSense TagPack of what is public today.
func (p printer) labels(labels []world.Label) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "title: labels of %s\ncreator: scamtrace synth\ndescription: Invented services of a synthetic set\n"+
		"source: %s\nis_public: true\ntags:\n", p.scenario.Case, source)
	for _, l := range labels {
		if !Known(l) {
			continue
		}
		chain, address := p.truth.Address(l.Party)
		network := map[string]string{"ethereum": "ETH", "bitcoin": "BTC"}[chain]
		fmt.Fprintf(&out, "  - address: %q\n    label: %q\n    category: %s\n    currency: %s\n    network: %s\n    confidence: service_data\n    lastmod: %s\n",
			address, l.Label, l.Category, network, network, day(l.At))
		if l.Actor != "" {
			fmt.Fprintf(&out, "    actor: %q\n", l.Actor)
		}
	}
	return out.Bytes()
}

// Known says that a label is public on the last night.
func Known(l world.Label) bool { return l.Event == "public" }

// caseFile is the case that traces the set. Paths in a case are taken from the
// working directory, so they begin as the output folder was given.
func (p printer) caseFile() []byte {
	in := func(name string) string { return fmt.Sprintf("%q", filepath.ToSlash(filepath.Join(p.dir, name))) }
	spec := func(name string) string {
		return fmt.Sprintf("%q", "dataset:"+filepath.ToSlash(filepath.Join(p.dir, name)))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Traces this set: %s\n", p.next())
	b.WriteString("# Paths are taken from the working directory.\n\n")
	fmt.Fprintf(&b, "case: %q\nseeds: [%s]\nlabels: [%s]\nsources:\n  ethereum: %s\n", p.scenario.Case, in("seeds.csv"), in("labels.yaml"), spec("ethereum"))
	if p.bitcoin {
		fmt.Fprintf(&b, "  bitcoin: %s\n", spec("bitcoin"))
	}
	fmt.Fprintf(&b, "out: %q\n", filepath.ToSlash(p.dir+"-run"))
	if kinds := movements(p.scenario.Tables); len(kinds) < 5 {
		fmt.Fprintf(&b, "\n# What the tables of this set tell.\nmovements:\n  ethereum: [%s]\n", strings.Join(kinds, ", "))
	}
	fmt.Fprintf(&b, "\ncrawl:\n  max_hops: %d\n  budget: 1000000000\n", maxHops)
	b.WriteString("  super_node: {counterparties: 1000000000, transfers: 1000000000}\n" +
		"  # Not the counterfeits, which call themselves USDT.\n  assets:\n    ethereum:\n      - native\n")
	for _, a := range assets()[1:] {
		fmt.Fprintf(&b, "      - %q\n", a)
	}
	return []byte(b.String())
}

// next is the command that traces the set, for a shell.
func (p printer) next() string {
	name := filepath.ToSlash(filepath.Join(p.dir, "case.yaml"))
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-./:,+@%=", r)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }) {
		name = "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return "scamtrace run -c " + name
}

const maxHops = 32

// assets are the tokens that are what they say they are.
func assets() []string {
	return []string{
		"native", "0xdac17f958d2ee523a2206206994597c13d831ec7", "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48",
		"0x6b175474e89094c44da98b954eedeac495271d0f", "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599",
	}
}

// movements are the kinds of movement that tables tell.
func movements(tables []string) []string {
	transactions, traces := slices.Contains(tables, "transactions"), slices.Contains(tables, "traces")
	kinds := []string{"token"}
	if transactions {
		kinds = append(kinds, "native", "fee")
	}
	if traces {
		kinds = append(kinds, "internal", "reward")
	}
	return kinds
}
