package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/score"
)

// scenario is a synthetic compound, as scamtrace synth makes it.
type scenario struct {
	file string
	rows int64
	seed uint64
}

// variant is a scenario that was generated.
type variant struct {
	truth *score.Truth
	// guarded is the run as its case says, unguarded without the veto.
	guarded, unguarded *score.Run
	// refused are the seeds whose lines the program refused.
	refused map[score.Place]bool
}

func (p program) play(ctx context.Context, s scenario, name string, sets ...string) (*variant, error) {
	dir := filepath.Join(p.work, name)
	args := []string{"synth", "-c", s.file, "--rows", fmt.Sprint(s.rows), "--seed", fmt.Sprint(s.seed), "--out", dir}
	for _, set := range sets {
		args = append(args, "--set", set)
	}
	code, stderr, err := p.start(ctx, args...)
	if err != nil {
		return nil, err
	}
	if code != complete {
		return nil, fmt.Errorf("%s: scamtrace synth ended with code %d: %s", name, code, stderr)
	}
	v := &variant{}
	if v.truth, err = score.ReadTruth(os.DirFS(filepath.Join(dir, "truth"))); err != nil {
		return nil, err
	}
	// The list as people made it stands beside the one that was cleaned.
	list := filepath.Join(dir, "seeds_raw.csv")
	if _, err := os.Stat(list); err != nil {
		list = filepath.Join(dir, "seeds.csv")
	}
	of := []string{"-c", filepath.Join(dir, "case.yaml")}
	seeds, lines, err := p.sift(ctx, list, of...)
	if err != nil {
		return nil, err
	}
	if v.refused, err = seedsAt(list, lines); err != nil {
		return nil, err
	}
	of = append(of, "--seeds", seeds)
	if v.guarded, err = p.publish(ctx, name+"-run", of...); err != nil {
		return nil, err
	}
	v.unguarded, err = p.publish(ctx, name+"-unguarded", append(of, "--set", "cluster.coinjoin_veto=false")...)
	return v, err
}

// seedsAt are the seeds at some lines of a list.
func seedsAt(path string, lines []int) (map[score.Place]bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	chainAt, addressAt := slices.Index(records[0], "chain"), slices.Index(records[0], "address")
	out := map[score.Place]bool{}
	for _, n := range lines {
		out[score.Place{Chain: records[n-1][chainAt], Address: records[n-1][addressAt]}] = true
	}
	return out, nil
}

// scoreScenario plays a scenario with its decoys and without, and scores both.
func scoreScenario(ctx context.Context, p program, s scenario) ([]score.Row, error) {
	with, err := p.play(ctx, s, "scenario")
	if err != nil {
		return nil, err
	}
	without, err := p.play(ctx, s, "scenario-without-decoys", "decoys.enabled=false")
	if err != nil {
		return nil, err
	}
	return scoreVariants(with, without)
}

// scoreVariants scores a scenario with decoys, and its clusters without.
func scoreVariants(with, without *variant) ([]score.Row, error) {
	chains, err := chainsOf(with.truth)
	if err != nil {
		return nil, err
	}
	var rows []score.Row
	for _, c := range chains {
		rows = append(rows, score.Clusters(with.truth, c, with.guarded, with.unguarded, "")...)
		rows = append(rows, score.Clusters(without.truth, c, without.guarded, without.unguarded, ", no decoys")...)
	}
	t, r := with.truth, with.guarded
	for _, c := range chains {
		rows = append(rows, score.Deposits(t, r, c)...)
	}
	rows = append(rows, score.CashOut(t, r)...)
	rows = append(rows, score.Endpoints(t, r)...)
	rows = append(rows, score.Deposited(t, r, "fifo")...)
	rows = append(rows, score.Victims(t, r)...)
	rows = append(rows, score.Noise(t, r)...)
	rows = append(rows, score.Seeds(t, r, with.refused)...)
	for _, c := range chains {
		deposits, wallets := t.CashOutPlaces(c.Name)
		rows = append(rows, score.Hops("cash-out, "+c.Name+": deposit addresses reached", deposits, r, 8)...)
		rows = append(rows, score.Hops("cash-out, "+c.Name+": hot wallets reached", wallets, r, 0)...)
	}
	return append(rows, score.Conserved("conservation adds up", r)), nil
}

// chainsOf are the chains of the truth, by name.
func chainsOf(t *score.Truth) ([]chain.Chain, error) {
	names := map[string]bool{}
	for at := range t.Addresses {
		names[at.Chain] = true
	}
	var out []chain.Chain
	for _, name := range slices.Sorted(maps.Keys(names)) {
		c, err := chain.Lookup(name)
		if err != nil {
			return nil, fmt.Errorf("truth/addresses.csv: %w", err)
		}
		out = append(out, c)
	}
	return out, nil
}
