package rpc

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
)

// Examine looks whether the node answers, is of the right chain and up to date.
// It is not ok if there is no use in asking further.
func (s *Server) Examine(ctx context.Context) (found []live.Finding, ok bool) {
	head, err := s.Head(ctx)
	if err != nil {
		return []live.Finding{{What: "chain", Text: err.Error(), Advice: "look at url, user and password of the endpoint, and whether the node runs"}}, false
	}
	found = append(found, live.Finding{What: "chain", OK: true, Text: s.chain.Name},
		live.Finding{What: "newest final block", OK: true, Text: fmt.Sprintf("%d, of second %d (UTC), %s", head.Height, head.Time, head.Hash.Text(chain.UTXO))})
	var info struct {
		Blocks  int64 `json:"blocks"`
		Headers int64 `json:"headers"`
		Loading bool  `json:"initialblockdownload"`
		Pruned  bool  `json:"pruned"`
		From    int64 `json:"pruneheight"`
	}
	f := live.Finding{What: "state", OK: true}
	err = s.Ask(ctx, Query{Method: "getblockchaininfo", Read: func(v jsontext.Value) error { return json.Unmarshal(v, &info) }})
	switch {
	case err != nil:
		f.OK, f.Text, f.Advice = false, err.Error(), "the node does not say whether it is up to date"
	case info.Loading || info.Headers > info.Blocks+Depth:
		f.OK, f.Text = false, fmt.Sprintf("it has %d of %d blocks", info.Blocks, info.Headers)
		f.Advice = "wait until the node has all blocks"
	case info.Pruned:
		f.Text = fmt.Sprintf("blocks before %d are gone", info.From)
		f.Advice = "questions about older blocks will be gaps: a node with prune=0 has all of them"
	default:
		f.Text = fmt.Sprintf("all %d blocks are there", info.Blocks)
	}
	return append(found, f), true
}
