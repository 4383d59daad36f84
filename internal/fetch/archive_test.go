package fetch_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// archive opens the archive in a folder. It is closed at the end of the test if
// it is not before.
func archive(t testing.TB, dir string) (*fetch.Archive, func()) {
	t.Helper()
	c, err := fetch.Open(fetch.Config{Name: "ours", URL: "https://host", Dir: dir})
	require.NoError(t, err)
	var once sync.Once
	closed := func() { once.Do(func() { require.NoError(t, c.Close()) }) }
	t.Cleanup(closed)
	return c.Archive(), closed
}

func question(i int) fetch.Question {
	return fetch.Question{Pin: "pin", Text: fmt.Sprintf("question %d", i)}
}

func answerTo(i int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "answer %d,", i), i%100)
}

func requireAnswer(t testing.TB, a *fetch.Archive, q fetch.Question, want []byte) {
	t.Helper()
	got, known, err := a.Get(q)
	require.NoError(t, err)
	require.True(t, known)
	require.True(t, bytes.Equal(want, got))
}

func packsIn(t testing.TB, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.pack"))
	require.NoError(t, err)
	return names
}

func TestArchiveKeeps(t *testing.T) {
	dir := t.TempDir()
	a, closed := archive(t, dir)
	_, known, err := a.Get(question(1))
	require.NoError(t, err)
	require.False(t, known)
	for range 2 {
		for i := range 300 {
			require.NoError(t, a.Put(question(i), answerTo(i)))
		}
		require.NoError(t, a.MarkSplit(question(1000)))
	}
	root, n, size := a.Root()
	for range 2 {
		for i := range 300 {
			requireAnswer(t, a, question(i), answerTo(i))
		}
		require.True(t, a.Split(question(1000)))
		require.False(t, a.Split(question(1)))
		_, known, err = a.Get(fetch.Question{Pin: "pinq", Text: question(1).Text[1:]})
		require.NoError(t, err)
		require.False(t, known)
		again, m, bytes := a.Root()
		require.Equal(t, root, again)
		require.Equal(t, n, m)
		require.Equal(t, size, bytes)
		damaged, err := a.Verify(t.Context())
		require.NoError(t, err)
		require.Empty(t, damaged)
		closed()
		a, closed = archive(t, dir)
	}
	i := 0
	for r, err := range a.Records() {
		require.NoError(t, err)
		if i < 300 {
			require.Equal(t, question(i), r.Question)
			require.False(t, r.Split)
			require.Equal(t, sha256.Sum256(answerTo(i)), r.Sum)
			require.EqualValues(t, len(answerTo(i)), r.Bytes)
			require.Less(t, time.Since(r.Time), time.Hour)
		} else {
			require.True(t, r.Split)
			require.Equal(t, question(1000), r.Question)
		}
		i++
	}
	require.Equal(t, 301, i)
	for range a.Records() {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = a.Verify(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// Root is of what was used since the archive was opened, in any order.
func TestRoot(t *testing.T) {
	dir := t.TempDir()
	a, closed := archive(t, dir)
	none, n, _ := a.Root()
	require.Zero(t, n)
	for i := range 10 {
		require.NoError(t, a.Put(question(i), answerTo(i)))
	}
	all, _, _ := a.Root()
	closed()
	a, _ = archive(t, dir)
	root, _, _ := a.Root()
	require.Equal(t, none, root)
	for i := range 10 {
		require.NotEqual(t, all, root)
		requireAnswer(t, a, question(9-i), answerTo(9-i))
		root, n, _ = a.Root()
		require.Equal(t, i+1, n)
	}
	require.Equal(t, all, root)
}

// The first answer to a question stays.
func TestFirstAnswerStays(t *testing.T) {
	dir := t.TempDir()
	a, closed := archive(t, dir)
	kept, err := a.Keep(question(1), []byte("first"))
	require.NoError(t, err)
	require.Equal(t, "first", string(kept))
	kept, err = a.Keep(question(1), []byte("second"))
	require.NoError(t, err)
	require.Equal(t, "first", string(kept))
	closed()
	a, _ = archive(t, dir)
	requireAnswer(t, a, question(1), []byte("first"))

	// Of many at once, one.
	var wg sync.WaitGroup
	all := make([]string, 16)
	for i := range all {
		wg.Go(func() {
			kept, err := a.Keep(question(2), answerTo(i+1))
			if err != nil {
				kept = []byte(err.Error())
			}
			all[i] = string(kept)
		})
	}
	wg.Wait()
	require.Len(t, slices.Compact(all), 1)
	requireAnswer(t, a, question(2), []byte(all[0]))
}

func TestEqualContentIsStoredOnce(t *testing.T) {
	dir := t.TempDir()
	a, closed := archive(t, dir)
	content := make([]byte, 1<<20)
	for i := range content {
		content[i] = byte(i * i >> 7 * (i >> 13))
	}
	for i := range 100 {
		require.NoError(t, a.Put(question(i), content))
	}
	closed()
	info, err := os.Stat(packsIn(t, dir)[0])
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(2<<20))
	a, _ = archive(t, dir)
	for i := range 100 {
		requireAnswer(t, a, question(i), content)
	}
}

func TestNoFolder(t *testing.T) {
	a, _ := archive(t, "")
	require.NoError(t, a.Put(question(1), answerTo(1)))
	_, known, err := a.Get(question(1))
	require.NoError(t, err)
	require.False(t, known)
	require.NoError(t, a.MarkSplit(question(2)))
	require.True(t, a.Split(question(2)))
	_, n, _ := a.Root()
	require.Equal(t, 1, n)
	damaged, err := a.Verify(t.Context())
	require.NoError(t, err)
	require.Empty(t, damaged)
	for range a.Records() {
		t.Error("a record")
	}
}

func TestBusy(t *testing.T) {
	dir := t.TempDir()
	_, closed := archive(t, dir)
	_, err := fetch.Open(fetch.Config{Name: "ours", URL: "https://host", Dir: dir})
	require.ErrorIs(t, err, fetch.ErrBusy)
	require.ErrorContains(t, err, dir)
	closed()
	_, closed = archive(t, dir)
	closed()
}

// A run that was killed while it wrote loses what it wrote last and nothing
// else, wherever it was.
func TestTornTail(t *testing.T) {
	dir := t.TempDir()
	a, closed := archive(t, dir)
	for i := range 20 {
		require.NoError(t, a.Put(question(i), answerTo(i)))
	}
	closed()
	name := filepath.Base(packsIn(t, dir)[0])
	whole, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	var ends []int64
	b, err := fetch.ReadArchive(dir)
	require.NoError(t, err)
	for r := range b.Records() {
		ends = append(ends, r.Offset)
	}
	ends = append(ends[1:], int64(len(whole)))
	for _, tail := range [][]byte{nil, make([]byte, 300), bytes.Repeat([]byte("ANS1"), 99), whole[32:100]} {
		for cut := 0; cut <= len(whole); cut += 1 + cut/10 {
			torn := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(torn, name), slices.Concat(whole[:cut], tail), 0o644))
			if cut < 32 && len(tail) > 0 {
				continue
			}
			for range 2 {
				a, closed := archive(t, torn)
				for i, end := range ends {
					if end <= int64(cut) {
						requireAnswer(t, a, question(i), answerTo(i))
					} else {
						_, known, err := a.Get(question(i))
						require.NoError(t, err)
						require.False(t, known)
					}
				}
				damaged, err := a.Verify(t.Context())
				require.NoError(t, err)
				require.Empty(t, damaged)
				require.NoError(t, a.Put(question(77), answerTo(77)))
				requireAnswer(t, a, question(77), answerTo(77))
				closed()
			}
		}
	}
}

// A byte that flipped anywhere is found, costs one answer, and that one heals.
func TestFlippedByte(t *testing.T) {
	dir := t.TempDir()
	a, closed := archive(t, dir)
	const n = 8
	for i := range n {
		require.NoError(t, a.Put(question(i), answerTo(i+20)))
	}
	closed()
	name := filepath.Base(packsIn(t, dir)[0])
	whole, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	step := 7
	if testing.Short() {
		step = 41
	}
	for at := 32; at < len(whole); at += step {
		flipped := t.TempDir()
		b := bytes.Clone(whole)
		b[at] ^= 0x10
		require.NoError(t, os.WriteFile(filepath.Join(flipped, name), b, 0o644))
		reader, err := fetch.ReadArchive(flipped)
		require.NoError(t, err)
		damaged, err := reader.Verify(t.Context())
		require.NoError(t, err)
		require.Len(t, damaged, 1, at)
		require.ErrorIs(t, damaged[0], fetch.ErrDamaged)
		require.ErrorContains(t, damaged[0], name)

		a, closed := archive(t, flipped)
		lost := 0
		for i := range n {
			got, known, err := a.Get(question(i))
			require.NoError(t, err)
			if !known {
				lost++
				require.NoError(t, a.Put(question(i), answerTo(i+20)))
				got, _, err = a.Get(question(i))
				require.NoError(t, err)
			}
			require.Equal(t, answerTo(i+20), got)
		}
		require.LessOrEqual(t, lost, 1, at)
		closed()
		a, closed = archive(t, flipped)
		for i := range n {
			requireAnswer(t, a, question(i), answerTo(i+20))
		}
		closed()
	}
}

// What does not go into one pack goes into the next.
func TestRotation(t *testing.T) {
	dir := t.TempDir()
	for run := range 3 {
		a, closed := archive(t, dir)
		fetch.Rotate(a, 1000)
		for i := range 20 {
			require.NoError(t, a.Put(question(20*run+i), answerTo(20*run+i)))
		}
		for i := range 20 * (run + 1) {
			requireAnswer(t, a, question(i), answerTo(i))
		}
		closed()
	}
	require.Greater(t, len(packsIn(t, dir)), 5)
	a, err := fetch.ReadArchive(dir)
	require.NoError(t, err)
	n := 0
	for r, err := range a.Records() {
		require.NoError(t, err)
		require.Equal(t, question(n), r.Question)
		n++
	}
	require.Equal(t, 60, n)
	// A pack that was only just begun when the run was killed.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "answers-000099.pack"), []byte("scam"), 0o644))
	a, _ = archive(t, dir)
	require.NoError(t, a.Put(question(100), answerTo(100)))
	requireAnswer(t, a, question(59), answerTo(59))
	b, err := fetch.ReadArchive(dir)
	require.NoError(t, err)
	requireAnswer(t, b, question(100), answerTo(100))
}

// Damage to what several questions share is healed by any of them.
func TestSharedDamage(t *testing.T) {
	dir := t.TempDir()
	a, closed := archive(t, dir)
	for i := range 3 {
		require.NoError(t, a.Put(question(i), answerTo(50)))
	}
	closed()
	name := packsIn(t, dir)[0]
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	b[32+108+20+15] ^= 1
	require.NoError(t, os.WriteFile(name, b, 0o644))
	a, closed = archive(t, dir)
	for i := range 3 {
		_, known, err := a.Get(question(i))
		require.NoError(t, err)
		require.False(t, known)
	}
	require.NoError(t, a.Put(question(1), answerTo(50)))
	require.NoError(t, a.Put(question(2), answerTo(51)))
	kept, err := a.Keep(question(0), answerTo(52))
	require.NoError(t, err)
	closed()
	a, _ = archive(t, dir)
	requireAnswer(t, a, question(0), kept)
	requireAnswer(t, a, question(1), answerTo(50))
	_, known, err := a.Get(question(2))
	require.NoError(t, err)
	require.True(t, known)
	damaged, err := a.Verify(t.Context())
	require.NoError(t, err)
	require.Empty(t, damaged)
}

// Any history of keeping, closing and tearing leaves what was kept before.
func TestArchiveHistories(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(t, err)
		a, closed := archive(t, dir)
		model := map[fetch.Question]string{}
		split := map[fetch.Question]bool{}
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			q := fetch.Question{Pin: rapid.SampledFrom([]string{"", "a", "ab"}).Draw(r, "pin"), Text: rapid.SampledFrom([]string{"", "b", "bc", strings.Repeat("long", 100)}).Draw(r, "text")}
			switch rapid.IntRange(0, 4).Draw(r, "what") {
			case 0, 1:
				body := strings.Repeat(rapid.SampledFrom([]string{"x", "y", "xyz"}).Draw(r, "body"), rapid.IntRange(0, 50).Draw(r, "times"))
				if _, ok := model[q]; !ok {
					model[q] = body
				}
				kept, err := a.Keep(q, []byte(body))
				require.NoError(r, err)
				require.Equal(r, model[q], string(kept))
			case 2:
				split[q] = true
				require.NoError(r, a.MarkSplit(q))
			case 3:
				closed()
				if rapid.Bool().Draw(r, "torn") {
					if names := packsIn(t, dir); len(names) > 0 {
						f, err := os.OpenFile(names[len(names)-1], os.O_APPEND|os.O_WRONLY, 0o644)
						require.NoError(r, err)
						f.WriteString("ANS1 and no more")
						f.Close()
					}
				}
				a, closed = archive(t, dir)
			case 4:
				body, known, err := a.Get(q)
				require.NoError(r, err)
				want, ok := model[q]
				require.Equal(r, ok, known)
				require.Equal(r, want, string(body))
				require.Equal(r, split[q], a.Split(q))
			}
		}
		closed()
	})
}

// What was written is safe on the disk after a second, without anybody asking
// for it; a run that ends before has to wait for nothing.
func TestSyncBubble(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		a, closed := archive(t, dir)
		require.NoError(t, a.Put(question(1), answerTo(1)))
		time.Sleep(2 * time.Second)
		require.NoError(t, a.Put(question(2), answerTo(2)))
		closed()
		require.ErrorIs(t, a.Put(question(3), answerTo(3)), os.ErrClosed)
		_, _, err := a.Get(question(2))
		require.ErrorIs(t, err, os.ErrClosed)
	})
}

// A process that is killed loses nothing that Put returned for.
func TestKilled(t *testing.T) {
	const child = "SCAMTRACE_TEST_ARCHIVE"
	if dir := os.Getenv(child); dir != "" {
		a, _ := archive(t, dir)
		for i := 0; ; i++ {
			require.NoError(t, a.Put(question(i), answerTo(i)))
			fmt.Fprintln(os.Stderr, i)
		}
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), child+"="+dir)
	out, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	last := 0
	for last < 500 {
		_, err := fmt.Fscanln(out, &last)
		require.NoError(t, err)
	}
	require.NoError(t, cmd.Process.Kill())
	cmd.Wait()
	a, _ := archive(t, dir) // the lock went with it
	for i := range last + 1 {
		requireAnswer(t, a, question(i), answerTo(i))
	}
	damaged, err := a.Verify(t.Context())
	require.NoError(t, err)
	require.Empty(t, damaged)
}

func TestForeignFiles(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "answers-000001.pack"), []byte(strings.Repeat("something else ", 10)), 0o644))
	_, err := fetch.ReadArchive(dir)
	require.ErrorContains(t, err, "no archive of this version")
	_, err = fetch.Open(fetch.Config{URL: "https://host", Dir: dir})
	require.ErrorContains(t, err, "no archive of this version")
	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "answers-x.pack"), nil, 0o644))
	_, err = fetch.Open(fetch.Config{URL: "https://host", Dir: dir})
	require.ErrorContains(t, err, "number")
	_, err = fetch.Open(fetch.Config{URL: "https://host", Dir: filepath.Join(dir, "answers-x.pack", "sub")})
	require.Error(t, err)
}

func BenchmarkArchive(b *testing.B) {
	body := bytes.Repeat([]byte(`{"address":"0xdac17f958d2ee523a2206206994597c13d831ec7","number":"0x10"},`), 1000)
	b.Run("put", func(b *testing.B) {
		a, _ := archive(b, b.TempDir())
		b.SetBytes(int64(len(body)))
		i := 0
		for b.Loop() {
			i++
			if err := a.Put(question(i), fmt.Appendf(body[:len(body):len(body)], "%d", i)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("get", func(b *testing.B) {
		a, _ := archive(b, b.TempDir())
		require.NoError(b, a.Put(question(0), body))
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, _, err := a.Get(question(0)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("open100k", func(b *testing.B) {
		dir := b.TempDir()
		a, closed := archive(b, dir)
		for i := range 100_000 {
			if err := a.Put(question(i), answerTo(i)); err != nil {
				b.Fatal(err)
			}
		}
		closed()
		for b.Loop() {
			_, closed := archive(b, dir)
			closed()
		}
	})
}
