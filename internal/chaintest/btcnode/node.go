package btcnode

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// The name and password of every node.
const (
	User     = "canary-user"
	Password = "canary-Pa55 word"
)

// Options are how a node is started.
type Options struct {
	// NoTxIndex and NoAddrIndex leave out an index; without the first there is
	// none of addresses either.
	NoTxIndex, NoAddrIndex bool
	// MaxClients is how many connections are served at once; above it btcd
	// answers 503. 0 is more than any test needs.
	MaxClients int
}

// Node is a running btcd.
type Node struct {
	// URL is where it answers, without user and password.
	URL  string
	tb   testing.TB
	pid  int
	stop func()
}

// Start runs a node with the blocks of a story and stops it with the test. It
// skips the test where btcd cannot be built. If the test dies, the node ends
// too: it hangs on a pipe.
func Start(tb testing.TB, s *Story, o Options) *Node {
	tb.Helper()
	path, err := binary()
	if err != nil {
		tb.Skip("no btcd: ", err)
	}
	var n *Node
	for range 3 { // the free port may be taken by another before btcd has it
		if n, err = start(tb, path, o); err == nil {
			break
		}
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(n.stop)
	if s != nil {
		n.Submit(s.Blocks[1:]...)
	}
	return n
}

func start(tb testing.TB, path string, o Options) (*Node, error) {
	dir, err := os.MkdirTemp("", "btcd")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args := []string{
		"--regtest", "--notls", "--nolisten", "--nodnsseed", "--nobanning", "--norelaypriority",
		"--configfile=" + filepath.Join(dir, "none.conf"), "--datadir=" + filepath.Join(dir, "data"), "--logdir=" + filepath.Join(dir, "logs"),
		"--rpcuser=" + User, "--rpcpass=" + Password, "--rpclisten=127.0.0.1:" + strconv.Itoa(port),
		"--rpcmaxconcurrentreqs=64", "--maxpeers=1",
	}
	clients := o.MaxClients
	if clients == 0 {
		clients = 500
	}
	args = append(args, "--rpcmaxclients="+strconv.Itoa(clients))
	if !o.NoTxIndex {
		args = append(args, "--txindex")
		if !o.NoAddrIndex {
			args = append(args, "--addrindex")
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "none.conf"), nil, 0o644); err != nil {
		return nil, err
	}
	// The shell kills btcd at the end of its input, which comes when this process
	// closes it or dies, and ends when btcd does.
	const script = `exec 3<&0; "$@" >"$OUT" 2>&1 3<&- & p=$!; echo $p
{ read none <&3; kill -CONT $p; kill $p; } >/dev/null 2>&1 & wait $p`
	cmd := exec.Command("sh", append([]string{"-c", script, "sh", path}, args...)...)
	cmd.Env = append(os.Environ(), "OUT="+filepath.Join(dir, "out"))
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		return nil, err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, lines)
	}()
	var once sync.Once
	n := &Node{tb: tb, URL: "http://127.0.0.1:" + strconv.Itoa(port), pid: pid}
	n.stop = func() {
		once.Do(func() {
			in.Close()
			<-ended
			_ = cmd.Wait()
			os.RemoveAll(dir)
		})
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err = n.call("getblockcount"); err == nil {
			return n, nil
		}
		dead := time.Now().After(deadline)
		select {
		case <-ended:
			dead = true
		default:
		}
		if dead {
			text, _ := os.ReadFile(filepath.Join(dir, "out"))
			n.stop()
			return nil, fmt.Errorf("btcd does not answer: %w\n%s", err, text)
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Stop ends the node before the test ends.
func (n *Node) Stop() { n.stop() }

// Pause makes the node silent: it accepts connections and answers nothing.
func (n *Node) Pause() { n.signal(syscall.SIGSTOP) }

// Resume ends a pause.
func (n *Node) Resume() { n.signal(syscall.SIGCONT) }

func (n *Node) signal(s syscall.Signal) {
	if err := syscall.Kill(n.pid, s); err != nil {
		n.tb.Fatal(err)
	}
}

// Endpoint is the node as a case names it.
func (n *Node) Endpoint() chain.Endpoint {
	return chain.Endpoint{Name: "mynode", URL: n.URL, User: User, Password: chain.NewSecret(Password)}
}

// Chain is the chain of every story.
func Chain() chain.Chain {
	c, err := chain.Lookup("bitcoin-regtest")
	if err != nil {
		panic(err)
	}
	return c
}
