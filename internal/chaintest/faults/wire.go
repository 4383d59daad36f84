package faults

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// stall is how long a slow server is slow.
const stall = 300 * time.Millisecond

// most is how much an endless body sends before it gives up: nobody reads so
// far who bounds what is read.
const most = 10 << 30

// wireKinds are connections that fail, and bodies that do not end.
func wireKinds() []Kind {
	kinds := []Kind{
		{
			Name: "reset-before", Doc: "The connection is reset before anything comes.", Ref: "reliability 6 B", early: true,
			apply: func(x *exchange) bool {
				x.wire = func(w http.ResponseWriter) { reset(w, nil) }
				return true
			},
		},
		{
			Name: "reset-midway", Doc: "The connection is reset in the middle of the body.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(x.body)+1)
				x.wire = func(w http.ResponseWriter) { reset(w, append([]byte(head), x.body[:len(x.body)/2]...)) }
				return true
			},
		},
		{
			Name: "hang-up", Doc: "The server thinks for a while and closes the connection.", Ref: "hyperindex #212", early: true,
			apply: func(x *exchange) bool {
				x.wire = func(w http.ResponseWriter) {
					time.Sleep(stall)
					reset(w, nil)
				}
				return true
			},
		},
		{
			Name: "slow-loris", Doc: "The body comes a byte at a time and never ends.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				body := x.body
				x.wire = func(w http.ResponseWriter) {
					w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
					const bytes = 15
					for i := range min(bytes, len(body)) {
						if _, err := w.Write(body[i : i+1]); err != nil {
							return
						}
						if f, ok := w.(http.Flusher); ok {
							f.Flush()
						}
						time.Sleep(stall / bytes)
					}
					panic(http.ErrAbortHandler)
				}
				return true
			},
		},
		{
			Name: "slow", Doc: "The answer is right and late.", Ref: "hyperindex #212", Nature: Harmless,
			apply: func(x *exchange) bool {
				body, status, header := x.body, x.status, x.header
				x.wire = func(w http.ResponseWriter) {
					time.Sleep(stall)
					send(w, status, header, body)
				}
				return true
			},
		},
		{
			Name: "huge-body", Doc: "A string of 10 GB.", Ref: "ethers #5168", Nature: Telling, early: true,
			apply: func(x *exchange) bool {
				x.wire = func(w http.ResponseWriter) {
					w.Header().Set("Content-Type", "application/json")
					endless(w, []byte(`{"jsonrpc":"2.0","id":1,"status":"1","result":"`), bytes.Repeat([]byte("a"), 1<<20))
				}
				return true
			},
		},
		{
			Name: "huge-length", Doc: "The header promises 10 GB, and some of it comes.", Ref: "reliability 6 B", Nature: Telling, early: true,
			apply: func(x *exchange) bool {
				x.wire = func(w http.ResponseWriter) {
					w.Header().Set("Content-Length", strconv.Itoa(most))
					if _, err := w.Write([]byte(`[` + strings.Repeat(" ", 1<<16))); err == nil {
						panic(http.ErrAbortHandler)
					}
				}
				return true
			},
		},
		{
			Name: "gzip-bomb", Doc: "A small compressed body that inflates a thousandfold, without end.", Ref: "reliability 6 B", Nature: Telling, early: true,
			apply: func(x *exchange) bool {
				x.wire = func(w http.ResponseWriter) {
					w.Header().Set("Content-Encoding", "gzip")
					endless(w, squeeze([]byte(`{"jsonrpc":"2.0","id":1,"status":"1","result":"`)), squeeze(bytes.Repeat([]byte("a"), 8<<20)))
				}
				return true
			},
		},
		{
			Name: "gzip-broken", Doc: "The body claims to be compressed and is not.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				x.header.Set("Content-Encoding", "gzip")
				return true
			},
		},
	}
	for i := range kinds {
		kinds[i].Speaks = anyProtocol
		if kinds[i].Name != "slow" && kinds[i].Nature == Harmless {
			kinds[i].Nature = Passing
		}
	}
	return kinds
}

// reset writes some bytes and cuts the connection off hard.
func reset(w http.ResponseWriter, before []byte) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	if len(before) > 0 {
		_, _ = conn.Write(before)
		time.Sleep(10 * time.Millisecond) // a reset overtakes what was not read
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

// endless writes a beginning and then the same bytes until the client hangs up.
func endless(w http.ResponseWriter, begin, more []byte) {
	if _, err := w.Write(begin); err != nil {
		return
	}
	for range most / (1 << 20) {
		if _, err := w.Write(more); err != nil {
			return
		}
	}
	panic(http.ErrAbortHandler)
}

func squeeze(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b) // memory does not fail
	_ = z.Close()
	return out.Bytes()
}

// send writes a reply as it is.
func send(w http.ResponseWriter, status int, header http.Header, body []byte) {
	for name, values := range header {
		if name == "Content-Length" || name == "Connection" || name == "Transfer-Encoding" {
			continue
		}
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
