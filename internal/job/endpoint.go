package job

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/config"
)

// endpoint finds the server that a source's arguments name, with its secrets. A
// server that needs none may be named by its URL.
func endpoint(cfg config.Config, source, args string) (chain.Endpoint, error) {
	name, _, _ := strings.Cut(args, ",")
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		return byURL(name)
	}
	e, ok := cfg.Endpoints[name]
	switch known := strings.Join(slices.Sorted(maps.Keys(cfg.Endpoints)), ", "); {
	case ok:
	case strings.ContainsAny(name, ":/."):
		return chain.Endpoint{}, fmt.Errorf("sources.%s: %s is neither an endpoint nor a URL, which begins with http:// or https://", source, name)
	case known == "":
		return chain.Endpoint{}, fmt.Errorf("sources.%s: there is no endpoint %s: write endpoints.%s.url in the case file", source, name, name)
	default:
		return chain.Endpoint{}, fmt.Errorf("sources.%s: there is no endpoint %s; the case has %s", source, name, known)
	}
	out := chain.Endpoint{
		Name: name, URL: e.URL, KeyHeader: e.KeyHeader, User: e.User,
		Rate: e.Rate, Daily: int64(e.Daily), Timeout: e.Timeout, Patience: e.Patience,
	}
	var err error
	if out.Key, err = secret(e.Key); err != nil {
		return chain.Endpoint{}, fmt.Errorf("endpoints.%s.key: %w", name, err)
	}
	if out.Password, err = secret(e.Password); err != nil {
		return chain.Endpoint{}, fmt.Errorf("endpoints.%s.password: %w", name, err)
	}
	return out, nil
}

// byURL makes an endpoint of a URL that holds no secret. It is called by the
// name of the host.
func byURL(text string) (chain.Endpoint, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" {
		// The text is not repeated: it may hold a secret.
		return chain.Endpoint{}, errors.New("a source's URL is a plain http://host:port/path; with a key or a password it needs an entry in endpoints")
	}
	name := strings.ToLower(strings.NewReplacer(":", "-", "[", "", "]", "").Replace(u.Host))
	return chain.Endpoint{Name: name, URL: text}, nil
}

// secret fetches what a reference names: env:NAME or file:PATH. The empty
// reference is no secret.
func secret(reference string) (chain.Secret, error) {
	if reference == "" {
		return chain.Secret{}, nil
	}
	kind, name, _ := strings.Cut(reference, ":")
	text, ok := os.LookupEnv(name)
	if kind == "file" {
		data, err := os.ReadFile(name)
		if err != nil {
			return chain.Secret{}, err
		}
		text, ok = string(data), true
	}
	if !ok {
		return chain.Secret{}, fmt.Errorf("the environment variable %s is not set", name)
	}
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text, "\r\n\x00") {
		return chain.Secret{}, fmt.Errorf("%s does not hold a secret of one line", reference)
	}
	return chain.NewSecret(text), nil
}

// serverWorkers is how many questions are asked at once where a server is asked,
// which takes waiting and not computing.
const serverWorkers = 16

// workersFor is how many parts of an answer of a source are asked at once.
func workersFor(cfg config.Config, t *trail, workers int) int {
	if cfg.Workers == 0 && t.server {
		return max(workers, serverWorkers)
	}
	return workers
}
