package fetch_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// FuzzPack opens files that may be packs: nothing panics, what is found is found
// again, and what is kept after that stays.
func FuzzPack(f *testing.F) {
	dir := f.TempDir()
	a, closed := archive(f, dir)
	for i := range 3 {
		require.NoError(f, a.Put(question(i), answerTo(i+1)))
	}
	require.NoError(f, a.Put(question(7), answerTo(1)))
	require.NoError(f, a.MarkSplit(question(9)))
	closed()
	whole, err := os.ReadFile(packsIn(f, dir)[0])
	require.NoError(f, err)
	f.Add(whole)
	f.Add(whole[:100])
	f.Add(whole[:len(whole)-1])
	f.Add(append(whole[:150:150], whole[32:]...))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 20 || string(b[:20]) != string(whole[:20]) {
			b = append(whole[:32:32], b...)
		}
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "answers-000001.pack"), b, 0o644))
		r, err := fetch.ReadArchive(dir)
		require.NoError(t, err)
		_, err = r.Verify(t.Context())
		require.NoError(t, err)
		c, err := fetch.Open(fetch.Config{Name: "ours", URL: "https://host", Dir: dir})
		require.NoError(t, err)
		found := map[fetch.Question]string{}
		for record, err := range c.Archive().Records() {
			if err != nil || record.Split {
				continue
			}
			answer, known, err := c.Archive().Get(record.Question)
			require.NoError(t, err)
			if known {
				found[record.Question] = string(answer)
			}
		}
		require.NoError(t, c.Archive().Put(question(50), answerTo(50)))
		require.NoError(t, c.Close())
		c, err = fetch.Open(fetch.Config{Name: "ours", URL: "https://host", Dir: dir})
		require.NoError(t, err)
		if _, ok := found[question(50)]; !ok {
			requireAnswer(t, c.Archive(), question(50), answerTo(50))
		}
		for q, answer := range found {
			requireAnswer(t, c.Archive(), q, []byte(answer))
		}
		require.NoError(t, c.Close())
	})
}

// FuzzRedact takes secrets out of anything.
func FuzzRedact(f *testing.F) {
	c, err := fetch.Open(fetch.Config{Name: "ours", URL: "https://host/{key}", Key: canaryKey, User: canaryUser, Password: canaryPassword})
	require.NoError(f, err)
	f.Add("a " + canaryKey + " b")
	f.Add(canaryKey[:9] + canaryKey)
	f.Fuzz(func(t *testing.T, s string) {
		once := c.Redact(s)
		requireNoCanary(t, once)
		require.Equal(t, once, c.Redact(once))
	})
}
