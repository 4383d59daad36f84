package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Endpoint is a server that sources ask. Its secrets are references, "env:NAME"
// or "file:PATH", never the text itself.
type Endpoint struct {
	// URL is the address; "{key}" in it stands for the key.
	URL string
	// Key is the reference to the API key, KeyHeader the header it goes in if
	// the protocol has no place for it and the URL neither.
	Key, KeyHeader string
	// User and Password are for basic authentication.
	User, Password string
	// Rate is the most requests a second, 0 for the driver's default.
	Rate float64
	// Daily is the most requests a day that the plan allows, 0 if unknown.
	Daily int
	// Timeout bounds one request, Patience how long a failing one is repeated;
	// 0 for the default.
	Timeout, Patience time.Duration
}

// setting is one key of an endpoint.
type setting struct {
	name  string
	field func(*Endpoint) any
	read  func(*Endpoint, node) error
}

// settings lists the keys of an endpoint, in the order of the documentation.
func settings() []setting {
	text := func(name string, field func(*Endpoint) *string, read func(node) (string, error)) setting {
		return setting{name, func(e *Endpoint) any { return field(e) }, func(e *Endpoint, n node) (err error) {
			*field(e), err = read(n)
			return err
		}}
	}
	length := func(name string, field func(*Endpoint) *time.Duration) setting {
		return setting{name, func(e *Endpoint) any { return field(e) }, func(e *Endpoint, n node) (err error) {
			*field(e), err = readDuration(n)
			return err
		}}
	}
	return []setting{
		text("url", func(e *Endpoint) *string { return &e.URL }, readURL),
		text("key", func(e *Endpoint) *string { return &e.Key }, readReference),
		text("key_header", func(e *Endpoint) *string { return &e.KeyHeader }, readText),
		text("user", func(e *Endpoint) *string { return &e.User }, readText),
		text("password", func(e *Endpoint) *string { return &e.Password }, readReference),
		{"rate", func(e *Endpoint) any { return &e.Rate }, func(e *Endpoint, n node) (err error) {
			e.Rate, err = readRate(n)
			return err
		}},
		{"daily", func(e *Endpoint) any { return &e.Daily }, func(e *Endpoint, n node) (err error) {
			e.Daily, err = readInt(n)
			return err
		}},
		length("timeout", func(e *Endpoint) *time.Duration { return &e.Timeout }),
		length("patience", func(e *Endpoint) *time.Duration { return &e.Patience }),
	}
}

// putEndpoint reads an endpoint by its name. What was given before and is not
// given again stays.
func putEndpoint(at Problem, m map[string]Endpoint, name string, n node) []Problem {
	if n.kind != mapping {
		at.Reason = "must be a map with url and what else the server needs; got " + describe(n)
		return []Problem{at}
	}
	e := m[name]
	var names []string
	for _, s := range settings() {
		names = append(names, s.name)
	}
	var found []Problem
	seen := map[string]bool{}
	for _, item := range n.entries {
		p := at
		p.Path = join(at.Path, item.key)
		if item.line > 0 {
			p.Line = item.line
		}
		i := slices.Index(names, item.key)
		var err error
		switch {
		case i < 0:
			err = errors.New("is not a key of an endpoint" + suggestion(item.key, names))
		case seen[item.key]:
			err = errors.New("is given twice")
		default:
			err = settings()[i].read(&e, item.value)
		}
		seen[item.key] = true
		if err != nil {
			p.Reason = err.Error()
			found = append(found, p)
		}
	}
	m[name] = e
	return found
}

// endpointName is what an endpoint may be called: the name stands in tables, in
// errors and in the names of folders.
func endpointName(s string) (string, error) {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" || s == "" || len(s) > 40 {
		return "", errors.New("the name of an endpoint is 1 to 40 of a-z (lower case), 0-9, dash and underscore")
	}
	return s, nil
}

// readReference reads where a secret is. It never repeats what it read: somebody
// may have written the secret itself.
func readReference(n node) (string, error) {
	kind, rest, _ := strings.Cut(n.text, ":")
	if n.kind != scalar || rest == "" || kind != "env" && kind != "file" {
		return "", errors.New("must say where the secret is: env:NAME or file:PATH, never the secret itself")
	}
	return n.text, nil
}

// readURL reads an address that holds no secret, and never repeats it.
func readURL(n node) (string, error) {
	s, err := readText(n)
	if err != nil {
		return "", errors.New("must be a URL such as https://host/path")
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("must be a URL such as https://host/path")
	case u.User != nil:
		return "", errors.New("must not hold a user or password: they go into user and password")
	case u.Fragment != "":
		return "", errors.New("must not have a fragment (#)")
	}
	for name, values := range u.Query() {
		if lower := strings.ToLower(name); strings.Contains(lower, "key") || strings.Contains(lower, "token") || strings.Contains(lower, "secret") {
			if !slices.Equal(values, []string{"{key}"}) {
				return "", fmt.Errorf("must not hold a secret: write %s={key}, and key: env:NAME", name)
			}
		}
	}
	return s, nil
}

func readRate(n node) (float64, error) {
	if n.kind == scalar {
		if r, err := strconv.ParseFloat(n.text, 64); err == nil && r >= 0 && r <= 1e6 {
			return r, nil
		}
	}
	return 0, fmt.Errorf("must be a number of requests a second such as 5 or 0.5; got %s", describe(n))
}

// checkEndpoints refuses endpoints without an address.
func checkEndpoints(endpoints map[string]Endpoint) error {
	return eachKey(endpoints, func(_ string, e Endpoint) error {
		switch {
		case e.URL == "":
			return errors.New("has no url")
		case strings.Contains(e.URL, "{key}") && e.Key == "":
			return errors.New("has {key} in its url and no key: write key: env:NAME")
		case e.User == "" && e.Password != "":
			return errors.New("has a password and no user")
		}
		return nil
	})
}

// plainEndpoint is an endpoint as a map of what is given.
func plainEndpoint(e Endpoint) any {
	out := map[string]any{}
	for _, s := range settings() {
		switch f := s.field(&e).(type) {
		case *string:
			if *f != "" {
				out[s.name] = *f
			}
		case *int:
			if *f != 0 {
				out[s.name] = *f
			}
		case *float64:
			if *f != 0 {
				out[s.name] = *f
			}
		case *time.Duration:
			if *f != 0 {
				out[s.name] = durationText(*f)
			}
		}
	}
	return out
}
