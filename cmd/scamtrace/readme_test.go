package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/table"
)

// The README shows what the program prints and writes. `make golden` mends it.
func TestReadme(t *testing.T) {
	notRaced(t)
	const path = "../../README.md"
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	defer file.Close()

	_, stdout := runDemo(t)
	// The id of a run depends on the version of the program.
	stdout = regexp.MustCompile(`(?m)^run     [0-9a-f]{16}$`).ReplaceAllString(stdout, "run     RUN_ID")
	want := within(t, string(raw), "demo", "```\n"+stdout+"```\n")
	want = within(t, want, "tables", table.Markdown())
	if os.Getenv("UPDATE_SCRIPTS") != "" {
		require.NoError(t, file.Truncate(0))
		_, err := file.WriteString(want)
		require.NoError(t, err)
		return
	}
	require.Equal(t, want, string(raw), "run make golden")
}

// within puts text between the marks of a name.
func within(t *testing.T, doc, name, text string) string {
	t.Helper()
	before, rest, ok := strings.Cut(doc, "<!-- "+name+" -->\n")
	require.True(t, ok, name)
	_, after, ok := strings.Cut(rest, "<!-- end -->")
	require.True(t, ok, name)
	return before + "<!-- " + name + " -->\n" + text + "<!-- end -->" + after
}
