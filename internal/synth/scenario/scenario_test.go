package scenario_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/synth/scenario"
)

var update = flag.Bool("update", false, "write configs/scenario.yaml anew")

// configs/scenario.yaml is the documentation of every key, and read back it is
// the default.
func TestExample(t *testing.T) {
	name := filepath.Join("..", "..", "..", "configs", "scenario.yaml")
	if *update {
		require.NoError(t, os.WriteFile(name, scenario.Example(), 0o644))
	}
	golden, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(golden), string(scenario.Example()), "run: go test ./internal/synth/scenario -run Example -update")
	got, err := scenario.Load("scenario.yaml", golden, nil, 1000)
	require.NoError(t, err)
	require.Equal(t, scenario.Default(), got)
	for line := range strings.SplitSeq(string(golden), "\n") {
		key, value, found := strings.Cut(line, ": ")
		if found && !strings.HasPrefix(strings.TrimSpace(line), "#") {
			require.NotEmpty(t, value, "%s has a value", key)
		}
	}
}

func TestLoad(t *testing.T) {
	s, err := scenario.Load("s.yaml", []byte(`
days: 30
tables: [token_transfers]
victim:
  growth: 1.25
  mode_2024: true
cash_out: {exchanges: [0.5, 0.5]}
`), []string{"victim.growth=1.3", "cash_out.sweep_blocks=1, 2,3,4,5", "case=mine"}, 10_000)
	require.NoError(t, err)
	want := scenario.Default()
	want.Days, want.Case, want.Tables = 30, "mine", []string{"token_transfers"}
	want.Victim.Growth, want.Victim.Mode2024 = 1_300_000, true
	want.CashOut.Exchanges, want.CashOut.SweepBlocks = []scenario.Decimal{500_000, 500_000}, []int64{1, 2, 3, 4, 5}
	require.Equal(t, want, s)
}

func TestLoad_empty(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n", "victim:\n"} {
		s, err := scenario.Load("s.yaml", []byte(text), nil, 1000)
		require.NoError(t, err)
		require.Equal(t, scenario.Default(), s)
	}
}

// Everything that is wrong is told at once, with its line.
func TestLoad_refuses(t *testing.T) {
	for _, c := range []struct {
		name, yaml string
		sets       []string
		rows       int64
		want       string // the whole message
	}{
		{name: "unknown key", yaml: "dayz: 3", want: "s.yaml:1: dayz: is not a key; did you mean days?"},
		{name: "key of another section", yaml: "growth: 3", want: "s.yaml:1: growth: is not a key; did you mean victim.growth?"},
		{name: "typo in a section", yaml: "victim:\n  grwth: 2", want: "s.yaml:2: victim.grwth: is not a key; did you mean victim.growth?"},
		{name: "nonsense", yaml: "colour_of_the_moon_tonight: 3", want: "s.yaml:1: colour_of_the_moon_tonight: is not a key; configs/scenario.yaml has them all"},
		{name: "a section's name as a key", yaml: "victim: 3", want: "s.yaml:1: victim: is a section; its keys are loss_mu,"},
		{name: "twice", yaml: "days: 3\ndays: 4", want: "s.yaml:2: days: is given twice; the first is in line 1"},
		{name: "text for a number", yaml: "days: many", want: `s.yaml:1: days: "many" is not a whole number`},
		{name: "a fraction for a whole number", yaml: "days: 1.5", want: `s.yaml:1: days: "1.5" is not a whole number`},
		{name: "a float as others write it", yaml: "bitcoin: 1e-1", want: `s.yaml:1: bitcoin: "1e-1" is not a decimal number`},
		{name: "too exact", yaml: "bitcoin: 0.12345678", want: "s.yaml:1: bitcoin: 0.12345678 has more than 6 decimal places"},
		{name: "a list for a number", yaml: "days: [1]", want: "s.yaml:1: days: must be one value; got a list"},
		{name: "a number for a list", yaml: "tables: 3", want: "s.yaml:1: tables: must be a list such as [a, b]; got 3"},
		{name: "no value", yaml: "days:", want: "s.yaml:1: days: must be one value; got nothing"},
		{name: "not a truth value", yaml: "team: {shifts: perhaps}", want: "s.yaml:1: team.shifts: must be true or false; got perhaps"},
		{name: "not YAML", yaml: "days: [", want: "s.yaml:1: is not YAML"},
		{name: "a list of nothing", yaml: "- 3", want: "s.yaml:1: is no scenario"},
		{name: "anchor", yaml: "days: &a 3", want: "s.yaml:1: days: must be one value; got what no scenario uses"},
		{name: "set without =", sets: []string{"days"}, want: `--set: "days" is not of the form key=value`},
		{name: "set of nothing", sets: []string{"dais=3"}, want: "--set: dais: is not a key; did you mean days?"},

		{name: "share above 1", yaml: "bitcoin: 1.01", want: "s.yaml:1: bitcoin: 1.01 is not between 0 and 1"},
		{name: "negative", sets: []string{"victims=-1"}, want: "--set: victims: -1 is not between 0 and 10000000"},
		{name: "no growth", yaml: "victim: {growth: 0}", want: "s.yaml:1: victim.growth: 0 is not between 0.01 and 100"},
		{name: "no day", yaml: "days: 0", want: "s.yaml:1: days: 0 is not between 1 and 3650"},
		{name: "eleven years", yaml: "days: 4000", want: "s.yaml:1: days: 4000 is not between 1 and 3650"},
		{name: "only the crowd", yaml: "crowd: {share: 1}", want: "s.yaml:1: crowd.share: 1 is not between 0 and 0.99"},
		{name: "no date", yaml: "start: 2024-02-30", want: `s.yaml:1: start: "2024-02-30" is no date such as 2024-03-01`},
		{name: "before the tokens were", yaml: "start: 2017-01-01", want: "s.yaml:1: start: 2017-01-01 is not between 2018 and 2089"},
		{name: "case", yaml: "case: My Case", want: `s.yaml:1: case: "My Case" is no case name`},
		{name: "table", yaml: "tables: [token_transfers, receipts]", want: `s.yaml:1: tables: "receipts" is no table`},
		{name: "table twice", yaml: "tables: [traces, token_transfers, traces]", want: `s.yaml:1: tables: "traces" stands there twice`},
		{name: "no transfers", yaml: "tables: [blocks]", want: "s.yaml:1: tables: token_transfers must be among them"},
		{name: "least above most", yaml: "victim:\n  first_min: 3000", want: "s.yaml:2: victim.first_min: 3000 is more than victim.first_max, 2000"},
		{name: "spray", yaml: "layering: {spray_max: 3}", want: "layering.spray_min: 20 is more than layering.spray_max, 3"},
		{name: "peel", yaml: "layering: {peel_min: 61}", want: "s.yaml:1: layering.peel_min: 61 is more than layering.peel_max, 60"},
		{
			name: "nothing to pay with", yaml: "victim: {usdt: 0, ether: 0, usdc: 0, wbtc: 0}",
			want: "s.yaml:1: victim.usdt: all weights of usdt, ether, usdc and wbtc are 0",
		},
		{
			name: "ether without transactions", yaml: "tables: [token_transfers]\nvictim: {usdt: 0, usdc: 0, wbtc: 0}",
			want: "s.yaml:1: tables: transactions must be among them, since victims pay in ether alone",
		},
		{name: "no exchange", yaml: "cash_out: {exchanges: []}", want: "s.yaml:1: cash_out.exchanges: there are 0 exchanges"},
		{name: "exchanges of no weight", yaml: "cash_out: {exchanges: [0, 0]}", want: "s.yaml:1: cash_out.exchanges: all weights are 0"},
		{name: "lags", yaml: "cash_out: {sweep_blocks: [5, 4, 3, 2, 1]}", want: "s.yaml:1: cash_out.sweep_blocks: [5 4 3 2 1] are not five ascending"},

		{name: "no rows", rows: -1, want: "rows: -1 is not between 1000 and 100000000"},
		{name: "a million million rows", rows: 1_000_000_000_000, want: "rows: 1000000000000 is not between 1000 and 100000000"},
		{name: "too many victims", yaml: "victims: 101", rows: 1000, want: "s.yaml:1: victims: 101 are too many: a set of 1000 rows has room for 100"},
		{name: "more compounds than victims", yaml: "compounds: 9", rows: 1000, want: "s.yaml:1: compounds: 9 are more than the victims, 8"},
		{
			name: "all at once, by line", yaml: "days: 0\nbitcoin: 2\ncolor: x\nvictim:\n  growth: -1", sets: []string{"compounds=x"}, rows: 7,
			want: "s.yaml:1: days: 0 is not between 1 and 3650\n" +
				"s.yaml:2: bitcoin: 2 is not between 0 and 1\n" +
				"s.yaml:3: color: is not a key; configs/scenario.yaml has them all\n" +
				"s.yaml:5: victim.growth: -1 is not between 0.01 and 100\n" +
				"--set: compounds: \"x\" is not a whole number\n" +
				"rows: 7 is not between 1000 and 100000000",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := c.rows
			if rows == 0 {
				rows = 1000
			}
			_, err := scenario.Load("s.yaml", []byte(c.yaml), c.sets, rows)
			require.ErrorContains(t, err, c.want)
			if c.name == "all at once, by line" {
				require.EqualError(t, err, c.want)
			}
		})
	}
}

func TestDefault(t *testing.T) {
	for rows := int64(scenario.MinRows); rows <= scenario.MaxRows; rows *= 10 {
		require.Empty(t, scenario.Default().Check(rows))
	}
}

// The sizes of the specification, and what lies between them.
func TestSized(t *testing.T) {
	var got []string
	for _, rows := range []int64{1000, 3162, 10_000, 31_623, 100_000, 1_000_000, 3_162_278, 10_000_000, 100_000_000} {
		s := scenario.Default().Sized(rows)
		got = append(got, fmt.Sprintf("%9d %3d %6d %s", rows, s.Compounds, s.Victims, s.Crowd.Share))
	}
	require.Equal(t, []string{
		"     1000   1      8 0.3",
		"     3162   1     22 0.399994",
		"    10000   1     60 0.5",
		"    31623   2    173 0.600001",
		"   100000   3    500 0.7",
		"  1000000  10   4000 0.8",
		"  3162278  17  10000 0.85",
		" 10000000  30  25000 0.9",
		"100000000 100 150000 0.95",
	}, got)
	s := scenario.Default()
	s.Compounds, s.Victims, s.Crowd.Share = 2, 5, 900_000
	require.Equal(t, s, s.Sized(1000), "what is given stays")
}

func TestSized_grows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(scenario.MinRows, scenario.MaxRows).Draw(t, "a")
		b := rapid.Int64Range(a, scenario.MaxRows).Draw(t, "b")
		x, y := scenario.Default().Sized(a), scenario.Default().Sized(b)
		require.LessOrEqual(t, x.Compounds, y.Compounds)
		require.LessOrEqual(t, x.Victims, y.Victims)
		require.LessOrEqual(t, x.Crowd.Share, y.Crowd.Share)
	})
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("days: 3\nvictim: {growth: 1.5}"), "days=3")
	f.Add([]byte("? [a]\n: b"), "victim.growth=")
	f.Fuzz(func(t *testing.T, text []byte, set string) {
		s, err := scenario.Load("f", text, []string{set}, 1000)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.Empty(t, s.Check(1000))
	})
}
