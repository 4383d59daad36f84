# Writes the rows of Parquet files once more with DuckDB, and says what that cost
# and whether the rows are the same. Arguments: the files, the file to write, the
# number of threads, and whether the rows come from a "table" in memory or
# straight from "parquet".
import json, os, resource, sys, time
import duckdb

files, out, threads, mode = sys.argv[1:5]


def memory(name):
    # Bytes, from the kernel's own books; 0 where there are none.
    try:
        with open("/proc/self/status") as f:
            return next(int(l.split()[1]) * 1024 for l in f if l.startswith(name + ":"))
    except (OSError, StopIteration):
        return 0


def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime


db = duckdb.connect()
db.execute(f"SET threads = {int(threads)}")
db.execute("SET enable_progress_bar = false")  # it would write among the answer
rows = f"read_parquet('{files}')"
if mode == "table":
    db.execute(f"CREATE TABLE rows AS FROM {rows}")
    rows = "rows"
try:
    with open("/proc/self/clear_refs", "w") as f:
        f.write("5")  # the peak begins anew
except OSError:
    pass
before, wall, used = memory("VmRSS"), time.monotonic(), cpu()
db.execute(
    f"COPY (FROM {rows}) TO '{out}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 1000000)"
)
wall, used, peak = time.monotonic() - wall, cpu() - used, memory("VmHWM")


def content(source):
    return db.execute(f"SELECT count(*), sum(hash(r)::HUGEINT) FROM {source} r").fetchone()


written, given = content(f"read_parquet('{out}')"), content(f"read_parquet('{files}')")
print(json.dumps({
    "rows": written[0], "wall": wall, "cpu": used, "bytes": os.path.getsize(out),
    "before": before, "peak": peak, "same": written == given, "version": duckdb.__version__,
}))
