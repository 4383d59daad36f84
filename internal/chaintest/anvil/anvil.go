package anvil

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Server is a running anvil.
type Server struct {
	url string
}

// Start runs anvil on a free port until the test ends, and skips the test where
// there is no anvil. It mines when it is told to.
func Start(t testing.TB, chainID uint64) *Server {
	t.Helper()
	program := Find()
	if program == "" {
		t.Skip("anvil is not installed; npm install --prefix .tools/npm @foundry-rs/anvil@1.7.1")
	}
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, program, "--host", "127.0.0.1", "--port", "0", "--chain-id", strconv.FormatUint(chainID, 10),
		"--no-mining", "--order", "fifo", "--accounts", "0", "--hardfork", "prague", "--gas-limit", "30000000", "--timestamp", "1600000000")
	command.WaitDelay = 5 * time.Second
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	command.Stderr = &complaints
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() {
		cancel()
		<-ended
		_ = command.Wait() // killed: that is its end
	})
	listening := make(chan string, 1)
	go func() {
		defer close(ended)
		defer close(listening)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if address, ok := strings.CutPrefix(lines.Text(), "Listening on "); ok {
				listening <- address
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case address, ok := <-listening:
		if !ok {
			t.Fatalf("anvil ended: %s", complaints.String())
		}
		return &Server{url: "http://" + address}
	case <-time.After(20 * time.Second):
		t.Fatal("anvil does not start")
	}
	return nil
}

// URL is where it answers.
func (s *Server) URL() string { return s.url }

// Call calls a method; the result is decoded into a pointer, nil to ignore it.
func (s *Server) Call(ctx context.Context, result any, method string, params ...any) error {
	if params == nil {
		params = []any{}
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Result json.RawMessage
		Error  *struct{ Message string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if answer.Error != nil {
		return fmt.Errorf("%s: %s", method, answer.Error.Message)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Result, result)
}
