package fetch_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

func TestOpenRefuses(t *testing.T) {
	const canary = "Canary0123456789secret"
	for name, test := range map[string]struct {
		cfg  fetch.Config
		want string
	}{
		"no URL":          {fetch.Config{}, "https://"},
		"unparsable":      {fetch.Config{URL: "https://host:port" + canary}, "cannot be read"},
		"control":         {fetch.Config{URL: "https://host/\x7f" + canary}, "cannot be read"},
		"bad escape":      {fetch.Config{URL: "https://host/%zz" + canary}, "cannot be read"},
		"no scheme":       {fetch.Config{URL: "host/" + canary}, "https://"},
		"other scheme":    {fetch.Config{URL: "file:///etc/" + canary}, "https://"},
		"userinfo":        {fetch.Config{URL: "https://user:" + canary + "@host/"}, "user name"},
		"query":           {fetch.Config{URL: "https://host/?apikey=" + canary}, "{key}"},
		"query, dkey":     {fetch.Config{URL: "https://host/?network=eth&dkey=" + canary}, "{key}"},
		"query, token":    {fetch.Config{URL: "https://host/?auth_token=" + canary}, "{key}"},
		"query, api-key":  {fetch.Config{URL: "https://host/?API-Key=" + canary}, "{key}"},
		"key in its path": {fetch.Config{URL: "https://host/" + canary, Key: canary}, "{key}"},
		"fragment":        {fetch.Config{URL: "https://host/#" + canary}, "#"},
		"no key":          {fetch.Config{URL: "https://host/{key}"}, "a key"},
		"http with key":   {fetch.Config{URL: "http://example.com/{key}", Key: canary}, "https"},
		"http, public":    {fetch.Config{URL: "http://8.8.8.8/", User: "u", Password: canary}, "https"},
		"metadata":        {fetch.Config{URL: "http://169.254.169.254/latest"}, "no server may be"},
		"metadata, v6":    {fetch.Config{URL: "http://[fd00:ec2::254]/latest"}, "no server may be"},
		"mapped":          {fetch.Config{URL: "http://[::ffff:169.254.169.254]/"}, "no server may be"},
		"link-local":      {fetch.Config{URL: "http://[fe80::1]/"}, "no server may be"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fetch.Open(test.cfg)
			require.ErrorIs(t, err, fetch.ErrConfig)
			require.ErrorContains(t, err, test.want)
			require.NotContains(t, err.Error(), canary[:8])
			require.NotContains(t, err.Error(), "host/")
		})
	}
	for _, cfg := range []fetch.Config{
		{URL: "https://host/?network=ethereum&keyboard=1&module=stats"},
		{URL: "https://host/?apikey={key}", Key: canary},
		{URL: "http://127.0.0.1:8545/{key}", Key: canary},
		{URL: "http://localhost:8332/", User: "u", Password: canary},
		{URL: "http://geth:8545/", User: "u", Password: canary},
		{URL: "http://10.1.2.3/", Password: canary},
		{URL: "http://node.example.com/"},
	} {
		c, err := fetch.Open(cfg)
		require.NoError(t, err)
		require.NoError(t, c.Close())
	}
}

// A name that leads to where no server may be is found out when it is dialled.
func TestDialRefuses(t *testing.T) {
	for address, open := range map[string][2]bool{ // without a secret, with one
		"127.0.0.1:1": {true, true}, "[::1]:1": {true, true}, "10.0.0.1:1": {true, true}, "[fd12::1]:1": {true, true}, "[::ffff:192.168.0.1]:1": {true, true},
		"1.1.1.1:443": {true, false}, "[2606:4700::1111]:443": {true, false},
		"169.254.169.254:80": {}, "[::ffff:169.254.169.254]:80": {}, "[fe80::1%eth0]:80": {}, "[fd00:ec2::254]:80": {}, "100.100.100.200:80": {}, "224.0.0.1:80": {}, "name:80": {},
	} {
		require.Equal(t, open[0], fetch.CheckDial(address, false) == nil, address)
		require.Equal(t, open[1], fetch.CheckDial(address, true) == nil, address)
	}
}

func TestRedirects(t *testing.T) {
	const canary = "Canary0123456789secret"
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed") }))
	defer elsewhere.Close()
	for to, want := range map[string]string{
		elsewhere.URL + "/?k=" + canary: "another host",
		"/login?k=" + canary:            "another path",
		"":                              "nowhere",
		"http://[" + canary:             "nowhere",
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			c := open(t, func(w http.ResponseWriter, r *http.Request) {
				require.Equal(t, "/", r.URL.Path)
				w.Header()["Location"] = []string{to}
				w.WriteHeader(status)
			}, func(cfg *fetch.Config) { cfg.Patience = time.Millisecond })
			_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
			require.EqualError(t, err, "ours: it: it redirects to "+want+", which is not followed: write the address of the server itself")
			require.NotContains(t, err.Error(), canary)
		}
	}
}
