package table

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func verify(t *testing.T, dir string) []Finding {
	t.Helper()
	found, err := Verify(t.Context(), dir, known())
	require.NoError(t, err)
	return found
}

func TestVerifyAcceptsWhatWasWritten(t *testing.T) {
	for range 3 {
		dir := t.TempDir()
		writeRun(t, dir)
		require.Empty(t, verify(t, dir))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "report.html"), nil, 0o600))
		require.Empty(t, verify(t, dir))
	}
}

func TestVerifyFindsEveryFlippedByte(t *testing.T) {
	dir := t.TempDir()
	m := writeRun(t, dir)
	r := rand.New(rand.NewPCG(5, 6))
	paths := []string{ManifestName}
	for _, group := range m.Tables {
		for _, f := range group.Files {
			paths = append(paths, f.Path)
		}
	}
	for _, path := range paths {
		full := filepath.Join(dir, path)
		raw, err := os.ReadFile(full)
		require.NoError(t, err)
		for range 25 {
			changed := bytes.Clone(raw)
			at := r.IntN(len(raw))
			changed[at] ^= byte(1 + r.IntN(255))
			require.NoError(t, os.WriteFile(full, changed, 0o600))
			require.NotEmpty(t, verify(t, dir), "%s: byte %d", path, at)
		}
		for _, changed := range [][]byte{raw[:len(raw)-1], append(bytes.Clone(raw), 0), nil} {
			require.NoError(t, os.WriteFile(full, changed, 0o600))
			require.NotEmpty(t, verify(t, dir), path)
		}
		require.NoError(t, os.Remove(full))
		require.NotEmpty(t, verify(t, dir), path)
		require.NoError(t, os.WriteFile(full, raw, 0o600))
	}
	require.Empty(t, verify(t, dir))
}

func TestVerifyFindsExtraFiles(t *testing.T) {
	for _, name := range []string{"visits/part-00001.parquet", "taint/x.parquet" + inprogress, "other/a.parquet", "labels/.hidden", "stray.parquet"} {
		dir := t.TempDir()
		writeRun(t, dir)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
		require.Len(t, verify(t, dir), 1, name)
	}
}

// TestVerifyFindsEditedManifests signs the edited manifest anew, so that only
// what it says can give it away.
func TestVerifyFindsEditedManifests(t *testing.T) {
	edits := map[string]func(*Manifest){
		"run id":        func(m *Manifest) { m.RunID = "0000000000000000" },
		"version":       func(m *Manifest) { m.Tool.Version += "x" },
		"case":          func(m *Manifest) { m.Case = "c2" },
		"config":        func(m *Manifest) { m.Config = []byte(`{"b":1,"a":[3]}`) },
		"as of":         func(m *Manifest) { m.Chains[0].Height++ },
		"as of hash":    func(m *Manifest) { m.Chains[0].Hash += "0" },
		"input":         func(m *Manifest) { m.Inputs[0].SHA256 = "ab" },
		"input rows":    func(m *Manifest) { *m.Inputs[0].Rows++ },
		"status":        func(m *Manifest) { m.Status = Complete },
		"gaps":          func(m *Manifest) { m.Gaps++ },
		"no gaps":       func(m *Manifest) { m.Gaps, m.Status = 0, Complete },
		"table rows":    func(m *Manifest) { m.Tables[0].Rows++ },
		"file rows":     func(m *Manifest) { m.Tables[0].Files[0].Rows++; m.Tables[0].Rows++ },
		"file bytes":    func(m *Manifest) { m.Tables[0].Files[0].Bytes-- },
		"file sha":      func(m *Manifest) { m.Tables[0].Files[0].SHA256 = "00" },
		"file path":     func(m *Manifest) { m.Tables[0].Files[0].Path = "seeds/part-00001.parquet" },
		"missing table": func(m *Manifest) { m.Tables = m.Tables[1:] },
		"missing file":  func(m *Manifest) { m.Tables[3].Files = m.Tables[3].Files[1:] },
		"file twice":    func(m *Manifest) { m.Tables[0].Files = append(m.Tables[0].Files, m.Tables[0].Files[0]) },
		"table renamed": func(m *Manifest) { m.Tables[0].Name = "sedes" },
		"schema":        func(m *Manifest) { m.SchemaVersion = 2 },
	}
	for name, edit := range edits {
		dir := t.TempDir()
		m := writeRun(t, dir)
		edit(&m)
		sign(t, dir, m)
		require.NotEmpty(t, verify(t, dir), name)
	}
}

// sign writes the manifest as it is, with a digest that fits.
func sign(t *testing.T, dir string, m Manifest) {
	t.Helper()
	m.Digest = digest(m)
	text, err := m.text()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, ManifestName), text, 0o600))
}

func TestManifestIsReadStrictly(t *testing.T) {
	dir := t.TempDir()
	writeRun(t, dir)
	path := filepath.Join(dir, ManifestName)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, edit := range [][2]string{
		{`"case": "c1"`, `"case": "c1", "case": "c1"`},
		{`"case": "c1"`, `"Case": "c1"`},
		{`"case": "c1"`, `"case": "c1", "more": 1`},
		{`"workers": 2`, `"workers": 3`},
		{"{\n", "{ \n"},
		{`"go": "go1.26"`, `"go": "go1.27"`},
	} {
		require.NoError(t, os.WriteFile(path, bytes.Replace(raw, []byte(edit[0]), []byte(edit[1]), 1), 0o600))
		_, err := ReadManifest(dir)
		require.Error(t, err, edit[1])
	}
}

func TestRunID(t *testing.T) {
	a := writeRun(t, t.TempDir())
	b := writeRun(t, t.TempDir())
	require.Equal(t, a, b)
	require.Len(t, a.RunID, 16)
	b.Volatile = Volatile{Workers: 9}
	b.Config = []byte("{ \"a\" : [2], \"b\": 1 }")
	b.Tool.Go = "other"
	require.Equal(t, a.RunID, RunID(b))
	b.Inputs[0].Bytes++
	require.NotEqual(t, a.RunID, RunID(b))
}

// replace rewrites a part with other rows and names it in the manifest, so that
// only the rows can give it away.
func replace[T Row[T]](t *testing.T, dir string, part int, edit func([]T) []T) {
	t.Helper()
	var row T
	path := partPath(row.Table().Name, part)
	var rows []T
	for r, err := range Read[T](t.Context(), filepath.Join(dir, path)) {
		require.NoError(t, err)
		rows = append(rows, r)
	}
	m, err := ReadManifest(dir)
	require.NoError(t, err)
	file := File{}
	if rows = edit(rows); rows != nil {
		o, err := newOutput[T](Folder{Dir: dir, Tool: m.Tool}, part)
		require.NoError(t, err)
		require.NoError(t, o.write(rows))
		file, err = o.finish(t.Context())
		require.NoError(t, err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, path))
	require.NoError(t, err)
	sum := sha256.Sum256(raw)
	require.Equal(t, hex.EncodeToString(sum[:]), file.SHA256)
	for i := range m.Tables {
		for k := range m.Tables[i].Files {
			if f := &m.Tables[i].Files[k]; f.Path == path {
				m.Tables[i].Rows += file.Rows - f.Rows
				f.Bytes, f.Rows, f.SHA256 = file.Bytes, file.Rows, file.SHA256
			}
		}
	}
	sign(t, dir, m)
}

func TestVerifyFindsWrongRows(t *testing.T) {
	dropFirst := map[string]func(*testing.T, string){
		"transfers":    func(t *testing.T, d string) { replace(t, d, 1, func(r []Transfer) []Transfer { return r[1:] }) },
		"transactions": func(t *testing.T, d string) { replace(t, d, 2, func(r []Transfer) []Transfer { return r[1:] }) },
		"entries":      func(t *testing.T, d string) { replace(t, d, 1, func(r []Entry) []Entry { return r[1:] }) },
		"flows":        func(t *testing.T, d string) { replace(t, d, 0, func(r []Flow) []Flow { return r[1:] }) },
		"flow twice":   func(t *testing.T, d string) { replace(t, d, 0, func(r []Flow) []Flow { return append(r[:1], r...) }) },
		"bitcoin flow": func(t *testing.T, d string) { replace(t, d, 1, func(r []Flow) []Flow { return r[:len(r)-1] }) },
		"flow sum": func(t *testing.T, d string) {
			replace(t, d, 1, func(r []Flow) []Flow { r[0].Value, r[0].ValueLossless = Pair(amount(1)); return r })
		},
		"flow order": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Flow) []Flow { r[0], r[1] = r[1], r[0]; return r })
		},
		"visit parent": func(t *testing.T, d string) { replace(t, d, 0, func(r []Visit) []Visit { return r[1:] }) },
		"visit twice":  func(t *testing.T, d string) { replace(t, d, 0, func(r []Visit) []Visit { return append(r, r[0]) }) },
		"visit hop":    func(t *testing.T, d string) { replace(t, d, 0, func(r []Visit) []Visit { r[2].Hop = 0; return r }) },
		"visit no hop": func(t *testing.T, d string) { replace(t, d, 0, func(r []Visit) []Visit { r[2].Parent = ""; return r }) },
		"visit stop":   func(t *testing.T, d string) { replace(t, d, 0, func(r []Visit) []Visit { r[2].Stop = "x"; return r }) },
		"endpoint stop": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Endpoint) []Endpoint { r[0].Stop = "y"; return r })
		},
		"endpoint kind": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Endpoint) []Endpoint { r[0].Stop = ""; return r })
		},
		"endpoint": func(t *testing.T, d string) { replace(t, d, 0, func(r []Endpoint) []Endpoint { return r[1:] }) },
		"endpoint sum": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Endpoint) []Endpoint { r[0] = r[0].WithValue(amount(54)); return r })
		},
		"no proof": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Conservation) []Conservation { return r[1:] })
		},
		"proof": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Conservation) []Conservation {
				r[0] = r[0].WithAmounts(amount(100), amount(40), amount(55), amount(6))
				return r
			})
		},
		"proof twice": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Conservation) []Conservation { return append(r[:1], r...) })
		},
		"difference": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Conservation) []Conservation {
				r[0].FeesLossless, r[0].Fees = "6", ptr(*r[0].Fees)
				r[0].Fees[15] = 6
				return r
			})
		},
		"cluster twice": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Cluster) []Cluster { return append(r, Cluster{"bitcoin", "1a", "k2"}) })
		},
		"cluster empty": func(t *testing.T, d string) {
			replace(t, d, 0, func(r []Cluster) []Cluster { return append(r, Cluster{"bitcoin", "", "k2"}) })
		},
		"link":     func(t *testing.T, d string) { replace(t, d, 0, func(r []Link) []Link { r[0].AddressB = ""; return r }) },
		"coverage": func(t *testing.T, d string) { replace(t, d, 0, func(r []Coverage) []Coverage { return r[:1] }) },
		"taint value": func(t *testing.T, d string) {
			replace(t, d, 1, func(r []Taint) []Taint { r[7].ValueLossless = "12345"; return r })
		},
		"taint null": func(t *testing.T, d string) {
			replace(t, d, 1, func(r []Taint) []Taint { r[7].Value = nil; return r })
		},
		"taint text": func(t *testing.T, d string) {
			replace(t, d, 1, func(r []Taint) []Taint { r[7].ValueLossless = "0" + r[7].ValueLossless; return r })
		},
	}
	for name, change := range dropFirst {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeRun(t, dir)
			change(t, dir)
			require.NotEmpty(t, verify(t, dir))
		})
	}
}

func TestVerifyPoison(t *testing.T) {
	dir := t.TempDir()
	writeRun(t, dir)
	replace(t, dir, 0, func(r []Conservation) []Conservation {
		r[0] = r[0].WithAmounts(amount(100), amount(140), amount(55), amount(6))
		require.Equal(t, "-101", r[0].Difference.String())
		return r
	})
	k := known()
	k.Unconserved = []string{"fifo"}
	found, err := Verify(t.Context(), dir, k)
	require.NoError(t, err)
	require.Empty(t, found)
}
