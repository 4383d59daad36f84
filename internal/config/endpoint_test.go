package config_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/config"
)

func TestEndpoint(t *testing.T) {
	c, err := config.Load("case.yaml", []byte(`
sources: {ethereum: "node:mine"}
endpoints:
  mine:
    url: https://example.org/v3/{key}
    key: env:MINE_KEY
    rate: 0.5
    daily: 100000
    timeout: 10s
    patience: 2m
`), []string{"endpoints.mine.rate=7", "endpoints.other.url=http://127.0.0.1:8545"})
	require.NoError(t, err)
	require.Equal(t, map[string]config.Endpoint{
		"mine": {
			URL: "https://example.org/v3/{key}", Key: "env:MINE_KEY", Rate: 7, Daily: 100_000,
			Timeout: 10 * time.Second, Patience: 2 * time.Minute,
		},
		"other": {URL: "http://127.0.0.1:8545"},
	}, c.Endpoints)
	manifest, err := c.Canonical()
	require.NoError(t, err)
	require.NotContains(t, string(manifest), "example.org")
	require.NotContains(t, string(manifest), "MINE_KEY")
}

// Whoever writes a secret where it does not belong is told so, and does not
// find it in the log.
func TestEndpointRefuses(t *testing.T) {
	const canary = "c4n4ry5ecret"
	for _, tt := range []struct{ name, yaml, want string }{
		{"secret as key", "url: https://h\n    key: " + canary, "endpoints.m.key: must say where the secret is: env:NAME or file:PATH"},
		{"secret as password", "url: https://h\n    user: u\n    password: " + canary, "endpoints.m.password: must say where the secret is"},
		{"userinfo", "url: https://u:" + canary + "@h", "endpoints.m.url: must not hold a user or password"},
		{"query", "url: https://h/?apikey=" + canary, "endpoints.m.url: must not hold a secret: write apikey={key}"},
		{"no URL", "url: " + canary, "endpoints.m.url: must be a URL"},
		{"bad escape", "url: https://h/%zz" + canary, "endpoints.m.url: must be a URL"},
		{"typo", "urll: https://h", "endpoints.m.urll: is not a key of an endpoint; did you mean url?"},
		{"no url", "rate: 5", "endpoints: m: has no url"},
		{"no key", "url: https://h/{key}", "endpoints: m: has {key} in its url and no key"},
		{"rate", "url: https://h\n    rate: fast", "endpoints.m.rate: must be a number of requests a second"},
		{"negative rate", "url: https://h\n    rate: -1", "endpoints.m.rate: must be a number"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := config.Load("case.yaml", []byte("endpoints:\n  m:\n    "+tt.yaml+"\n"), nil)
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), canary)
		})
	}
	_, err := config.Load("case.yaml", []byte("endpoints: {My Node: {url: https://h}}"), nil)
	require.ErrorContains(t, err, "the name of an endpoint is 1 to 40 of a-z")
}
