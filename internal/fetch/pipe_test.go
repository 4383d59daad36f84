package fetch_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// pipe is a network in memory: a real server on it works in a bubble of
// synctest, where waiting takes no time.
type pipe struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipe() *pipe { return &pipe{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipe) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipe) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

func (p *pipe) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.done:
	case <-ctx.Done():
	}
	client.Close()
	server.Close()
	return nil, net.ErrClosed
}

// openInBubble is open for a test in a bubble.
func openInBubble(t *testing.T, h http.HandlerFunc, change func(*fetch.Config)) *fetch.Client {
	t.Helper()
	p := newPipe()
	server := &http.Server{Handler: h}
	go server.Serve(p)
	transport := &http.Transport{DialContext: p.dial, DisableCompression: true}
	cfg := fetch.Config{Name: "ours", URL: "http://pipe", Transport: transport}
	if change != nil {
		change(&cfg)
	}
	c, err := fetch.Open(cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		transport.CloseIdleConnections()
		server.Close()
		time.Sleep(time.Minute) // for handlers that sleep; in a bubble that is nothing
	})
	return c
}
