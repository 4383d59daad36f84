package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/address"
)

// none is the word for an empty list or map.
const none = "none"

// assign reads a value into a field by the field's type. Maps are added to;
// everything else is replaced. What is wrong is told, and the field left alone.
func assign(at Problem, key Key, field any, n node) []Problem {
	switch f := field.(type) {
	case *string:
		return into(at, f, n, readText)
	case *bool:
		return into(at, f, n, readBool)
	case *int:
		return into(at, f, n, readInt)
	case *time.Duration:
		return into(at, f, n, readDuration)
	case *chain.Amount:
		return into(at, f, n, readAmount)
	case *[]string:
		return into(at, f, n, readList)
	case *map[string]string:
		if key.anyKeys {
			return intoMap(at, f, n, func(s string) (string, error) { return s, nil }, put[string](readText))
		}
		return intoMap(at, f, n, chainName, put[string](readText))
	case *map[string]uint64:
		return intoMap(at, f, n, chainName, put[string](readHeight))
	case *map[string][]string:
		return intoMap(at, f, n, chainName, putList(key))
	case *map[string]map[chain.Asset]chain.Amount:
		return intoMap(at, f, n, chainName, putDust)
	case *map[string]Endpoint:
		return intoMap(at, f, n, endpointName, putEndpoint)
	}
	at.Reason = fmt.Sprintf("cannot be read: %T", field) // a test reads every key
	return []Problem{at}
}

func into[T any](at Problem, field *T, n node, read func(node) (T, error)) []Problem {
	v, err := read(n)
	if err != nil {
		at.Reason = err.Error()
		return []Problem{at}
	}
	*field = v
	return nil
}

// intoMap adds the entries of a mapping to a map. Its keys are brought to their
// canonical form, in which none may be given twice.
func intoMap[K ~string, V any](
	at Problem, field *map[K]V, n node,
	canonical func(string) (K, error), read func(at Problem, m map[K]V, key K, n node) []Problem,
) []Problem {
	fail := func(p Problem, reason string) []Problem {
		p.Reason = reason
		return []Problem{p}
	}
	if n.kind == scalar && n.text == none {
		*field = map[K]V{}
		return nil
	}
	if n.kind != mapping {
		return fail(at, fmt.Sprintf("must be a map, with a value for each name, or %s; got %s", none, describe(n)))
	}
	var found []Problem
	first := map[K]bool{}
	for _, e := range n.entries {
		p := at
		p.Path = join(at.Path, e.key)
		if e.line > 0 {
			p.Line = e.line
		}
		k, err := canonical(e.key)
		switch {
		case err != nil:
			found = append(found, fail(p, err.Error())...)
		case first[k]:
			found = append(found, fail(p, fmt.Sprintf("%s is given twice", k))...)
		default:
			first[k] = true
			found = append(found, read(p, *field, k, e.value)...)
		}
	}
	return found
}

// put reads an entry of a map.
func put[K ~string, V any](read func(node) (V, error)) func(Problem, map[K]V, K, node) []Problem {
	return func(at Problem, m map[K]V, key K, n node) []Problem {
		var v V
		found := into(at, &v, n, read)
		if len(found) == 0 {
			m[key] = v
		}
		return found
	}
}

// putList reads a chain's list. Assets in it are brought to their canonical
// form.
func putList(key Key) func(Problem, map[string][]string, string, node) []Problem {
	return func(at Problem, m map[string][]string, name string, n node) []Problem {
		words, err := readList(n)
		for i := 0; err == nil && key.assets && i < len(words); i++ {
			var asset chain.Asset
			asset, err = assetOf(name)(words[i])
			words[i] = string(asset)
		}
		if err != nil {
			at.Reason = err.Error()
			return []Problem{at}
		}
		m[name] = words
		return nil
	}
}

// putDust reads a chain's least amounts by asset.
func putDust(at Problem, m map[string]map[chain.Asset]chain.Amount, name string, n node) []Problem {
	amounts := map[chain.Asset]chain.Amount{}
	for asset, a := range m[name] {
		amounts[asset] = a
	}
	found := intoMap(at, &amounts, n, assetOf(name), put[chain.Asset](readAmount))
	m[name] = amounts
	return found
}

// chainName is the chain's own name for any of its names.
func chainName(s string) (string, error) {
	c, err := chain.Lookup(s)
	return c.Name, err
}

// assetOf reads an asset of a chain: native, or the address of a contract.
func assetOf(name string) func(string) (chain.Asset, error) {
	return func(s string) (chain.Asset, error) {
		if s == string(chain.Native) {
			return chain.Native, nil
		}
		c, err := chain.Lookup(name)
		if err != nil {
			return "", err
		}
		if c.Family != chain.Account {
			return "", fmt.Errorf("%s has no asset but %s", name, chain.Native)
		}
		a, err := address.ParseAddress(c, s)
		if err != nil {
			return "", fmt.Errorf("an asset is %s or a token's contract: %w", chain.Native, err)
		}
		return chain.Asset(a), nil
	}
}

func readText(n node) (string, error) {
	if n.kind != scalar || !n.quoted && (n.text == "true" || n.text == "false") {
		return "", fmt.Errorf("must be text; got %s", describe(n))
	}
	return n.text, nil
}

func readBool(n node) (bool, error) {
	if n.kind == scalar && !n.quoted && n.text == "true" {
		return true, nil
	}
	if n.kind == scalar && !n.quoted && n.text == "false" {
		return false, nil
	}
	return false, fmt.Errorf("must be true or false; got %s", describe(n))
}

func readInt(n node) (int, error) {
	if n.kind == scalar && !n.quoted {
		if i, err := strconv.Atoi(n.text); err == nil {
			return i, nil
		}
	}
	return 0, fmt.Errorf("must be a whole number; got %s", describe(n))
}

func readHeight(n node) (uint64, error) {
	if n.kind == scalar && !n.quoted {
		if i, err := strconv.ParseUint(n.text, 10, 64); err == nil {
			return i, nil
		}
	}
	return 0, fmt.Errorf("must be a block's height; got %s", describe(n))
}

// readAmount takes amounts with and without quotes: in neither way is the text
// read as a floating-point number.
func readAmount(n node) (chain.Amount, error) {
	if n.kind != scalar {
		return chain.Amount{}, fmt.Errorf("must be an amount in base units; got %s", describe(n))
	}
	return chain.ParseAmount(n.text)
}

// readDuration reads what time.ParseDuration does, and days ("90d").
func readDuration(n node) (time.Duration, error) {
	if n.kind == scalar {
		d, err := time.ParseDuration(n.text)
		if days, ok := strings.CutSuffix(n.text, "d"); ok {
			var count uint64
			count, err = strconv.ParseUint(days, 10, 32)
			if count > math.MaxInt64/uint64(day) {
				err = errors.New("too long")
			}
			d = time.Duration(min(count, math.MaxInt64/uint64(day))) * day
		}
		if err == nil && d >= 0 {
			return d, nil
		}
	}
	return 0, fmt.Errorf("must be a duration such as 90d or 720h, or 0; got %s", describe(n))
}

const day = 24 * time.Hour

func readList(n node) ([]string, error) {
	if n.kind == scalar && n.text == none {
		return []string{}, nil
	}
	if n.kind != list {
		return nil, fmt.Errorf("must be a list such as [a, b], or %s; got %s", none, describe(n))
	}
	out := []string{}
	for _, item := range n.items {
		s, err := readText(item)
		if err != nil {
			return nil, fmt.Errorf("each item %w", err)
		}
		if s == "" {
			return nil, errors.New("an item of the list is empty")
		}
		out = append(out, s)
	}
	return out, nil
}

// describe names what was found instead of what was expected.
func describe(n node) string {
	switch n.kind {
	case list:
		return "a list"
	case mapping:
		return "a map"
	case nothing:
		return "nothing"
	case foreign:
		return "a YAML anchor, alias or tag, which a case file does not use"
	case scalar:
		if n.quoted {
			return "the text " + strconv.Quote(n.text)
		}
	}
	return n.text
}
