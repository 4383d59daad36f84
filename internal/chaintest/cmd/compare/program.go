package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/scamtrace/scamtrace/internal/table"
)

// gaps is the exit code of a run that published, with declared gaps: the sets
// are cuttings of the chain, so there always are some.
const gaps = 3

// trace runs the program on a data set and returns the folder of the published
// run. Seeds are lines of chain,address,role and labels of
// chain,address,label,category,source; settings are those of --set.
func (c *comparison) trace(ctx context.Context, chain, set string, seeds, labels []string, settings ...string) (string, error) {
	c.runs++
	dir := filepath.Join(c.dir, fmt.Sprintf("run%02d", c.runs))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	lines := func(name, head string, lines []string) (string, error) {
		path := filepath.Join(dir, name)
		return path, os.WriteFile(path, []byte(head+"\n"+strings.Join(lines, "\n")+"\n"), 0o644)
	}
	seedFile, err := lines("seeds.csv", "chain,address,role", seeds)
	if err != nil {
		return "", err
	}
	out := filepath.Join(dir, "out")
	args := []string{"run", "-q", "--seeds", seedFile, "--source", chain + "=dataset:" + filepath.Join(c.data, set), "--out", out}
	if len(labels) > 0 {
		labelFile, err := lines("labels.csv", "chain,address,label,category,source", labels)
		if err != nil {
			return "", err
		}
		args = append(args, "--labels", labelFile)
	}
	for _, s := range settings {
		args = append(args, "--set", s)
	}
	var stderr bytes.Buffer
	run := exec.CommandContext(ctx, c.program, args...)
	run.Stderr = &stderr
	err = run.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == gaps {
		err = nil
	}
	if err != nil {
		return "", fmt.Errorf("%s on %s: %w (make build makes the program) %s", c.program, set, err, strings.TrimSpace(stderr.String()))
	}
	return filepath.Join(out, "latest"), nil
}

// rows reads a table of a published run.
func rows[T any](ctx context.Context, run, name string) ([]T, error) {
	paths, err := table.Paths(run, name)
	if err != nil {
		return nil, err
	}
	var list []T
	for row, err := range table.Read[T](ctx, paths...) {
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, nil
}
