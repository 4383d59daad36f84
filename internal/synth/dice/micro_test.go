package dice_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

func TestParseMicro(t *testing.T) {
	for _, c := range []struct {
		text string
		want dice.Micro
		back string
	}{
		{"0.35", 350_000, "0.35"},
		{"10.859", 10_859_000, "10.859"},
		{"42", 42_000_000, "42"},
		{"007.50", 7_500_000, "7.5"},
		{"-0.000001", -1, "-0.000001"},
		{"0", 0, "0"},
		{"1.0000000", 1_000_000, "1"},
	} {
		got, err := dice.ParseMicro(c.text)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
		require.Equal(t, c.back, got.String())
	}
	for text, want := range map[string]string{
		"":                        "is not a decimal number",
		".5":                      "is not a decimal number",
		"5.":                      "is not a decimal number",
		"1e3":                     "is not a decimal number",
		"1,5":                     "is not a decimal number",
		"--1":                     "is not a decimal number",
		"0.0000001":               "more than 6 decimal places",
		"99999999999999999999999": "too large",
	} {
		_, err := dice.ParseMicro(text)
		require.ErrorContains(t, err, want)
	}
}

func TestMicro_String(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := dice.Micro(rapid.Int64Range(-1<<62, 1<<62).Draw(t, "m"))
		back, err := dice.ParseMicro(m.String())
		require.NoError(t, err)
		require.Equal(t, m, back)
	})
}
