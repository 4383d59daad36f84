package fetch

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// guard is the http.RoundTripper that follows nobody elsewhere.
type guard struct{ next http.RoundTripper }

func (t guard) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	switch res.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		res.Body.Close()
		return nil, &networkError{class: Broken, reason: "it redirects to " + whither(req.URL, res) + ", which is not followed: write the address of the server itself"}
	}
	return res, nil
}

// whither names where a reply redirects to without saying where that is: an
// address may hold a secret.
func whither(from *url.URL, res *http.Response) string {
	to, err := res.Location()
	switch {
	case err != nil:
		return "nowhere"
	case !strings.EqualFold(to.Host, from.Host):
		return "another host"
	case to.Scheme != from.Scheme:
		return to.Scheme
	default:
		return "another path"
	}
}

// address makes the URL of a server out of its configuration. Its errors never
// show the URL.
func address(cfg *Config) (*url.URL, error) {
	if strings.Contains(cfg.URL, "{key}") && cfg.Key == "" {
		return nil, fmt.Errorf("%w: its url has a place for a key: give it one", ErrConfig)
	}
	path, query, _ := strings.Cut(cfg.URL, "?")
	if cfg.Key != "" && strings.Contains(cfg.URL, cfg.Key) && len(cfg.Key) >= prefixLen {
		return nil, fmt.Errorf("%w: its key stands in its url: write {key} there", ErrConfig)
	}
	if err := checkQuery(query); err != nil {
		return nil, err
	}
	text := strings.ReplaceAll(path, "{key}", url.PathEscape(cfg.Key))
	if query != "" {
		text += "?" + strings.ReplaceAll(query, "{key}", url.QueryEscape(cfg.Key))
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: its url cannot be read", ErrConfig) // the cause would show it
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, fmt.Errorf("%w: its url must begin with https:// and a host name", ErrConfig)
	case u.User != nil:
		return nil, fmt.Errorf("%w: its url holds a user name: write user and password beside the url", ErrConfig)
	case u.Fragment != "":
		return nil, fmt.Errorf("%w: its url has a # in it", ErrConfig)
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && forbidden(ip) {
		return nil, fmt.Errorf("%w: its url leads to an address where no server may be", ErrConfig)
	}
	if u.Scheme == "http" && (cfg.Key != "" || cfg.Password != "") && !maybeNear(u.Hostname()) {
		return nil, fmt.Errorf("%w: its url is http, where anybody on the way can read the key: use https", ErrConfig)
	}
	return u, nil
}

// checkQuery refuses a key that stands in the query of a URL.
func checkQuery(query string) error {
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if value == "" || strings.Contains(value, "{key}") {
			continue
		}
		switch name = strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "").Replace(name)); {
		case name == "key", name == "pass", name == "auth", name == "jwt",
			strings.HasSuffix(name, "apikey"), strings.HasSuffix(name, "dkey"), strings.HasSuffix(name, "accesskey"),
			strings.Contains(name, "token"), strings.Contains(name, "secret"), strings.Contains(name, "password"), strings.Contains(name, "authorization"):
			return fmt.Errorf("%w: its url holds a key: write {key} there and the key beside the url", ErrConfig)
		}
	}
	return nil
}

// maybeNear reports whether a host may be of this machine or its own network,
// which is certain only when it is dialled.
func maybeNear(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return near(ip)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !strings.Contains(host, ".") {
		return true
	}
	for _, end := range []string{".localhost", ".local", ".internal", ".lan", ".home.arpa", ".localdomain"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

// near reports whether an address is of this machine or of a private network.
func near(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified()
}

// forbidden reports whether an address is one that no server of ours has:
// link-local ones and those where clouds tell their own secrets.
func forbidden(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	switch ip.String() {
	case "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254":
		return true
	}
	return ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// network is the real network. It looks at every address that it dials after the
// name was resolved, so that no name can lead it astray later.
func network(cfg *Config, u *url.URL) *http.Transport {
	secret := u.Scheme == "http" && (cfg.Key != "" || cfg.Password != "")
	dialer := &net.Dialer{
		Timeout: 15 * time.Second, KeepAlive: 30 * time.Second,
		Control: func(_, address string, _ syscall.RawConn) error { return checkDial(address, secret) },
	}
	t := &http.Transport{
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    15 * time.Second,
		DisableCompression:     true, // bound inflates
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    cfg.Parallel,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		Proxy:                  http.ProxyFromEnvironment,
	}
	if secret {
		t.Proxy = nil // a proxy could read it
	}
	return t
}

// checkDial refuses addresses. With a secret that travels in the open it allows
// near ones only.
func checkDial(address string, secret bool) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return &networkError{class: Refused, reason: "its address cannot be read"}
	}
	if forbidden(at.Addr()) {
		return &networkError{class: Refused, reason: "its name leads to an address where no server may be"}
	}
	if secret && !near(at.Addr()) {
		return &networkError{class: Refused, reason: "its url is http, where anybody on the way can read the key: use https"}
	}
	return nil
}
