"""What the parser alone would have Spark answer otherwise, asked of both engines."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from two_engines import ask_spark

from analytics.warehouse.engine import open_engine
from analytics.warehouse.spark_session import open_spark
from analytics.warehouse.spark_sql import MOST_READS, in_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SURROGATES = range(0xD800, 0xE000)
PLACES = [place for place in range(1, 0x110000) if place not in SURROGATES]
LETTERS = pl.DataFrame({"place": PLACES, "letter": [chr(place) for place in PLACES]})
WORDS = pl.DataFrame(
    {
        "place": range(8),
        "word": ["100", "100\n", "10.50", "10.50\n", " a\u00a0", "", "Stra\u00dfe", None],
        "amount": [5, 4, 3, 3, None, 1, 2, 2],
    },
    schema={"place": pl.Int32, "word": pl.String, "amount": pl.Int32},
)


def both(
    spark: "SparkSession", scratch: Path, rows: pl.DataFrame, query: str
) -> tuple[tuple[list, list], tuple[list, list]]:
    """Types and rows of a query on `words`, first of DuckDB, then of Spark."""
    with open_engine() as con, open_spark(spark, scratch) as session:
        con.register("given", rows)
        con.execute("create table words as select * from given")
        answers = []
        for asked in (query, ask_spark(session, scratch)(con, ["words"], query)):
            types = con.execute(f"describe {asked}").fetchall()
            answers.append((types, con.execute(f"{asked} order by all").fetchall()))
    return answers[0], answers[1]


@pytest.mark.parametrize(
    "query",
    [
        "select place, upper('x' || letter || 'x') as up, lower('x' || letter) as low from words",
        "select place, trim('a' || letter) as after, ltrim(letter || 'a') as before from words",
    ],
)
def test_every_letter_is_cased_and_stripped_alike(
    spark: "SparkSession", tmp_path: Path, query: str
):
    here, there = both(spark, tmp_path, LETTERS, query)
    assert len(here[1]) == 0x110000 - 1 - len(SURROGATES)
    assert there == here


@pytest.mark.parametrize(
    "query",
    [
        "select place, row_number() over (order by amount desc, place) as n,"
        " rank() over (order by amount) as r, dense_rank() over (order by amount) as d from words",
        "select place, length(word) as n, strpos(word, '0') as s from words",
        "select place, year(date '2026-05-01') as y, quarter(date '2026-05-01') as q,"
        " datediff('day', date '2026-01-01', date '9999-12-31') as d from words",
        "select place, regexp_matches(word, '^[0-9]{3}$') as m,"
        " regexp_replace(word, '0+$', '') as r from words",
        "select place, -amount as amount from words"
        " qualify row_number() over (partition by 1 order by amount, place) <= 2",
        "select amount, cast(sum(place) as bigint) as places from words group by amount"
        " qualify row_number() over (order by max(word), amount) = 1",
        "select * exclude (word) from (select * from words"
        " qualify count(*) over (partition by amount) > 1) as w",
        "with recursive steps as (select 1 as n union all select n + 1 as n from steps"
        " where n < 150) select max(n) as n, count(*) as steps from steps",
        "select sum(cast(amount as decimal(18, 6))) * cast(0.000001 as decimal(9, 6)) as product"
        " from words",
        "select array_to_string(list_sort(list_distinct(list(word))), '|') as words from words",
        "select place, greatest(amount, null, 3) as g, least(null, amount) as l,"
        " word || nullif(word, '') as n, coalesce(word, '') || '/' as w from words",
    ],
)
def test_query_is_answered_alike(spark: "SparkSession", tmp_path: Path, query: str):
    here, there = both(spark, tmp_path, WORDS, query)
    assert here[1]
    assert [row[1:] for row in there[1]] == [row[1:] for row in here[1]]
    assert there == here


# Steps that are computed once


WIDE = "select * from t cross join " + " cross join ".join(f"t as t{n}" for n in range(MOST_READS))


def test_step_read_twice_that_reads_much_is_a_statement_of_its_own():
    first, last = in_spark(
        "m", f"with a as ({WIDE}), b as (select * from a) select * from a join b"
    )
    assert first.table == "m__a"
    assert last.table == "m"
    assert "t7" not in last.sql
    assert last.sql.count("m__a") == 1


@pytest.mark.parametrize(
    "query",
    [
        f"with a as ({WIDE}) select * from a",
        "with a as (select * from t) select * from a join a as b on a.x = b.x",
        "with recursive a as (select 1 as x union all select x + 1 from a) select * from a",
    ],
)
def test_step_read_once_or_that_reads_little_stays_where_it_stands(query: str):
    (only,) = in_spark("m", query)
    assert only.table == "m"
