package live

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Defaults are a protocol's own settings.
type Defaults struct {
	// Rate is the most cost a second where the endpoint names none. A server on
	// this machine has no limit then.
	Rate     float64
	Burst    int
	Parallel int
	// KeyQuery is the query parameter for the key, if that is where it goes.
	KeyQuery string
}

// How long a request may take, and how long a failing one is tried again: long
// enough for a node that restarts.
const (
	defaultTimeout  = 60 * time.Second
	defaultPatience = 2 * time.Minute
)

// Client opens the HTTP client and the archive for an endpoint of a chain. The
// error wraps chain.ErrInput if the endpoint cannot be meant.
func Client(driver string, c chain.Chain, o chain.Options, d Defaults) (*fetch.Client, error) {
	e := o.Endpoint
	if e.URL == "" {
		return nil, fmt.Errorf("%w: %s: no URL: write endpoints.%s.url in the case file", chain.ErrInput, driver, cmp.Or(e.Name, "NAME"))
	}
	rate := e.Rate
	if rate == 0 && !isOwn(e.URL) {
		rate = d.Rate
	}
	cfg := fetch.Config{
		Name: e.Name, URL: e.URL,
		Key: e.Key.Reveal(), KeyHeader: e.KeyHeader, User: e.User, Password: e.Password.Reveal(),
		Rate: rate, Burst: d.Burst, Parallel: d.Parallel,
		Timeout: cmp.Or(e.Timeout, defaultTimeout), Patience: cmp.Or(e.Patience, defaultPatience),
		Dir: Dir(driver, c, o), Offline: o.Offline,
	}
	if o.Shared != nil {
		// Endpoints of one host and key share what these may send.
		limits, _ := o.Shared.LoadOrStore("fetch.Limits", &fetch.Limits{})
		cfg.Limits, _ = limits.(*fetch.Limits)
	}
	if e.KeyHeader == "" && !strings.Contains(e.URL, "{key}") {
		cfg.KeyQuery = d.KeyQuery
	}
	if cfg.Key != "" && cfg.KeyHeader == "" && cfg.KeyQuery == "" && !strings.Contains(e.URL, "{key}") {
		return nil, fmt.Errorf("%w: endpoint %s has a key and no place for it: write {key} in its url, or endpoints.%s.key_header", chain.ErrInput, e.Name, e.Name)
	}
	client, err := fetch.Open(cfg)
	switch {
	case errors.Is(err, fetch.ErrConfig):
		return nil, fmt.Errorf("%w: endpoint %s: %w", chain.ErrInput, e.Name, err)
	case err != nil:
		return nil, fmt.Errorf("endpoint %s: %w", e.Name, err)
	}
	return client, nil
}

// Dir is the folder for what an endpoint was asked and answered about a chain.
func Dir(driver string, c chain.Chain, o chain.Options) string {
	return filepath.Join(o.Cache, "answers", fileName(c.Name)+"-"+driver+"-"+fileName(o.Endpoint.Name))
}

// fileName keeps what may stand in the name of a folder everywhere.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '_' {
			return r
		}
		return '-'
	}, strings.ToLower(s))
}

// isOwn reports whether a server is on this machine: whoever runs it does not
// need to be asked slowly.
func isOwn(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}
