package table

import (
	"regexp"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

func TestAll(t *testing.T) {
	word := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	names := map[string]bool{}
	for _, table := range All() {
		require.Regexp(t, word, table.Name)
		require.False(t, names[table.Name], table.Name)
		names[table.Name] = true
		require.True(t, oneSentence(table.Doc), "%s: %s", table.Name, table.Doc)
		require.Positive(t, table.Since)
		require.LessOrEqual(t, table.Since, SchemaVersion)
		require.NotEmpty(t, table.Order)
		columns := map[string]Column{}
		for i, c := range table.Columns {
			require.Regexp(t, word, c.Name)
			require.NotContains(t, columns, c.Name, table.Name)
			columns[c.Name] = c
			require.True(t, strings.HasSuffix(c.Doc, "."), "%s.%s", table.Name, c.Name)
			if c.Nullable {
				require.Contains(t, strings.ToLower(c.Doc), "null", "%s.%s says when it is null", table.Name, c.Name)
			}
			if c.Type == Amount {
				require.Equal(t, c.Name+"_lossless", table.Columns[i+1].Name)
				require.NotEmpty(t, c.Unit)
			}
			require.Equal(t, c.Type == Float, strings.HasSuffix(c.Name, "_f64"))
		}
		for _, k := range append(table.Key, table.Blooms...) {
			require.Contains(t, columns, k, table.Name)
		}
		agree(t, table)
	}
	found, ok := Find("taint")
	require.True(t, ok)
	require.Equal(t, "taint", found.Name)
	_, ok = Find("nothing")
	require.False(t, ok)
}

func oneSentence(s string) bool {
	return strings.HasSuffix(s, ".") && strings.Count(s, ". ") == 0 && s[:1] == strings.ToUpper(s[:1])
}

// agree compares the tags of the row struct with the documentation.
func agree(t *testing.T, table Table) {
	fields := table.schema().Fields()
	require.Len(t, fields, len(table.Columns), table.Name)
	for i, f := range fields {
		c := table.Columns[i]
		where := table.Name + "." + f.Name()
		require.Equal(t, c.Name, f.Name())
		require.Equal(t, c.Nullable, f.Optional(), where)
		require.Equal(t, c.Type, typeOf(f), where)
		require.Contains(t, []string{"PLAIN", "RLE_DICTIONARY"}, f.Encoding().String(), where)
		if f.Encoding().String() == "RLE_DICTIONARY" {
			require.NotContains(t, table.Blooms, c.Name, "a bloom filter on a dictionary loses rows")
		}
	}
}

func typeOf(f parquet.Field) Type {
	switch kind := f.Type().Kind(); {
	case kind == parquet.Boolean:
		return Bool
	case kind == parquet.ByteArray && f.Type().String() == "STRING":
		return Text
	case kind == parquet.FixedLenByteArray && f.Type().String() == "DECIMAL(38,0)" && f.Type().Length() == 16:
		return Amount
	case kind == parquet.Int64 && f.Type().String() == "TIMESTAMP(isAdjustedToUTC=true,unit=MICROS)":
		return Timestamp
	case kind == parquet.Int64 && f.Type().String() == "INT(64,true)":
		return Int
	}
	return Type(f.Type().String())
}

func TestSchemaText(t *testing.T) {
	for _, table := range All() {
		text := Schema(table)
		for _, c := range table.Columns {
			require.Contains(t, text, c.Name)
			require.Contains(t, text, c.Doc)
		}
	}
	require.Equal(t, len(All())+2, strings.Count(Markdown(), "\n"))
	require.Equal(t, `clusters
  Which addresses the accepted links join.
  key: chain, address
  order: chain, cluster_id, address

  chain       string  Name of the chain.
  address     string  The address.
  cluster_id  string  The cluster; equal for all its addresses.
`, Schema(clusters()))
}
