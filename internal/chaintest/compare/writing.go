package compare

import (
	"fmt"
	"time"
)

// Writing is one way to write the same rows as Parquet.
type Writing struct {
	Writer  string
	Threads int
	Rows    int64
	// Wall and CPU are of the writing alone, with the file closed.
	Wall, CPU time.Duration
	// Bytes is the size of what was written.
	Bytes int64
	// Before is the resident memory at the beginning of the writing, Peak the
	// most during it, in bytes; 0 where the system does not tell.
	Before, Peak int64
}

func (w Writing) cells() []string {
	perSecond := func(d time.Duration) string {
		if d <= 0 {
			return none
		}
		return fmt.Sprintf("%.2f M", float64(w.Rows)/d.Seconds()/1e6)
	}
	return []string{
		w.Writer, fmt.Sprint(w.Threads), grouped(w.Rows), seconds(w.Wall), seconds(w.CPU),
		perSecond(w.Wall), perSecond(w.CPU), mega(w.Bytes), mega(w.Before), mega(w.Peak),
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func mega(bytes int64) string {
	if bytes == 0 {
		return none
	}
	return grouped((bytes+500_000)/1_000_000) + " MB"
}
