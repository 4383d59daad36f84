// Command scamtrace traces scam money: from a list of scam wallets it crawls the
// chains, clusters addresses, follows the money by several methods at once and
// writes flow tables to Parquet.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/job"
	"github.com/scamtrace/scamtrace/internal/table"
)

// version is set by the linker.
var version = "devel"

func main() {
	// Nearly all memory is a few large slices without pointers, which cost the
	// collector nothing to scan, so it may look often: peak memory stays a
	// fifth above what is in use instead of twice that. GOGC says otherwise.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(20)
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program as a function of its arguments and streams.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := interruptible()
	defer stop()
	out := &checked{to: stdout}
	root := rootCommand(out, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil && out.err != nil { // a full disk behind a pipe
		err = out.err
	}
	var done *exitError
	switch {
	case errors.As(err, &done):
		return done.code
	case err == nil:
		return job.ExitComplete
	}
	code := job.ExitCode(ctx, err)
	if strings.HasPrefix(err.Error(), "unknown command") { // cobra has no type for it
		code = job.ExitInput
	}
	switch code {
	case job.ExitInterrupted, job.ExitTerminated:
		root.PrintErrln("scamtrace: interrupted; nothing was published, the last published run stands")
	default:
		root.PrintErrf("scamtrace: %v\n", err)
		if hint := job.Hint(err); hint != "" {
			root.PrintErrf("scamtrace: %s\n", hint)
		}
	}
	return code
}

// checked remembers the first failure to write.
type checked struct {
	to  io.Writer
	err error
}

func (c *checked) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

// interruptible cancels the context on the first SIGINT or SIGTERM; a second
// one ends the process at once.
func interruptible() (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		s, ok := <-signals
		if !ok {
			return
		}
		signal.Stop(signals)
		if s == syscall.SIGTERM {
			cancel(job.ErrTerminated)
			return
		}
		cancel(context.Canceled)
	}()
	return ctx, func() { signal.Stop(signals); close(signals); cancel(nil) }
}

// exitError carries an exit code that has been explained already.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

func rootCommand(stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "scamtrace",
		Short: "Trace scam money from seed wallets to where it lies now",
		Long: `scamtrace starts from a list of scam wallets, crawls Bitcoin and Ethereum data,
clusters addresses by heuristics, follows the money by several methods at once,
and writes flow tables to Parquet. What it publishes is exact, or declared
incomplete.

Exit codes: 0 complete; 1 failed; 2 bad input or configuration, nothing was
published; 3 complete with declared gaps (table coverage); 4 the data
contradicts itself, nothing was published; 11 another run holds the output
folder; 75 a quota is used up, run again later; 130 interrupted; 143 terminated.
Treat any other code as a failure.`,
		Example: `  scamtrace run -c case.yaml
  scamtrace run --seeds seeds.csv --source ethereum=dataset:data/eth --labels labels.csv --out out
  scamtrace check out
  scamtrace explain out 0x83a2eb63b6cc296529468afa85dbde4a469d8b37`,
		SilenceUsage: true, SilenceErrors: true,
		Version: version,
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetVersionTemplate("scamtrace {{.Version}} " + runtime.Version() + "\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &job.InputError{Problems: []string{err.Error() + "; see " + c.CommandPath() + " --help"}}
	})
	root.AddCommand(runCommand(), planCommand(), doctorCommand(), checkCommand(), explainCommand(), listCommand(), schemaCommand(), synthCommand())
	return root
}

// tool names this program in every file it writes.
func tool() table.Tool {
	t := table.Tool{Version: version, Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				t.Commit = s.Value
			}
		}
	}
	return t
}

// exactly says what a command wants, as an input error.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return &job.InputError{Problems: []string{fmt.Sprintf("%s takes %s; see %s --help", c.CommandPath(), what, c.CommandPath())}}
		}
		return nil
	}
}
