import csv
import json
import os
import shutil
import signal
import sys

import pytest

from rolelens import TableError
from rolelens.tables.scoring import Job, score_table
from support import EXAMPLES, EXPECTED

pytest.importorskip("pyspark", reason="Spark is an extra")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs a Java runtime, and there is none here", allow_module_level=True)

from rolelens import spark

pytestmark = [
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # of the sockets that Spark talks through
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark"),
]
TEXTS = [(EXAMPLES / f"{name}.txt").read_text(encoding="utf-8") for name in EXPECTED]
MANY = 200_000


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    found = (
        SparkSession.builder.master("local[2, 4]")  # a task may fail three times
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield found
    found.stop()


def rows_of(count):
    """Return postings of different lengths, some of them none."""
    rows = []
    for number in range(count):
        text = TEXTS[number % len(TEXTS)]
        lines = text.split("\n")[: 3 + number % 7]
        rows.append((number, "\n".join(lines) if number % 11 else None, None if number % 3 else "AI Developer"))
    return rows


def scored_by_command(rows, tmp_path):
    """Return what `rolelens score` makes of the same rows, by their numbers."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "description", "title"), *rows])
    score_table(Job(str(source), str(target)))
    with target.open(encoding="utf-8-sig", newline="") as file:
        return {int(row["id"]): row for row in csv.DictReader(file)}


def same(row, expected):
    """Return whether a row of Spark's says what a row of a CSV file says, but for the last digit of a number."""
    for name, cell in row.items():
        if isinstance(cell, float):
            if abs(cell - float(expected[name])) > 2e-6:
                return False
        elif ("" if cell is None else str(cell)) != expected[name]:
            return False
    return True


def test_200_000_rows_are_as_the_command_scores_them(session, tmp_path):
    rows = rows_of(MANY)
    expected = scored_by_command(rows, tmp_path)
    path = tmp_path / "in.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(
            json.dumps(dict(zip(("id", "description", "title"), row, strict=True)), ensure_ascii=False) + "\n"
            for row in rows
        )
    table = session.read.schema("id long, description string, title string").json(str(path))
    result = spark.score(table.repartition(4))
    assert list(result.columns) == list(expected[0])
    seen = 0
    for row in result.toLocalIterator():
        seen += 1
        assert same(row.asDict(), expected[row["id"]]), row
    assert seen == MANY


def test_nothing_runs_before_it_is_asked_for_and_it_composes(session):
    table = session.createDataFrame(rows_of(30), "id long, description string, title string")
    result = spark.score(table.where("id > 3"), text="description", title="title").groupBy("role").count()
    assert sum(row["count"] for row in result.collect()) == 26


def test_empty_and_skewed_partitions_lose_nothing(session):
    table = session.createDataFrame(rows_of(500), "id long, description string, title string")
    one = table.repartition(1)
    empty = table.where("id < 0").repartition(3)
    assert sorted(row["id"] for row in spark.score(one.union(empty)).select("id").collect()) == list(range(500))
    assert spark.score(empty).count() == 0


def test_rows_without_a_text_are_kept_with_their_error(session):
    table = session.createDataFrame([(1, None), (2, ""), (3, TEXTS[0])], "id long, body string")
    found = {row["id"]: row for row in spark.score(table).collect()}
    assert [bool(found[number]["error"]) for number in (1, 2, 3)] == [True, True, False]
    assert found[1]["role"] is None
    assert found[3]["role"] is not None


def test_other_columns_of_any_type_stay_and_names_that_clash_get_a_prefix(session):
    table = session.createDataFrame(
        [(TEXTS[0], [1, 2], {"a": 1.5}, "mine")], "text string, list array<int>, map map<string, double>, role string"
    )
    result = spark.score(table)
    assert result.schema.fields[: len(table.columns)] == table.schema.fields
    (row,) = result.collect()
    assert (row["list"], row["map"], row["role"]) == ([1, 2], {"a": 1.5}, "mine")
    assert row["rolelens_role"] is not None


def test_a_killed_worker_is_replaced(session, tmp_path):
    marker = tmp_path / "killed"

    def kill_once(batches):
        for batch in batches:
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    table = session.createDataFrame(rows_of(300), "id long, description string, title string").repartition(3)
    result = spark.score(table).mapInArrow(kill_once, spark.score(table).schema)
    assert sorted(row["id"] for row in result.collect()) == list(range(300))
    assert marker.exists()


def test_a_column_that_is_not_there_is_named(session):
    table = session.createDataFrame([(1, "x")], "id long, notes string")
    with pytest.raises(TableError, match="no column looks like"):
        spark.score(table)
    with pytest.raises(TableError, match="no column 'advert'"):
        spark.score(table, text="advert")
