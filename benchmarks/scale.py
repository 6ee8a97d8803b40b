"""Throughput of one and two cores, Spark beside the plain batch, and from those the plan for many postings.

Run with `python benchmarks/scale.py [pool.jsonl.gz] [--write]`: without the file, the project's own example postings
are scored. `--write` puts the figures into docs/scaling.md. Spark runs on this machine with two cores, so what it costs
beside the plain batch is its own overhead: the JVM, Arrow, the start of the workers.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from rolelens.tables.scoring import Job, score_table

ROOT = Path(__file__).parents[1]
ROWS = 100_000
PRICE = 0.04  # dollars a core-hour, about what a general-purpose virtual machine is rented for
NODE_CORES = 32
SPREAD = 0.7  # of a cluster's cores at work on average: stragglers, starts, the last wave
PLANS = {"100 million": 1e8, "10 billion": 1e10}


def postings(argument: str | None) -> list[dict[str, str]]:
    """Return postings, from a file or our own examples."""
    if argument:
        with gzip.open(argument, "rt", encoding="utf-8") as lines:
            return [{"title": row["title"] or "", "text": row["text"]} for row in map(json.loads, lines)]
    paths = sorted((ROOT / "data" / "examples").glob("*.txt"))
    return [{"title": "", "text": path.read_text(encoding="utf-8")} for path in paths]


def batch_seconds(source: Path, workers: int) -> tuple[float, int]:
    """Return the seconds that the plain batch takes, and the bytes it writes."""
    target = source.with_name(f"scored-{workers}.parquet")
    start = time.perf_counter()
    score_table(Job(str(source), str(target), workers=workers))
    return time.perf_counter() - start, target.stat().st_size


def spark_seconds(source: Path) -> tuple[float, float]:
    """Return the seconds that Spark takes for the same file on two cores: the first time, and with its workers warm."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    from rolelens import spark

    took = []
    start = time.perf_counter()
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    for number in range(2):
        target = source.with_name(f"spark-{number}")
        spark.score(session.read.parquet(str(source)).repartition(8)).write.parquet(str(target))
        took.append(time.perf_counter() - start)
        start = time.perf_counter()
    session.stop()
    return took[0], took[1]


def table(rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    head, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---", *("---:" for _ in head[1:])], *body))


def main() -> None:
    """Measure, print, and write if asked."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    given = [each for each in sys.argv[1:] if not each.startswith("--")]
    found = postings(given[0] if given else None)
    rows = [found[number % len(found)] for number in range(ROWS)]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "postings.parquet"
        pq.write_table(pa.Table.from_pylist(rows), source, row_group_size=5000)
        batch_seconds(source, 1)  # loads what is imported when it is used
        one, written = batch_seconds(source, 1)
        two, _ = batch_seconds(source, 2)
        cold, warm = spark_seconds(source)
        read = source.stat().st_size
    characters = sum(len(row["text"]) for row in rows) / ROWS
    per_core = ROWS / one
    measured = table(
        [
            ["", "seconds", "postings/s", "beside one core"],
            ["plain batch, 1 core", f"{one:.1f}", f"{per_core:,.0f}", "1.00x"],
            ["plain batch, 2 cores", f"{two:.1f}", f"{ROWS / two:,.0f}", f"{one / two:.2f}x"],
            ["Spark, 2 cores, first query", f"{cold:.1f}", f"{ROWS / cold:,.0f}", f"{one / cold:.2f}x"],
            ["Spark, 2 cores, second query", f"{warm:.1f}", f"{ROWS / warm:,.0f}", f"{one / warm:.2f}x"],
        ]
    )
    spark_core = ROWS / warm / 2
    costs = table(
        [
            ["per million postings", "plain batch", "Spark"],
            ["core-seconds", f"{1e6 / per_core:,.0f}", f"{1e6 / spark_core:,.0f}"],
            ["Parquet read", f"{read / ROWS * 1e6 / 1e9:.2f} GB", "the same"],
            ["Parquet written", f"{written / ROWS * 1e6 / 1e9:.2f} GB", "the same"],
            ["dollars", f"{1e6 / per_core / 3600 * PRICE:.4f}", f"{1e6 / spark_core / SPREAD / 3600 * PRICE:.4f}"],
        ]
    )
    plan = [["postings", "core-hours", "machines", "hours", "dollars", "read and written"]]
    for name, count in PLANS.items():
        hours = count / spark_core / SPREAD / 3600
        nodes = 1 if count <= 1e8 else 20
        volume = count / ROWS * (read + written) / 1e12
        plan.append(
            [
                name,
                f"{hours:,.0f}",
                f"{nodes}",
                f"{hours / nodes / NODE_CORES:,.1f}",
                f"{hours * PRICE:,.2f}",
                f"{volume:.2f} TB",
            ]
        )
    parts = {
        "measured": f"{ROWS:,} postings of {characters:,.0f} characters on average, Parquet to Parquet:\n\n{measured}",
        "costs": costs,
        "plan": table(plan),
    }
    print("\n\n".join(parts.values()))
    if "--write" in sys.argv:
        path = ROOT / "docs" / "scaling.md"
        text = path.read_text(encoding="utf-8")
        for name, content in parts.items():
            start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
            before, _, rest = text.partition(start)
            text = f"{before}{start}\n{content}\n\n{end}{rest.partition(end)[2]}"
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
