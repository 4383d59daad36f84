package etherscan_test

import (
	"archive/tar"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/evm/etherscan"
	"github.com/scamtrace/scamtrace/internal/chain/live"
)

// recorded are answers of the real server, by file name. Their envelope was
// taken off.
func recorded(t *testing.T) map[string]struct {
	Kwargs map[string]any
	Res    json.RawMessage
} {
	t.Helper()
	root := cmp.Or(os.Getenv("SCAMTRACE_DATA"), filepath.Join("..", "..", "..", "..", "..", "shared", "data"))
	f, err := os.Open(filepath.Join(root, "api_fixtures", "etherscan_responses.tar.gz"))
	if err != nil {
		t.Skip("the recorded answers are not here")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	out := map[string]struct {
		Kwargs map[string]any
		Res    json.RawMessage
	}{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		if !strings.HasSuffix(h.Name, ".json") {
			continue
		}
		data, err := io.ReadAll(r)
		require.NoError(t, err)
		var answer struct {
			Kwargs map[string]any
			Res    json.RawMessage
		}
		require.NoError(t, json.Unmarshal(data, &answer), h.Name)
		out[strings.TrimPrefix(h.Name, "./")] = answer
	}
}

// replay serves recorded rows as one list, by block and page.
func replay(t *testing.T, action string, result json.RawMessage) chain.Options {
	var rows []map[string]any
	list := json.Unmarshal(result, &rows) == nil
	return scripted(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("action") != action {
			fmt.Fprint(w, `{"status":"0","message":"No transactions found","result":[]}`)
			return
		}
		if !list {
			fmt.Fprintf(w, `{"status":"1","message":"OK","result":%s}`, result)
			return
		}
		at := func(name string) int { n, _ := strconv.Atoi(q.Get(name)); return n }
		var page []map[string]any
		for _, row := range rows {
			height, err := strconv.Atoi(fmt.Sprint(row["blockNumber"]))
			if err != nil || height >= at("startblock") && height <= at("endblock") {
				page = append(page, row)
			}
		}
		begin := min((at("page")-1)*at("offset"), len(page))
		_ = json.NewEncoder(w).Encode(map[string]any{"status": "1", "message": "OK", "result": page[begin:min(begin+at("offset"), len(page))]})
	})
}

// Every list of an address that was recorded is read whole.
func TestRecordedLists(t *testing.T) {
	t.Parallel()
	files := recorded(t)
	for _, tt := range []struct {
		file, action string
		kind         chain.Kind
		transfers    int
	}{
		{"standard/get_normal_txs_by_address.json", "txlist", chain.NativeKind, 0},
		{"standard/get_normal_txs_by_address_paginated.json", "txlist", chain.NativeKind, 0},
		{"standard/get_internal_txs_by_address.json", "txlistinternal", chain.Internal, 43},
		{"standard/get_internal_txs_by_address_paginated.json", "txlistinternal", chain.Internal, 5},
		{"standard/get_erc20_token_transfer_events_by_address.json", "tokentx", chain.Token, 1209},
		{"standard/get_erc20_token_transfer_events_by_address_and_contract_paginated.json", "tokentx", chain.Token, 35},
		{"standard/get_erc721_token_transfer_events_by_address.json", "tokentx", chain.Token, 0},
	} {
		t.Run(filepath.Base(tt.file), func(t *testing.T) {
			answer, ok := files[tt.file]
			require.True(t, ok)
			address := chain.Address(strings.ToLower(answer.Kwargs["address"].(string)))
			q := question([]chain.Address{address}, tt.kind)
			q.Span.To = math.MaxInt32
			var rows []map[string]any
			require.NoError(t, json.Unmarshal(answer.Res, &rows))
			got := mustAsk(t, open(t, replay(t, tt.action, answer.Res)), q)
			require.Empty(t, got.gaps)
			want := tt.transfers
			if tt.action == "txlist" {
				for _, r := range rows {
					if r["isError"] == "0" && r["value"] != "0" && r["from"] != "GENESIS" {
						want++
					}
				}
				require.NotZero(t, want)
			}
			require.Len(t, lines(got.transfers, nil), want)
		})
	}
}

// Whatever else was recorded is refused when it is given for a list: nothing is
// told, and the reason is.
func TestRecordedOthers(t *testing.T) {
	t.Parallel()
	for name, answer := range recorded(t) {
		if strings.Contains(name, "_txs_by_address") || strings.Contains(name, "_events_by_address") {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			q := question([]chain.Address{chain.NullAddress}, chain.NativeKind)
			q.Span.To = math.MaxInt32
			got, err := ask(t, open(t, replay(t, "txlist", answer.Res)), q)
			require.Empty(t, got.transfers)
			require.NoError(t, err)
			if string(answer.Res) != "[]" {
				require.NotEmpty(t, got.gaps)
			}
		})
	}
}

// A real block has the hash of its header, and one that was changed has not.
func TestRecordedBlock(t *testing.T) {
	t.Parallel()
	block := recorded(t)["standard/get_proxy_block_by_number.json"].Res
	require.NotEmpty(t, block)
	serve := func(block string) (chain.Block, error) {
		o := scripted(t, func(http.ResponseWriter, *http.Request) {})
		o.Endpoint.URL = blocks(t, block)
		client, err := live.Client("etherscan", ethereum(t), o, live.Defaults{KeyQuery: "apikey"})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, client.Close()) })
		s, err := etherscan.New(ethereum(t), o, client)
		require.NoError(t, err)
		return s.Head(t.Context())
	}
	b, err := serve(string(block))
	require.NoError(t, err)
	require.EqualValues(t, 0x10d4f, b.Height)
	require.Equal(t, "0x7eb7c23a5ac2f2d70aa1ba4e5c56d89de5ac993590e5f6e79c394e290d998ba8", b.Hash.Text(chain.Account))
	_, err = serve(strings.Replace(string(block), `"timestamp": "0x55c9ea07"`, `"timestamp": "0x55c9ea08"`, 1))
	require.Error(t, err)
}
