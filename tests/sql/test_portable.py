"""Every model stays in the SQL that DuckDB and Spark answer alike.

The parser translates all of it without a word; each rule below is a difference that was seen when
one text ran on both engines (`analytics/warehouse/SPARK.md`). Models and checks run on both.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlglot
from model_slices import model_paths, sql_of, tree_of
from sqlglot import exp

from analytics.warehouse.spark_sql import in_spark

MODELS = model_paths()
QUERIES = [*MODELS, *model_paths("checks")]

# A name the parser gives no class of its own, or one class with a portable name.
NAMES = {
    "list_sum", "list_aggregate", "list_aggr", "list_slice", "array_slice", "list_reduce",
    "quantile", "quantile_cont", "quantile_disc", "percentile_cont", "percentile_disc", "median",
    "mode", "dayofweek", "isodow", "weekday", "dayname", "hash", "md5_number", "epoch", "epoch_ms",
    "epoch_us", "printf", "format", "date_add", "map", "map_from_entries", "datesub", "date_sub",
    "fdiv", "divide", "avg", "mean", "favg", "columns", "arg_min", "arg_max", "min_by", "max_by",
    "any_value", "first", "last", "any", "initcap", "range",
}  # fmt: skip

CLASSES: dict[type[exp.Expression], str] = {
    exp.Pivot: "pivot or unpivot",
    exp.Columns: "columns()",
    exp.Map: "map literal",
    exp.ToMap: "map literal",
    exp.Bracket: "slice or index of a list",
    exp.Slice: "slice",
    exp.DayOfWeek: "dayofweek",
    exp.DayOfWeekIso: "isodow",
    exp.Median: "median",
    exp.PercentileCont: "percentile_cont",
    exp.PercentileDisc: "percentile_disc",
    exp.Quantile: "quantile",
    exp.Format: "format",
    exp.DateAdd: "date_add",
    exp.AnyValue: "any_value",
    exp.First: "first",
    exp.Last: "last",
    exp.ArgMax: "arg_max",
    exp.ArgMin: "arg_min",
    exp.IntDiv: "whole division",
    exp.TimeToUnix: "epoch",
    exp.Mode: "mode",
    exp.GenerateSeries: "generate_series",
    exp.GroupConcat: "string_agg",
    exp.ILike: "ilike",
    exp.Collate: "collate",
    exp.Avg: "avg",
}


def faults(sql: str) -> list[str]:
    """What Spark would not run, or would answer otherwise."""
    return faults_in(sqlglot.parse_one(sql, dialect="duckdb"))


def faults_in(tree: exp.Expression) -> list[str]:
    return sorted({fault for rule in RULES for fault in rule(tree)})


def _joins(tree: exp.Expression) -> Iterator[str]:
    for join in tree.find_all(exp.Join):
        if (join.args.get("method") or "").upper() in ("ASOF", "POSITIONAL"):
            yield f"{join.args['method'].lower()} join"
        if join.args.get("kind") in ("SEMI", "ANTI") and join.args.get("using"):
            yield "semi or anti join by using"
    for union in tree.find_all(exp.SetOperation):
        if union.args.get("by_name"):
            yield "union by name"


def _classes(tree: exp.Expression) -> Iterator[str]:
    for kind, name in CLASSES.items():
        if tree.find(kind):
            yield name
    for unnest in tree.find_all(exp.Unnest):
        if unnest.args.get("offset"):
            yield "with ordinality"


def _names(tree: exp.Expression) -> Iterator[str]:
    for call in tree.find_all(exp.Anonymous):
        if call.name.lower() in NAMES:
            yield call.name.lower()
    for call in tree.find_all(exp.Func):
        if not isinstance(call, exp.Anonymous) and call.sql_name().lower() in NAMES:
            yield call.sql_name().lower()


def _dates(tree: exp.Expression) -> Iterator[str]:
    for difference in tree.find_all(exp.DateDiff):
        if (difference.text("unit") or "DAY").upper().strip("'") not in ("DAY", "DAYS"):
            yield f"datediff by {difference.text('unit').lower()}"
    for part in tree.find_all(exp.Extract):
        if part.name.upper() in ("EPOCH", "DOW", "ISODOW", "DAYOFWEEK"):
            yield f"extract {part.name.lower()}"
    for difference in tree.find_all(exp.Sub):
        if _is_date(difference.this) and _is_date(difference.expression):
            yield f"date - date: {difference.sql('duckdb')}"
    for sum_ in tree.find_all(exp.Add, exp.Sub):
        if sum_.find(exp.Interval) and not isinstance(sum_.parent, exp.Cast):
            yield f"date and interval not cast back to a date: {sum_.sql('duckdb')}"
    for cut in tree.find_all(exp.DateTrunc, exp.TimestampTrunc):
        if not isinstance(cut.parent, exp.Cast):
            yield f"date_trunc not cast back to a date: {cut.sql('duckdb')}"


def _is_date(node: exp.Expression) -> bool:
    if isinstance(node, exp.Column):
        return node.name.endswith(("_date", "_from", "_through", "_on", "as_of"))
    return isinstance(node, exp.Cast) and node.is_type("date")


def _divisions(tree: exp.Expression) -> Iterator[str]:
    for division in tree.find_all(exp.Div):
        if not (_is_double(division.left) and _is_double(division.right)):
            yield f"division that is not of doubles: {division.sql('duckdb')}"
        elif not _is_never_zero(division.right):
            yield f"division by what may be zero: {division.sql('duckdb')}"


def _remainders(tree: exp.Expression) -> Iterator[str]:
    for remainder in tree.find_all(exp.Mod):
        if not isinstance(remainder.right, exp.Literal) and not _is_never_zero(remainder.right):
            yield f"remainder by what may be zero: {remainder.sql('duckdb')}"


def _is_double(node: exp.Expression) -> bool:
    """A cast to double, or a product of one with a whole number, or null where it is zero."""
    if isinstance(node, (exp.Paren, exp.Nullif)):
        return _is_double(node.this)
    if isinstance(node, exp.Mul):
        return _is_double(node.left) and isinstance(node.right, exp.Literal)
    return isinstance(node, exp.Cast) and node.is_type("double")


# Divisors the intake has refused at zero, or that a case before has.
NEVER_ZERO = {"unit_mg", "package_quantity", "weights"}


def _is_never_zero(node: exp.Expression) -> bool:
    if isinstance(node, exp.Nullif):
        return True
    return {column.name for column in node.find_all(exp.Column)} <= NEVER_ZERO


def _casts(tree: exp.Expression) -> Iterator[str]:
    for cast in tree.find_all(exp.Cast):
        whole = cast.is_type("int", "bigint", "smallint", "tinyint", "hugeint")
        if whole and cast.this.find(exp.Div, exp.Mul, exp.Round):
            yield f"fraction cast to a whole number: {cast.sql('duckdb')}"
        if cast.is_type("hugeint", "uhugeint", "utinyint", "usmallint", "uinteger", "ubigint"):
            yield f"type that Spark does not have: {cast.sql('duckdb')}"


def _lists(tree: exp.Expression) -> Iterator[str]:
    for made in tree.find_all(exp.ArrayAgg):
        if made.find(exp.Order):
            yield f"list in an order of its own: {made.sql('duckdb')}"
        if not made.find_ancestor(exp.ArraySort):
            yield f"list in no order: {made.sql('duckdb')}"
        if isinstance(made.parent, exp.Filter):
            yield f"list of no rows is null here, empty there: {made.parent.sql('duckdb')}"
        if not made.find_ancestor(exp.ArrayDistinct) and _may_be_null(made.this):
            yield f"list of nulls alone is null here, empty there: {made.sql('duckdb')}"
    for length in tree.find_all(exp.Length):
        if length.find(exp.ArrayAgg, exp.Array, exp.Split):
            yield f"length of a list: {length.sql('duckdb')}"


# Columns that hold a text on every row.
NEVER_NULL = {"term_id", "sorted_modifiers"}


def _may_be_null(node: exp.Expression) -> bool:
    return any(
        column.name not in NEVER_NULL and not column.find_ancestor(exp.Coalesce)
        for column in node.find_all(exp.Column)
    )


def _texts(tree: exp.Expression) -> Iterator[str]:
    for like in tree.find_all(exp.Like):
        if not isinstance(like.expression, exp.Literal) or "\\" in like.expression.name:
            yield f"a backslash escapes there: {like.sql('duckdb')}"
    for part in tree.find_all(exp.Substring):
        if not (isinstance(part.args.get("start"), exp.Literal) and part.text("start") != "0"):
            yield f"substr from before the first letter: {part.sql('duckdb')}"
    for part in tree.find_all(exp.Left, exp.Right):
        if isinstance(part.expression, exp.Neg):
            yield f"letters but the last: {part.sql('duckdb')}"


# The words both dialects of patterns share: letters, classes, counts, and the two ends.
SHARED_PATTERN = re.compile(r"\^?(?:\[[^\]\\]+\]|[^\\.^$()|\[\]])*\$?")


def _patterns(tree: exp.Expression) -> Iterator[str]:
    for found in tree.find_all(exp.RegexpLike, exp.RegexpReplace, exp.RegexpExtract):
        pattern = found.expression
        if not isinstance(pattern, exp.Literal) or not SHARED_PATTERN.fullmatch(pattern.name):
            yield f"pattern in words of one dialect: {found.sql('duckdb')}"
    for replaced in tree.find_all(exp.RegexpReplace):
        pattern = replaced.expression.name
        is_anchored = pattern.startswith("^") or pattern.endswith("$")
        if not is_anchored and "g" not in replaced.text("modifiers"):
            yield f"replaces once here, everywhere there: {replaced.sql('duckdb')}"


def _orders(tree: exp.Expression) -> Iterator[str]:
    for query in tree.find_all(exp.Distinct):
        if query.args.get("on"):
            yield "distinct on"
    if tree.find(exp.Limit):
        yield "limit"
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        if select.args.get("qualify") and group is not None and group.args.get("all"):
            yield "qualify beside group by all"


RULES: tuple[Callable[[exp.Expression], Iterator[str]], ...] = (
    _joins,
    _classes,
    _names,
    _dates,
    _divisions,
    _remainders,
    _casts,
    _lists,
    _texts,
    _patterns,
    _orders,
)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_uses_what_both_engines_answer_alike(path: Path):
    assert faults_in(tree_of(path.stem)) == []


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_translates_to_spark_whole(path: Path):
    assert in_spark(path.stem, sql_of(path))


@pytest.mark.parametrize(
    "fault",
    [
        "select 1 as x from a asof join b on a.k = b.k and a.d >= b.d",
        "select 1 as x from a positional join b",
        "select x from a union by name select x from b",
        "select columns('x.*') from t",
        "pivot t on x using sum(y)",
        "select * from t pivot (sum(y) for x in ('a', 'b'))",
        "select * from t unpivot (y for x in (a, b))",
        "select list_sum(list(x)) as y from t",
        "select xs[1:2] as y from t",
        "select xs[1] as y from t",
        "select len(list(x)) as y from t",
        "select length(string_split(x, ' ')) as y from t",
        "select map {'a': 1} as y",
        "select quantile_cont(x, 0.5) as y from t",
        "select median(x) as y from t",
        "select percentile_cont(0.5) within group (order by x) as y from t",
        "select dayofweek(d) as y from t",
        "select isodow(d) as y from t",
        "select extract(dow from d) as y from t",
        "select datediff('month', d, e) as y from t",
        "select x from unnest([1, 2]) with ordinality as u (x, n)",
        "select paid_date - service_date as y from t",
        "select cast(a as date) - date '2026-01-01' as y from t",
        "select d + interval 1 day as y from t",
        "select date_trunc('month', d) as y from t",
        "select a / b as y from t",
        "select cast(a as double) / b as y from t",
        "select cast(a as double) / cast(b as double) as y from t",
        "select a // b as y from t",
        "select avg(a) as y from t",
        "select hash(a) as y from t",
        "select epoch(a) as y from t",
        "select list(x order by y) as z from t",
        "select string_agg(x, ' ' order by y) as z from t",
        "select printf('%d', x) as y from t",
        "select format('{}', x) as y from t",
        "select cast(a * 1.5 as int) as y from t",
        "select cast(a as hugeint) as y from t",
        "select regexp_replace(a, '-', '') as y from t",
        "select mode(a) as y from t",
        "select arg_max(a, b) as y from t",
        "select any_value(a) as y from t",
        "select distinct on (a) a, b from t",
        "select a from t limit 1",
        "select array_to_string(list(coalesce(x, '')), ' ') as y from t",
        "select array_to_string(list_sort(list(x)), ' ') as y from t",
        "select array_to_string(list_sort(list_distinct(list(x) filter (where b))), '') from t",
        "select string_agg(x, ' ') as z from t",
        "select x ilike 'a%' as y from t",
        "select x like y as z from t",
        "select x like 'a\\_b' as y from t",
        "select substr(x, 0, 2) as y from t",
        "select substr(x, n, 2) as y from t",
        "select left(x, -1) as y from t",
        "select regexp_matches(x, y) as z from t",
        "select regexp_matches(x, '^\\d+$') as y from t",
        "select regexp_matches(x, 'a.b') as y from t",
        "select regexp_matches(x, 'a$|b') as y from t",
        "select a % b as y from t",
        "select a from t group by all qualify row_number() over (order by a) = 1",
        "select i from t cross join generate_series(1, 3) as g (i)",
        "select x collate nocase as y from t",
    ],
)
def test_fault_is_seen(fault: str):
    assert faults(fault)


@pytest.mark.parametrize(
    "portable",
    [
        "select cast(a as double) / nullif(cast(b as double), 0) as y from t",
        "select regexp_replace(a, ' +', ' ', 'g') || regexp_replace(a, '0+$', '') as y from t",
        "select cast(d + interval 1 day as date) as y from t",
        "select cast(date_trunc('month', d) as date) as y from t",
        "select datediff('day', d, e) as y from t",
        "select array_to_string(list_sort(list_distinct(list(x))), ' ') as y from t",
        "select a from t qualify row_number() over (partition by a order by b) = 1",
        "select sum(a) filter (where b) as y from t group by all",
        "select array_to_string(list_sort(list(coalesce(x, '') || term_id)), ' ') as y from t",
        "select a % unit_mg as y, a % 10 as z, a % nullif(b, 0) as w from t",
        "select x like '% JW %' as y, substr(x, 1, 16) as z from t",
        "select regexp_matches(x, '^[0-9]{4}-[0-9]{2}$') as y from t",
        "select regexp_replace(x, '[.]0+$', '') as y from t",
    ],
)
def test_portable_sql_passes(portable: str):
    assert faults(portable) == []
