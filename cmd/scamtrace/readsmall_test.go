package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/job"
)

// A pipe that nobody writes into does not keep whoever interrupts.
func TestReadSmall_interrupted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := exec.CommandContext(t.Context(), "mkfifo", pipe).Run(); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(job.ErrTerminated)
	_, err := (&caseFlags{file: pipe}).config(ctx)
	require.Equal(t, job.ExitTerminated, job.ExitCode(ctx, err))
	_, err = readScenario(ctx, pipe, nil, 1_000)
	require.Equal(t, job.ExitTerminated, job.ExitCode(ctx, err))
}
