package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Validate tells everything that keeps a configuration from being run: values
// that cannot be meant, and what a run needs and nobody gave.
func (c Config) Validate() []Problem {
	found := c.check(func(path, reason string) Problem { return Problem{Path: path, Reason: reason} })
	need := func(ok bool, path, reason string) {
		if !ok {
			found = append(found, Problem{Path: path, Reason: reason})
		}
	}
	need(len(c.Seeds) > 0, "seeds", "no seed list is given: --seeds FILE, or seeds in the case file")
	need(len(c.Sources) > 0, "sources", "no source is given: --source ethereum=dataset:DIR, or sources in the case file")
	need(c.Out != "", "out", "no folder for the tables is given: --out DIR, or out in the case file")
	return found
}

// check tells values that cannot be meant, key by key.
func (c Config) check(problem func(path, reason string) Problem) []Problem {
	var found []Problem
	for _, k := range declared() {
		for _, err := range []error{checkWords(k.field(&c), k.allowed), k.runCheck(&c)} {
			if err != nil {
				found = append(found, problem(k.Path, err.Error()))
			}
		}
	}
	return found
}

func (k Key) runCheck(c *Config) error {
	if k.check == nil {
		return nil
	}
	return k.check(c)
}

// checkWords refuses words that a key does not allow, and the same word twice.
func checkWords(field any, allowed []string) error {
	var lists [][]string
	switch f := field.(type) {
	case *string:
		lists = [][]string{{*f}}
	case *[]string:
		lists = [][]string{*f}
	case *map[string][]string:
		for _, name := range slices.Sorted(maps.Keys(*f)) {
			lists = append(lists, (*f)[name])
		}
	}
	var errs []string
	for _, list := range lists {
		for i, word := range list {
			if allowed != nil && !slices.Contains(allowed, word) {
				errs = append(errs, fmt.Sprintf("%q is not known%s", word, suggestion(word, allowed)))
			} else if slices.Contains(list[:i], word) {
				errs = append(errs, fmt.Sprintf("%q stands there twice", word))
			}
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errors.New(strings.Join(errs, "; "))
}

func between(n, low, high int) error {
	switch {
	case n < low:
		return fmt.Errorf("%d is less than %d", n, low)
	case n > high:
		return fmt.Errorf("%d is more than %d", n, high)
	}
	return nil
}

func atLeastOne(list []string) error {
	if len(list) == 0 {
		return errors.New("at least one is needed")
	}
	return nil
}

// checkCase holds the rule for case ids of seed lists, since both become parts
// of names.
func checkCase(s string) error {
	ok := s != "" && len(s) <= 64
	for i, r := range s {
		alnum := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		ok = ok && (alnum || i > 0 && strings.ContainsRune("._-", r))
	}
	if !ok {
		return fmt.Errorf("%q is no case name: 1 to 64 of a-z (lower case), 0-9, dot, underscore and dash, beginning with a letter or digit", s)
	}
	return nil
}

// eachKey checks the entries of a map in order and joins what is wrong.
func eachKey[V any](m map[string]V, check func(key string, value V) error) error {
	var errs []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if err := check(key, m[key]); err != nil {
			errs = append(errs, fmt.Sprintf("%s: %v", key, err))
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errors.New(strings.Join(errs, "; "))
}

func checkSources(sources map[string]string) error {
	return eachKey(sources, func(_, spec string) error {
		if driver, _, found := strings.Cut(spec, ":"); !found || driver == "" {
			return fmt.Errorf(`must be "driver:arguments", e.g. "dataset:DIR"`)
		}
		return nil
	})
}

// checkMovements refuses kinds that a chain's family does not have.
func checkMovements(movements map[string][]string) error {
	return eachKey(movements, func(name string, kinds []string) error {
		c, err := chain.Lookup(name)
		if err != nil {
			return err
		}
		if len(kinds) == 0 {
			return errors.New("an empty list asks for nothing; leave the chain out to ask for all kinds")
		}
		for _, kind := range kinds {
			if (kind == chain.Output.String()) != (c.Family == chain.UTXO) {
				return fmt.Errorf("%s has no movements of kind %s", name, kind)
			}
		}
		return nil
	})
}

func checkAssets(assets map[string][]string) error {
	return eachKey(assets, func(_ string, list []string) error {
		if len(list) == 0 {
			return errors.New("an empty list follows nothing; leave the chain out to follow all assets")
		}
		return nil
	})
}

func checkBlocks(crawl Crawl) error {
	return eachKey(crawl.ToBlock, func(name string, to uint64) error {
		if from := crawl.FromBlock[name]; from > to {
			return fmt.Errorf("block %d is before from_block %d", to, from)
		}
		return nil
	})
}

func checkStops(stops map[string]string) error {
	return eachKey(stops, func(_, rule string) error {
		if rule != "" && !slices.Contains(stopRules(), rule) {
			return fmt.Errorf("%q is no stop rule%s", rule, suggestion(rule, stopRules()))
		}
		return nil
	})
}

func checkAccept(c Cluster) error {
	for _, h := range c.Accept {
		if slices.Contains(heuristics(), h) && !slices.Contains(c.Heuristics, h) {
			return fmt.Errorf("%s is not among cluster.heuristics", h)
		}
	}
	return nil
}
