package config

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with a configuration.
type Problem struct {
	// File is the case file, or "--set"; empty for a Config made in memory.
	File string
	// Line is counted from 1; 0 stands for no line.
	Line int
	// Path is the key, empty for the whole file.
	Path string
	// Reason says what is wrong.
	Reason string
}

// String is "file:line: key: reason" without the parts that are not known.
func (p Problem) String() string {
	s := p.Reason
	if p.Path != "" {
		s = p.Path + ": " + s
	}
	switch {
	case p.File == "":
		return s
	case p.Line == 0:
		return p.File + ": " + s
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, s)
}

// Problems is everything wrong with a configuration, as one error.
type Problems []Problem

// Error has one line for each problem.
func (ps Problems) Error() string {
	var lines []string
	for _, p := range ps {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}
