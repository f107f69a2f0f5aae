"""A model's SQL in Spark's words: what the parser translates, and the rest that it would get wrong.

The parser translates without a word what the two engines answer otherwise. Each rewrite below makes
Spark say what DuckDB says; what cannot be mended here is kept out of the models by the lint. Both
are told in `SPARK.md`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from analytics.warehouse.engine import open_engine
from analytics.warehouse.sql_files import SqlFileError

# A step read twice that itself reads so many tables is computed once and kept: Spark plans a named
# step anew wherever it is read, and steps upon steps multiply.
MOST_READS = 8

# What DuckDB counts in BIGINT and Spark in INT.
_COUNTED = (exp.DateDiff, exp.Length, exp.StrPosition, exp.Year, exp.Quarter, exp.Month, exp.Day)
_RANKED = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile)
_KEPT = "row_is_kept"


@dataclass(frozen=True)
class Statement:
    """One SELECT for Spark and the table its rows become."""

    table: str
    sql: str


@cache
def in_spark(name: str, sql: str) -> tuple[Statement, ...]:
    """The statements that make one model (or check) on Spark, in order; the last one is its own.

    Takes    sql, the SELECT as DuckDB runs it
    Raises   SqlFileError, naming the model, for SQL that Spark has no words for
    """
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    return tuple(
        Statement(table, _translated(name, step)) for table, step in _steps_apart(name, tree)
    )


def _translated(name: str, tree: exp.Query) -> str:
    for rewrite in _REWRITES:
        tree = rewrite(tree)
    try:
        return tree.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    except SqlglotError as error:
        raise SqlFileError(
            f"{name}.sql cannot be said in Spark's SQL; {str(error).splitlines()[0]}. "
            "Write it in the SQL both engines know (analytics/warehouse/SPARK.md)."
        ) from None


def _steps_apart(name: str, tree: exp.Query) -> list[tuple[str, exp.Query]]:
    """The model cut at the steps that would be planned over and over, the rest of it last."""
    named = tree.args.get("with_")
    if named is None or named.args.get("recursive"):
        return [(name, tree)]
    readers = Counter(table.name for table in tree.find_all(exp.Table))
    width: dict[str, int] = {}
    apart: list[tuple[str, exp.Query]] = []
    for place, step in enumerate(named.expressions):
        width[step.alias] = sum(width.get(read.name, 1) for read in step.this.find_all(exp.Table))
        if readers[step.alias] > 1 and width[step.alias] >= MOST_READS:
            table = f"{name}__{step.alias}"
            before = exp.With(expressions=[earlier.copy() for earlier in named.expressions[:place]])
            alone = step.this.copy()
            if before.expressions:
                alone.set("with_", before)
            apart.append((table, alone))
            step.set("this", exp.select("*").from_(table))
            width[step.alias] = 1
    return [*apart, (name, tree)]


def _each(
    tree: exp.Query, kinds: tuple[type[exp.Expression], ...], change: Callable[..., exp.Expression]
) -> exp.Query:
    """The tree with every node of these kinds changed, the innermost first."""
    for node in reversed(list(tree.find_all(*kinds))):
        changed = change(node.copy())
        if node is tree:
            tree = changed
        else:
            node.replace(changed)
    return tree


def _whole_numbers(tree: exp.Query) -> exp.Query:
    """Counted things are BIGINT."""

    def widened(node: exp.Expression) -> exp.Expression:
        is_counted = isinstance(node, _COUNTED) or isinstance(node.this, _RANKED)
        return exp.cast(node, "bigint") if is_counted else node

    return _each(tree, (*_COUNTED, exp.Window), widened)


def _qualify(tree: exp.Query) -> exp.Query:
    """QUALIFY as a column of the select and a filter around it.

    The condition then reads the names the select itself reads, as in DuckDB; the parser's own way
    takes an alias of the select for a column of the same name.
    """

    def filtered(select: exp.Select) -> exp.Select:
        qualify = select.args.get("qualify")
        if qualify is None:
            return select
        named = select.args.get("with_")
        select.set("qualify", None)
        select.set("with_", None)
        select.select(exp.alias_(qualify.this, _KEPT), copy=False)
        star = exp.Star(except_=[exp.to_identifier(_KEPT)])
        outer = exp.select(star).from_(select.subquery("judged")).where(exp.column(_KEPT))
        outer.set("with_", named)
        return outer

    return _each(tree, (exp.Select,), filtered)


def _letters(tree: exp.Query) -> exp.Query:
    """Upper and lower case by DuckDB's own pairs: Spark makes SS of one sharp s."""

    def paired(node: exp.Upper | exp.Lower) -> exp.Expression:
        letters, cased = _letter_pairs("upper" if isinstance(node, exp.Upper) else "lower")
        return exp.func(
            "translate", node.this, exp.Literal.string(letters), exp.Literal.string(cased)
        )

    return _each(tree, (exp.Upper, exp.Lower), paired)


def _blanks(tree: exp.Query) -> exp.Query:
    """Blanks at the ends are all of DuckDB's: Spark leaves those that do not break a line."""

    def told(node: exp.Trim) -> exp.Trim:
        if node.args.get("expression") is None:
            node.set("expression", exp.Literal.string(_blank_letters()))
            node.set("position", node.args.get("position") or "BOTH")
        return node

    return _each(tree, (exp.Trim,), told)


def _pattern_ends(tree: exp.Query) -> exp.Query:
    """The end of a pattern is the end of the text: for Spark also the line break before it."""

    def closed(node: exp.RegexpLike | exp.RegexpReplace | exp.RegexpExtract) -> exp.Expression:
        pattern = node.expression
        if isinstance(pattern, exp.Literal) and pattern.name.endswith("$"):
            node.set("expression", exp.Literal.string(pattern.name[:-1] + r"\z"))
        return node

    return _each(tree, (exp.RegexpLike, exp.RegexpReplace, exp.RegexpExtract), closed)


_REWRITES: tuple[Callable[[exp.Query], exp.Query], ...] = (
    _whole_numbers,
    _letters,
    _blanks,
    _pattern_ends,
    _qualify,
)


@cache
def _letter_pairs(case: str) -> tuple[str, str]:
    """Every letter that DuckDB's `upper` or `lower` changes, and beside it what it becomes."""
    with open_engine() as con:
        pairs = con.execute(
            f"select chr(place), {case}(chr(place)) "
            "from (select cast(range as int) as place from range(1, 1114112)) "
            "where place not between 55296 and 57343 "
            f"and chr(place) <> {case}(chr(place)) order by place"
        ).fetchall()
    return "".join(letter for letter, _ in pairs), "".join(cased for _, cased in pairs)


@cache
def _blank_letters() -> str:
    """Every letter that DuckDB's `trim` takes off."""
    with open_engine() as con:
        blanks = con.execute(
            "select chr(place) from (select cast(range as int) as place from range(1, 1114112)) "
            "where place not between 55296 and 57343 and trim(chr(place)) = '' order by place"
        ).fetchall()
    return "".join(blank for (blank,) in blanks)
