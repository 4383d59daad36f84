package fetch_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

const (
	canaryKey      = "Canary/Key+0123 456789&äöü=?"
	canaryPassword = "canary:Password\"0123456789"
	canaryUser     = "somebody"
)

// canaryForms are all forms in which the canaries must not be found anywhere.
func canaryForms() []string {
	basic := canaryUser + ":" + canaryPassword
	var all []string
	for _, s := range []string{canaryKey, canaryPassword} {
		all = append(all, s, url.PathEscape(s), url.QueryEscape(s), strings.ToLower(s), strings.ToLower(url.QueryEscape(s)), strings.ReplaceAll(s, `"`, `\"`), s[:len(s)-3], s[:8])
	}
	for _, s := range []string{canaryKey, canaryPassword, basic} {
		all = append(all, base64.StdEncoding.EncodeToString([]byte(s)), base64.URLEncoding.EncodeToString([]byte(s)), base64.RawStdEncoding.EncodeToString([]byte(s)))
	}
	return all
}

func requireNoCanary(t *testing.T, text string) {
	t.Helper()
	for _, form := range canaryForms() {
		require.NotContains(t, strings.ToLower(text), strings.ToLower(form[:8]), form)
	}
}

func TestRedact(t *testing.T) {
	c, err := fetch.Open(fetch.Config{Name: "ours", URL: "https://host/v3/{key}", Key: canaryKey, User: canaryUser, Password: canaryPassword})
	require.NoError(t, err)
	defer c.Close()
	for _, form := range canaryForms() {
		require.Equal(t, "a *** b", c.Redact("a "+form+" b"), form)
		require.Equal(t, "***x***", c.Redact(form+"x"+form))
	}
	nested := &url.Error{Op: "Get", URL: "https://host/v3/" + url.PathEscape(canaryKey) + "?k=" + url.QueryEscape(canaryKey), Err: fmt.Errorf("proxy: %w", &url.Error{Op: "Connect", URL: "https://x:" + canaryPassword + "@y", Err: errors.New("no")})}
	requireNoCanary(t, c.Redact(nested.Error()))
	require.Equal(t, "nothing here", c.Redact("nothing here"))
	require.Equal(t, "Canary/", c.Redact("Canary/"))

	short, err := fetch.Open(fetch.Config{URL: "http://localhost", User: "u", Password: "p"})
	require.NoError(t, err)
	defer short.Close()
	require.Equal(t, "pick *** up: (***) ***!", short.Redact("pick p up: (p) dTpw!"))
}

// failing is a network that fails with an error that tells everything.
type failing struct{ err func(*http.Request) error }

func (f failing) RoundTrip(r *http.Request) (*http.Response, error) { return nil, f.err(r) }

// Whatever goes wrong, no error shows a secret, and none shows an address.
func TestNoErrorShowsASecret(t *testing.T) {
	echo := func(r *http.Request) string {
		return strings.Join(append(canaryForms(), r.URL.String(), fmt.Sprint(r.Header), r.RequestURI), " ")
	}
	places := map[string]func(*fetch.Config){
		"path":   func(cfg *fetch.Config) { cfg.URL += "/v3/{key}" },
		"query":  func(cfg *fetch.Config) { cfg.KeyQuery = "apikey" },
		"header": func(cfg *fetch.Config) { cfg.KeyHeader = "X-Key" },
	}
	for place, change := range places {
		for _, status := range []int{400, 401, 402, 403, 410, 413, 418, 422, 429, 500, 501, 503} {
			t.Run(fmt.Sprint(place, status), func(t *testing.T) {
				c := open(t, func(w http.ResponseWriter, r *http.Request) {
					require.Contains(t, fmt.Sprint(r.URL, r.Header), "anary")
					w.WriteHeader(status)
					w.Write([]byte(echo(r)))
				}, func(cfg *fetch.Config) {
					cfg.Key, cfg.User, cfg.Password, cfg.Patience = canaryKey, canaryUser, canaryPassword, time.Millisecond
					change(cfg)
				})
				_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
				var e *fetch.Error
				require.ErrorAs(t, err, &e)
				requireNoCanary(t, fmt.Sprintf("%v %+v %#v", err, err, e))
				require.NotContains(t, err.Error(), "127.0.0.1")
			})
		}
		for name, cause := range map[string]func(*http.Request) error{
			"text": func(r *http.Request) error { return errors.New(echo(r)) },
			"nested": func(r *http.Request) error {
				return &url.Error{Op: "Get", URL: r.URL.String(), Err: &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New(echo(r))}}
			},
		} {
			t.Run(place+name, func(t *testing.T) {
				c := open(t, nil, func(cfg *fetch.Config) {
					cfg.Key, cfg.User, cfg.Password, cfg.Patience = canaryKey, canaryUser, canaryPassword, time.Millisecond
					cfg.Transport = failing{cause}
					change(cfg)
				})
				_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
				require.Error(t, err)
				requireNoCanary(t, fmt.Sprintf("%v %+v %#v", err, err, err))
			})
		}
	}
}

// An answer that echoes the key, say in the address of its next page, does not
// bring it into the archive.
func TestNoSecretInTheArchive(t *testing.T) {
	dir := t.TempDir()
	c := open(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(`{"next":"` + r.URL.String() + `","key":"` + canaryKey + `"}`))
	}, func(cfg *fetch.Config) { cfg.Key, cfg.KeyQuery, cfg.Dir = canaryKey, "apikey", dir })
	reply, err := c.Ask(t.Context(), fetch.Call{Name: "it", Query: url.Values{"q": {"1"}}, Pin: "p", Judge: byStatus})
	require.NoError(t, err)
	require.JSONEq(t, `{"next":"/?q=1&apikey=***","key":"***"}`, string(reply.Body))
	for r, err := range c.Archive().Records() {
		require.NoError(t, err)
		requireNoCanary(t, fmt.Sprint(r))
	}
	require.NoError(t, c.Close())
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	decoder, err := zstd.NewReader(nil)
	require.NoError(t, err)
	defer decoder.Close()
	for _, name := range names {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		requireNoCanary(t, string(b))
		for at := 0; ; at++ {
			i := bytes.Index(b[at:], []byte{0x28, 0xb5, 0x2f, 0xfd})
			if i < 0 {
				break
			}
			at += i
			text, _ := decoder.DecodeAll(b[at:], nil)
			requireNoCanary(t, string(text))
		}
	}
}
