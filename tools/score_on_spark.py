"""Score a table on Spark.

spark-submit score_on_spark.py INPUT OUTPUT [--text COLUMN] [--title COLUMN] [--model DIR]

INPUT and OUTPUT are Parquet, CSV or JSON lines by their endings, on any file system that the cluster knows.
"""

from __future__ import annotations

import argparse

from pyspark.sql import DataFrame, SparkSession

from rolelens import spark


def read(session: SparkSession, path: str) -> DataFrame:
    """Return the table at a path."""
    if path.endswith((".csv", ".csv.gz")):
        return session.read.csv(path, header=True, multiLine=True, quote='"', escape='"')
    return session.read.json(path) if path.endswith((".jsonl", ".json", ".jsonl.gz")) else session.read.parquet(path)


def main() -> None:
    """Score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--text", action="append", help="the column of the texts; several are joined")
    parser.add_argument("--title", help="the column of the titles")
    parser.add_argument("--model", help="a model folder on the driver")
    given = parser.parse_args()
    session = SparkSession.builder.appName("rolelens").getOrCreate()
    scored = spark.score(read(session, given.input), given.text, given.title, model=given.model)
    if given.output.endswith(".csv"):
        scored.write.csv(given.output, header=True, quote='"', escape='"')
    elif given.output.endswith((".json", ".jsonl")):
        scored.write.json(given.output)
    else:
        scored.write.parquet(given.output)


if __name__ == "__main__":
    main()
