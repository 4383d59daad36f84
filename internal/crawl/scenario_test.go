package crawl_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/crawl"
)

// Each file in testdata is one rule of the crawl in a few transfers: settings,
// the chain, the visits that must come of it, and who may be asked for.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			parts := map[string]string{}
			for _, f := range archive.Files {
				parts[f.Name] = string(f.Data)
			}
			for _, terse := range []bool{false, true} {
				s := read(t, parts["settings"], parts["transfers"])
				s.source.terse = terse
				o, err := s.run(context.Background())
				require.NoError(t, err)
				require.Equal(t, parts["visits"], s.text(t, o))
				require.Equal(t, strings.TrimSpace(parts["asked"]), s.asked(t, o))
			}
		})
	}
}

// Every rule is stated, and appears as a stop in some scenario.
func TestRulesAreListed(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range crawl.Rules() {
		require.False(t, seen[r.Name], "%s is listed twice", r.Name)
		seen[r.Name] = true
		require.NotEmpty(t, r.Ref, r.Name)
		require.True(t, strings.HasSuffix(r.Doc, ".") && strings.Count(r.Doc, ". ") == 0, "%s: the Doc is one sentence", r.Name)
	}
}

func TestUnknownRule(t *testing.T) {
	s := read(t, "rules exchange gossip", "")
	_, err := s.run(context.Background())
	require.ErrorContains(t, err, `unknown rule "gossip" in crawl.rules: use exchange, mixer`)
}
