"""What a SQL file says about itself in its header, checked against what its SQL does.

A model file may hold, in place of a SELECT of its own, one more line behind its header:

    -- same    int_lines_at_rate, reading int_paid_units_to_price for int_lines_to_price

It then runs the SELECT of the model it names over another table, so that a rule which several
tables need is written once.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.tokens import Token, TokenType

from analytics.errors import AnalyticsError

MODEL_LABELS = ("what", "grain", "key", "reads", "beware", "same")
CHECK_LABELS = ("what", "reads", "likely")
OPTIONAL_LABELS = {"beware", "same"}

_SAME = re.compile(r"(\w+), reading (\w+) for (\w+)")
_LABELLED = re.compile(r"^-- ([a-z]+)\s+(\S.*)$")
_CONTINUED = re.compile(r"^--\s{3,}(\S.*)$")

# A fingerprint covers SQL and inputs; whatever else could change a result is kept out of the SQL.
_UNTRACED = (exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime, exp.Rand, exp.Uuid)
_UNTRACED_NAMES = {"now", "get_current_timestamp", "get_current_time", "transaction_timestamp"}
_ROW_SOURCES = (exp.GenerateSeries, exp.ExplodingGenerateSeries, exp.Unnest)


class SqlFileError(AnalyticsError):
    """A SQL file does not keep the rules of its header."""


@dataclass(frozen=True)
class SqlFile:
    """One SELECT with its header: `labels` as written, `reads` as found in the SQL.

    `same_as` names the model whose SELECT it is, where that is another.
    """

    path: Path
    sql: str
    labels: dict[str, str]
    reads: tuple[str, ...]
    tokens: tuple[str, ...]
    same_as: str | None = None

    @property
    def name(self) -> str:
        """The table or check the file is called after."""
        return self.path.stem


def read_sql_file(path: Path, labels: tuple[str, ...] = MODEL_LABELS) -> SqlFile:
    """The file's SELECT and header.

    Takes    labels, those the header must carry, in order
    Raises   SqlFileError, naming the file, for a missing or untrue header, for SQL that is not one
             SELECT, for SQL that reads a file, the clock or chance, and for a SELECT of another
             model that is not there or does not read the table it should
    """
    text = path.read_text(encoding="utf-8")
    header = _read_header(path, text, labels)
    same_as = None
    if "same" in header:
        same_as, text = _select_of_another(path, text, header["same"])
    tables, tokens = _understood(path, text)
    said = tuple(sorted(_listed(header["reads"])))
    if said != tables:
        raise SqlFileError(
            f"{_shown(path)}: the header does not say what the SQL reads; "
            f"header: {', '.join(said) or 'nothing'}; SQL: {', '.join(tables) or 'nothing'}. "
            "Write the tables of the SQL behind `-- reads`."
        )
    sql = text.strip().rstrip(";")
    return SqlFile(path, sql, header, tables, tokens, same_as)


def key_columns(file: SqlFile) -> tuple[str, ...]:
    """The columns the header names behind `key`."""
    return _listed(file.labels["key"])


def _read_header(path: Path, text: str, labels: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        if labelled := _LABELLED.match(line):
            found[labelled[1]] = labelled[2].strip()
        elif found and (continued := _CONTINUED.match(line)):
            last = next(reversed(found))
            found[last] += " " + continued[1].strip()
        else:
            break
    wanted = [label for label in labels if label in found or label not in OPTIONAL_LABELS]
    if list(found) != wanted:
        raise SqlFileError(
            f"{_shown(path)}: the header is not complete; found {', '.join(found) or 'none'}. "
            f"Begin the file with these lines, in order: {', '.join('-- ' + w for w in wanted)}."
        )
    return found


def _select_of_another(path: Path, text: str, said: str) -> tuple[str, str]:
    """Return the model that `-- same` names, and its SELECT over the other table."""
    named = _SAME.fullmatch(said)
    if named is None:
        raise SqlFileError(
            f"{_shown(path)}: `-- same` cannot be read; found {said!r}. "
            "Write the model, then `reading` the table here `for` the table there."
        )
    if sqlglot.tokenize(text, read="duckdb"):
        raise SqlFileError(
            f"{_shown(path)}: it holds a SELECT and `-- same`; found both. Leave one of them."
        )
    model, here, there = named.groups()
    found = sorted(path.parent.parent.glob(f"*/{model}.sql"))
    select = found[0].read_text(encoding="utf-8") if found else ""
    if there not in _words(select):
        raise SqlFileError(
            f"{_shown(path)}: `-- same` needs a model {model} whose SELECT reads {there}; found "
            f"{'none in it' if found else 'no such model'}. Name the file that holds the SELECT."
        )
    return model, _with_word(_without_header(select), there, here)


def _words(sql: str) -> set[str]:
    return {token.text for token in sqlglot.tokenize(sql, read="duckdb")}


def _with_word(sql: str, word: str, other: str) -> str:
    """The same text with every name `word` replaced; texts in quotes and comments stay."""
    for token in reversed(sqlglot.tokenize(sql, read="duckdb")):
        if token.token_type is TokenType.VAR and token.text == word:
            sql = sql[: token.start] + other + sql[token.end + 1 :]
    return sql


def _without_header(text: str) -> str:
    lines = text.splitlines(keepends=True)
    first = next(place for place, line in enumerate(lines) if not line.startswith("--"))
    return "".join(lines[first:])


# Parsing all models takes as long as building them for a small site, and their text seldom moves.
@lru_cache(maxsize=1024)
def _understood(path: Path, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tables a SELECT reads, sorted, and its tokens without comments and layout."""
    try:
        tokens = sqlglot.tokenize(text, read="duckdb")
    except SqlglotError as error:
        raise _unreadable(path, error) from None
    tables = _tables_read(path, _parse(path, text, tokens))
    named = [f"{token.token_type.name}:{token.text}" for token in tokens]
    while named and named[-1].startswith("SEMICOLON"):
        named.pop()
    return tables, tuple(named)


def _unreadable(path: Path, error: SqlglotError) -> SqlFileError:
    return SqlFileError(
        f"{_shown(path)}: the SQL cannot be parsed; {str(error).splitlines()[0]}. Mend it."
    )


def _parse(path: Path, text: str, tokens: list[Token]) -> exp.Query:
    try:
        statements = [tree for tree in DuckDB().parser().parse(tokens, text) if tree is not None]
    except SqlglotError as error:
        raise _unreadable(path, error) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        kinds = ", ".join(tree.key for tree in statements) or "nothing"
        raise SqlFileError(
            f"{_shown(path)}: a file holds one SELECT; found {kinds}. Leave one SELECT in it."
        )
    for part in statements[0].find_all(*_UNTRACED, exp.Anonymous):
        if isinstance(part, exp.Anonymous) and part.name.lower() not in _UNTRACED_NAMES:
            continue
        raise SqlFileError(
            f"{_shown(path)}: a result may depend on its inputs only; found "
            f"{part.sql('duckdb')}. Read the as-of date from the site table instead."
        )
    return statements[0]


def _tables_read(path: Path, tree: exp.Query) -> tuple[str, ...]:
    sources = [
        source
        for scope in traverse_scope(tree)
        for source in scope.sources.values()
        if isinstance(source, exp.Table)
    ]
    for source in sources:
        if not isinstance(source.this, (exp.Identifier, *_ROW_SOURCES)):
            raise SqlFileError(
                f"{_shown(path)}: a model reads tables only; found {source.sql('duckdb')}. "
                "Make it an input of the warehouse."
            )
    named = (source for source in sources if isinstance(source.this, exp.Identifier))
    return tuple(sorted({f"{table.db}.{table.name}".lstrip(".") for table in named}))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _shown(path: Path) -> str:
    return "/".join(path.parts[-3:])
