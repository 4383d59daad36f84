package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
)

// readSmall reads a file of settings, until it is interrupted: a pipe that nobody
// writes into would keep the program for ever, and what waits for it ends with
// the program.
func readSmall(ctx context.Context, name string) ([]byte, error) {
	var text []byte
	done := make(chan error, 1)
	go func() {
		var err error
		text, err = readSettings(name)
		done <- err
	}()
	select {
	case err := <-done:
		return text, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readSettings refuses what is longer or deeper than people write before a YAML
// parser sees it: a megabyte of brackets would take all memory there is.
func readSettings(name string) ([]byte, error) {
	const most, brackets = 256 << 10, 2_000
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(text) > most {
		err = fmt.Errorf("%s is longer than %d KiB: not a file of settings", name, most>>10)
	}
	for _, opens := range []string{"[", "{", "- -"} {
		if n := bytes.Count(text, []byte(opens)); err == nil && n > brackets {
			err = fmt.Errorf("%s has %d times %q: not a file of settings", name, n, opens)
		}
	}
	return text, err
}
