package table

import (
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// readers asks DuckDB and pyarrow what they see in a folder.
const readers = `
import sys, json, duckdb
d = sys.argv[1]
q = lambda s: duckdb.sql(s).fetchall()
out = {}
out["counts"] = {t: q(f"select count(*) from '{d}/{t}/**/*.parquet'")[0][0] for t in json.loads(sys.argv[2])}
out["types"] = {t: {r[0]: r[1] for r in q(f"describe select * from '{d}/{t}/**/*.parquet'")} for t in json.loads(sys.argv[2])}
T = f"'{d}/transfers/**/*.parquet'"
out["sum"] = str(q(f"select sum(value) from {T} where chain='ethereum' and value is not null")[0][0])
out["text"] = str(sum(int(r[0]) for r in q(f"select value_lossless from {T} where chain='ethereum' and value is not null")))
out["wrong"] = q(f"select count(*) from {T} where value::varchar <> value_lossless")[0][0]
out["wide"] = q(f"select count(*) from {T} where value is null and length(value_lossless) < 39")[0][0]
out["nulls"] = q(f"select count(*) from {T} where (kind='utxo') <> (inputs is not null) or from_address = '' or to_address = '' or (kind='fee') and to_address is not null")[0][0]
out["missing"] = 0
for column in ("from_address", "to_address"):
    for (a, n) in q(f"select {column}, count(*) from {T} where {column} is not null group by 1"):
        got = q(f"select count(*) from {T} where {column} = '{a}'")[0][0]
        out["missing"] += got != n
out["time"] = str(q(f"select min(block_timestamp) at time zone 'UTC' from {T} where chain='ethereum'")[0][0])
out["difference"] = [str(r[0]) for r in q(f"select distinct difference from '{d}/conservation/*.parquet'")]
out["negative"] = q(f"select count(*) from '{d}/conservation/*.parquet' where difference < 0")[0][0]
try:
    import pyarrow.parquet as pq, pyarrow.compute as pc
    out["arrow"] = {t: pq.read_table(f"{d}/{t}").num_rows for t in json.loads(sys.argv[2])}
    t = pq.read_table(f"{d}/transfers")
    out["arrow_types"] = {f.name: str(f.type) for f in t.schema}
    keep = t.filter(pc.and_(pc.is_valid(t["value"]), pc.equal(t["chain"], "ethereum")))
    out["arrow_sum"] = str(sum(int(v) for v in keep["value"].to_pylist()))
except ImportError:
    pass
print(json.dumps(out))
`

// TestOtherReaders reads a run with DuckDB, and pyarrow where it is there.
func TestOtherReaders(t *testing.T) {
	if exec.Command("python3", "-c", "import duckdb").Run() != nil {
		t.Skip("python3 has no duckdb")
	}
	dir := t.TempDir()
	m := writeRun(t, dir)
	replace(t, dir, 0, func(r []Conservation) []Conservation {
		r[0] = r[0].WithAmounts(amount(100), amount(140), amount(55), amount(6))
		return r
	})
	counts := map[string]int64{}
	var names []string
	for _, group := range m.Tables {
		counts[group.Name] = group.Rows
		names = append(names, group.Name)
	}
	list, err := json.Marshal(names)
	require.NoError(t, err)
	raw, err := exec.Command("python3", "-c", readers, dir, string(list)).CombinedOutput()
	require.NoError(t, err, string(raw))
	var got struct {
		Counts, Arrow      map[string]int64
		Types              map[string]map[string]string
		ArrowTypes         map[string]string `json:"arrow_types"`
		ArrowSum           string            `json:"arrow_sum"`
		Sum, Text, Time    string
		Wrong, Wide, Nulls int
		Missing, Negative  int
		Difference         []string
	}
	require.NoError(t, json.Unmarshal(raw, &got), string(raw))
	require.Equal(t, counts, got.Counts)
	for _, table := range All() {
		for _, c := range table.Columns {
			want := map[Type]string{Text: "VARCHAR", Int: "BIGINT", Bool: "BOOLEAN", Timestamp: "TIMESTAMP WITH TIME ZONE", Amount: "DECIMAL(38,0)"}[c.Type]
			require.Equal(t, want, got.Types[table.Name][c.Name], table.Name+"."+c.Name)
		}
	}
	require.Equal(t, got.Text, got.Sum)
	require.Zero(t, got.Wrong+got.Wide+got.Nulls+got.Missing)
	require.Equal(t, "2023-11-14 22:13:20", got.Time)
	require.ElementsMatch(t, []string{"0", "-101"}, got.Difference)
	require.Equal(t, 1, got.Negative)
	if got.Arrow != nil {
		require.Equal(t, counts, got.Arrow)
		require.Equal(t, "decimal128(38, 0)", got.ArrowTypes["value"])
		require.Equal(t, "timestamp[us, tz=UTC]", got.ArrowTypes["block_timestamp"])
		require.Equal(t, got.Sum, got.ArrowSum)
	}
}
