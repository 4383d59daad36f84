package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// plain makes a field's value of strings, numbers, lists and maps only, which
// YAML and JSON write alike. Amounts are decimal text, durations as they are
// written in a case file.
func plain(field any) any {
	switch f := field.(type) {
	case *string:
		return *f
	case *bool:
		return *f
	case *int:
		return *f
	case *time.Duration:
		return durationText(*f)
	case *chain.Amount:
		return f.Dec()
	case *[]string:
		return plainList(*f)
	case *map[string]string:
		return plainMap(*f, func(s string) any { return s })
	case *map[string]uint64:
		return plainMap(*f, func(n uint64) any { return n })
	case *map[string][]string:
		return plainMap(*f, func(l []string) any { return plainList(l) })
	case *map[string]Endpoint:
		return plainMap(*f, plainEndpoint)
	case *map[string]map[chain.Asset]chain.Amount:
		return plainMap(*f, func(m map[chain.Asset]chain.Amount) any {
			return plainMap(m, func(a chain.Amount) any { return a.Dec() })
		})
	}
	return nil
}

func plainList(l []string) any {
	out := make([]any, len(l))
	for i, s := range l {
		out[i] = s
	}
	return out
}

func plainMap[K ~string, V any](m map[K]V, value func(V) any) any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[string(k)] = value(v)
	}
	return out
}

func durationText(d time.Duration) string {
	switch {
	case d == 0:
		return "0"
	case d%day == 0:
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	return d.String()
}

// render writes a field's value as YAML in one line.
func render(field any) string { return flow(plain(field)) }

func flow(v any) string {
	var parts []string
	switch v := v.(type) {
	case string:
		return quote(v)
	case []any:
		for _, item := range v {
			parts = append(parts, flow(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, quoteKey(key)+": "+flow(v[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// quote leaves bare what YAML reads as text or as a duration, and puts the rest
// into double quotes.
func quote(s string) string {
	letter := s != "" && (s[0] >= 'a' && s[0] <= 'z') && s != "true" && s != "false" && s != "null"
	bare := strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-.") == ""
	if letter && bare || s == "0" {
		return s
	}
	return strconv.Quote(s)
}

func quoteKey(s string) string {
	if strings.HasPrefix(s, "0x") {
		return strconv.Quote(s)
	}
	return quote(s)
}

// Canonical is the configuration as JSON for the manifest. Equal runs give
// equal bytes: keys are sorted, and what differs between two runs of the same
// case is left out: the folders out and cache, the number of workers, the
// folders of the seed and label files, the arguments of the sources, which may
// name a folder or an account, and the endpoints. What was read is in the
// manifest's list of inputs, with its SHA-256.
func (c Config) Canonical() ([]byte, error) {
	root := map[string]any{}
	for _, key := range declared() {
		if slices.Contains([]string{"out", "cache", "workers", "endpoints"}, key.Path) {
			continue
		}
		value := plain(key.field(&c))
		switch key.Path {
		case "seeds":
			value = plainList(baseNames(c.Seeds))
		case "labels":
			value = plainList(baseNames(c.Labels))
		case "sources":
			value = plainMap(c.Sources, func(spec string) any {
				driver, _, _ := strings.Cut(spec, ":")
				return driver
			})
		}
		section := root
		names := strings.Split(key.Path, ".")
		for _, name := range names[:len(names)-1] {
			below, ok := section[name].(map[string]any)
			if !ok {
				below = map[string]any{}
				section[name] = below
			}
			section = below
		}
		section[names[len(names)-1]] = value
	}
	return json.Marshal(root)
}

func baseNames(paths []string) []string {
	var names []string
	for _, p := range paths {
		names = append(names, path.Base(strings.ReplaceAll(p, `\`, "/")))
	}
	return names
}
