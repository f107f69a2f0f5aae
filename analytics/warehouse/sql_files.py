"""What a SQL file says about itself in its header, checked against what its SQL does."""

import re
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from analytics.errors import AnalyticsError

MODEL_LABELS = ("what", "grain", "key", "reads", "beware")
CHECK_LABELS = ("what", "reads", "likely")
OPTIONAL_LABELS = {"beware"}

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
    """One SELECT with its header: `labels` as written, `reads` as found in the SQL."""

    path: Path
    sql: str
    labels: dict[str, str]
    reads: tuple[str, ...]
    tokens: tuple[str, ...]

    @property
    def name(self) -> str:
        """The table or check the file is called after."""
        return self.path.stem


def read_sql_file(path: Path, labels: tuple[str, ...] = MODEL_LABELS) -> SqlFile:
    """The file's SELECT and header.

    Takes    labels, those the header must carry, in order
    Raises   SqlFileError, naming the file, for a missing or untrue header, for SQL that is not one
             SELECT, and for SQL that reads a file, the clock or chance
    """
    text = path.read_text(encoding="utf-8")
    header = _read_header(path, text, labels)
    tree = _parse(path, text)
    tables = _tables_read(path, tree)
    said = tuple(sorted(_listed(header["reads"])))
    if said != tables:
        raise SqlFileError(
            f"{_shown(path)}: the header does not say what the SQL reads; "
            f"header: {', '.join(said) or 'nothing'}; SQL: {', '.join(tables) or 'nothing'}. "
            "Write the tables of the SQL behind `-- reads`."
        )
    tokens = [
        f"{token.token_type.name}:{token.text}" for token in sqlglot.tokenize(text, read="duckdb")
    ]
    while tokens and tokens[-1].startswith("SEMICOLON"):
        tokens.pop()
    sql = text.strip().rstrip(";")
    return SqlFile(path, sql, header, tables, tuple(tokens))


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


def _parse(path: Path, text: str) -> exp.Query:
    try:
        statements = [tree for tree in sqlglot.parse(text, read="duckdb") if tree is not None]
    except SqlglotError as error:
        raise SqlFileError(
            f"{_shown(path)}: the SQL cannot be parsed; {str(error).splitlines()[0]}. Mend it."
        ) from None
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
