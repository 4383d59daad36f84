package table

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	stdjson "encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// ManifestName is the file that is written last: a folder without it is not a
// result.
const ManifestName = "manifest.json"

// Manifest names everything a run read and wrote.
type Manifest struct {
	SchemaVersion int `json:"schema_version"`
	// RunID is RunID of the manifest.
	RunID string `json:"run_id"`
	Tool  Tool   `json:"tool"`
	Case  string `json:"case"`
	// Config is the configuration that decides the result, without secrets.
	Config stdjson.RawMessage `json:"config"`
	Chains []AsOf             `json:"chains"`
	Inputs []Input            `json:"inputs"`
	Tables []Written          `json:"tables"`
	Status Status             `json:"status"`
	// Gaps is the number of rows of coverage that are not complete.
	Gaps int64 `json:"gaps"`
	// Report is what people read beside the tables.
	Report File `json:"report,omitzero"`
	// Volatile is what differs between two equal runs.
	Volatile Volatile `json:"volatile"`
	// Digest is the SHA-256 of the manifest as it is written, with an empty
	// digest.
	Digest string `json:"digest"`
}

// Status says whether the sources told everything that was asked.
type Status string

// The values of Status.
const (
	Complete Status = "complete"
	Gaps     Status = "gaps"
)

// Tool is the program that wrote the tables.
type Tool struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	// Go is the version of the compiler.
	Go string `json:"go"`
}

// AsOf is the final block that pinned a chain.
type AsOf struct {
	Name   string   `json:"name"`
	ID     chain.ID `json:"id"`
	Height uint64   `json:"height"`
	// Hash is empty where the source does not tell it.
	Hash string `json:"hash"`
	// Time is RFC 3339 in UTC, or empty.
	Time string `json:"time"`
}

// Input is one file or provider that was read. It holds no secret.
type Input struct {
	// Role is what it was for: seeds, labels, source:ethereum.
	Role   string `json:"role"`
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	Rows   *int64 `json:"rows,omitempty"`
	SHA256 string `json:"sha256"`
}

// Written are the files of one table.
type Written struct {
	Name  string `json:"name"`
	Rows  int64  `json:"rows"`
	Files []File `json:"files"`
}

// Volatile is what differs between two equal runs: it is in no data file and
// does not count for RunID.
type Volatile struct {
	// Started and Finished are RFC 3339 in UTC.
	Started  string `json:"started"`
	Finished string `json:"finished"`
	Workers  int    `json:"workers"`
}

// Group puts written files into their tables, in the order of All.
func Group(files []File) []Written {
	var out []Written
	for _, t := range All() {
		group := Written{Name: t.Name, Files: []File{}}
		for _, f := range files {
			if f.Table == t.Name {
				group.Files = append(group.Files, f)
				group.Rows += f.Rows
			}
		}
		if len(group.Files) > 0 {
			sortFiles(group.Files)
			out = append(out, group)
		}
	}
	return out
}

// RunID names the result before it is made: the first 16 hex digits of the
// SHA-256 of all that decides it. Equal inputs have equal run ids.
func RunID(m Manifest) string {
	config, err := canonical(m.Config)
	if err != nil {
		config = m.Config // refused by WriteManifest
	}
	decides := struct {
		SchemaVersion   int
		Version, Commit string
		Case            string
		Config          string
		Chains          []AsOf
		Inputs          []Input
	}{m.SchemaVersion, m.Tool.Version, m.Tool.Commit, m.Case, string(config), m.Chains, m.Inputs}
	text, err := stdjson.Marshal(decides)
	if err != nil {
		return "" // not possible: there are only texts and numbers
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// canonical is the JSON with sorted names and without blanks.
func canonical(raw []byte) ([]byte, error) {
	d := stdjson.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return stdjson.Marshal(v)
}

// WriteManifest fills in SchemaVersion, RunID and Digest and writes the
// manifest. It is called last: the folder is a result from then on.
func WriteManifest(dir string, m Manifest) error {
	m.SchemaVersion = SchemaVersion
	if _, err := canonical(m.Config); err != nil {
		return fmt.Errorf("the manifest's config is not JSON: %w", err)
	}
	m.RunID = RunID(m)
	m.Digest = digest(m)
	text, err := m.text()
	if err != nil {
		return err
	}
	p, err := create(filepath.Join(dir, ManifestName))
	if err != nil {
		return err
	}
	if _, err := p.Write(text); err != nil {
		p.abandon()
		return Advise(p.final, err)
	}
	return p.commit()
}

// WriteReport writes a text file beside the tables, for Manifest.Report.
func WriteReport(dir, name, text string) (File, error) {
	p, err := create(filepath.Join(dir, name))
	if err != nil {
		return File{}, err
	}
	if _, err := p.Write([]byte(text)); err != nil {
		p.abandon()
		return File{}, Advise(p.final, err)
	}
	if err := p.commit(); err != nil {
		return File{}, err
	}
	return File{Path: name, Bytes: p.bytes, SHA256: p.sum()}, nil
}

// text is the manifest as it is written: there is one way only.
func (m Manifest) text() ([]byte, error) {
	var out bytes.Buffer
	e := stdjson.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return out.Bytes(), err
}

func digest(m Manifest) string {
	m.Digest = ""
	text, err := m.text()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// ReadManifest reads a manifest strictly: an unknown, missing or repeated name
// is an error, and so is a byte that WriteManifest would not have written.
func ReadManifest(dir string) (Manifest, error) {
	path := filepath.Join(dir, ManifestName)
	var m Manifest
	raw, err := os.ReadFile(path)
	if err != nil {
		return m, fmt.Errorf("%w: a folder without a manifest is not a finished run", err)
	}
	if err := json.Unmarshal(raw, &m, json.RejectUnknownMembers(true)); err != nil {
		return m, fmt.Errorf("%s: %w", path, err)
	}
	if m.SchemaVersion != SchemaVersion {
		return m, fmt.Errorf("%s: schema version %d, this program reads %d", path, m.SchemaVersion, SchemaVersion)
	}
	if text, err := m.text(); err != nil || !bytes.Equal(text, raw) || m.Digest != digest(m) {
		return m, fmt.Errorf("%s was changed after it was written: its digest does not match", path)
	}
	return m, nil
}
