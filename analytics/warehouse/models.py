"""Order, fingerprint and build the models: one DuckDB SELECT a file, one Parquet file a result.

A result is immutable and named by a fingerprint of its SQL, its key, its inputs and the engine with
its version, so nothing is computed twice and nothing stale is ever taken for fresh.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Protocol

import duckdb

from analytics.errors import AnalyticsError
from analytics.warehouse.durable import DRAFT, put_in_place
from analytics.warehouse.engine import add_view, first_line, quoted_text
from analytics.warehouse.sql_files import SqlFileError, key_columns, read_sql_file

LAYERS = ("staging", "intermediate", "marts")
DUCKDB = f"duckdb {duckdb.__version__}"

Inputs = dict[str, list[Path]]
Progress = Callable[[str, int, int], None]


class ModelError(AnalyticsError):
    """A model cannot be placed in the build, does not run, or breaks its own key."""


class EngineError(Exception):
    """An engine other than DuckDB does not run a SELECT; the text is what it says, without rows."""


class Select(Protocol):
    """What an engine is asked: a model, or a check."""

    name: str
    sql: str
    reads: tuple[str, ...]


Write = Callable[[Select, Path], None]


@dataclass(frozen=True)
class Model:
    """One table: the SELECT that makes it and what its header promises."""

    name: str
    layer: str
    sql: str
    what: str
    grain: str
    key: tuple[str, ...]
    reads: tuple[str, ...]
    beware: str | None
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Every model in build order, with the fingerprint its result has on these inputs."""

    models: dict[str, Model]
    inputs: Inputs
    fingerprints: dict[str, str]
    engine: str


@dataclass(frozen=True)
class Built:
    """The file of every model's result, and which of them this build had to make."""

    files: dict[str, Path]
    made: tuple[str, ...]


def load_models(sql_folder: Path) -> dict[str, Model]:
    """Every model below `sql_folder`, by table name, in the order of its layers and names.

    Raises   SqlFileError for a file that breaks the header rules, or two files of one name
    """
    models: dict[str, Model] = {}
    for layer in LAYERS:
        for path in sorted((sql_folder / layer).glob("*.sql")):
            file = read_sql_file(path)
            if file.name in models:
                raise SqlFileError(
                    f"two models are called {file.name}; found in {models[file.name].layer} and "
                    f"{layer}. Rename one: a table has one file."
                )
            models[file.name] = Model(
                name=file.name,
                layer=layer,
                sql=file.sql,
                what=file.labels["what"],
                grain=file.labels["grain"],
                key=key_columns(file),
                reads=file.reads,
                beware=file.labels.get("beware"),
                tokens=file.tokens,
            )
    return models


def plan_build(models: dict[str, Model], inputs: Inputs, engine: str = DUCKDB) -> Plan:
    """The build order and every fingerprint.

    Takes    inputs, raw table to the Parquet files that hold it; a file's name states its content,
             so the names alone are fingerprinted; engine, what runs the models, with its version
    Raises   ModelError for a table nobody makes, an input without files, or models that read
             each other in a circle
    """
    for name, files in inputs.items():
        if not files:
            raise ModelError(
                f"the input {name} has no file; found an empty list. "
                "An empty table is one Parquet file without rows."
            )
    order = _build_order(models, inputs)
    fingerprints = {
        name: fingerprint_of(*sorted(file.name for file in files))
        for name, files in sorted(inputs.items())
    }
    for name in order:
        model = models[name]
        sources = [f"{source}={fingerprints[source]}" for source in model.reads]
        fingerprints[name] = fingerprint_of(
            engine, *model.key, "sql", *model.tokens, "reads", *sources
        )
    return Plan({name: models[name] for name in order}, inputs, fingerprints, engine)


def result_file(results: Path, plan: Plan, name: str) -> Path:
    """Where the result of a model lies once it is made."""
    return results / f"{name}-{plan.fingerprints[name]}.parquet"


def build(
    plan: Plan,
    results: Path,
    con: duckdb.DuckDBPyConnection,
    progress: Progress | None = None,
    write: Write | None = None,
) -> Built:
    """Make the results that are not there yet; leave a view of every input and result in `con`.

    Takes    progress, called before each model with its name, its place and the number of models;
             write, how another engine writes the rows of a model to a file (DuckDB when None)
    Raises   ModelError, naming the model, when it does not run or its key does not hold
    """
    results.mkdir(parents=True, exist_ok=True)
    for name, input_files in plan.inputs.items():
        add_view(con, name, input_files)
    files: dict[str, Path] = {}
    made: list[str] = []
    for place, model in enumerate(plan.models.values(), start=1):
        if progress:
            progress(model.name, place, len(plan.models))
        target = result_file(results, plan, model.name)
        if not target.exists():
            _make(con, model, target, write or partial(_copy, con))
            made.append(model.name)
        add_view(con, model.name, [target])
        files[model.name] = target
    return Built(files, tuple(made))


def sha256_of(*parts: str) -> str:
    """The SHA-256 of these texts in this order."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def fingerprint_of(*parts: str) -> str:
    """Sixteen hex digits that stand for these texts in this order: short enough for a file name."""
    return sha256_of(*parts)[:16]


def _build_order(models: dict[str, Model], inputs: Iterable[str]) -> list[str]:
    known = set(models) | set(inputs)
    if clash := sorted(set(models) & set(inputs)):
        raise ModelError(
            f"a model and an input share a name; found {', '.join(clash)}. Rename the model."
        )
    for model in models.values():
        if missing := sorted(set(model.reads) - known):
            raise ModelError(
                f"{model.layer}/{model.name}.sql reads tables that nothing makes; found "
                f"{', '.join(missing)}. Add the model, or mend the name."
            )
    graph = {
        model.name: [source for source in model.reads if source in models]
        for model in models.values()
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise ModelError(
            f"models read each other in a circle; found {circle}. Take one read out."
        ) from None


def _copy(con: duckdb.DuckDBPyConnection, model: Select, draft: Path) -> None:
    con.execute(f"copy ({model.sql}\n) to {quoted_text(draft)} (format parquet, compression zstd)")


def _make(con: duckdb.DuckDBPyConnection, model: Model, target: Path, write: Write) -> None:
    draft = target.with_name(f"{target.name}.{os.getpid()}{DRAFT}")
    try:
        write(model, draft)
        add_view(con, model.name, [draft])
        _check_key(con, model)
        put_in_place(draft, target)
    except duckdb.OutOfMemoryException as error:
        raise ModelError(
            f"{model.layer}/{model.name}.sql does not fit in memory; DuckDB says: "
            f"{first_line(error)}. Allow more with --memory, or free disk space to spill to."
        ) from None
    except duckdb.IOException as error:
        raise ModelError(
            f"the result of {model.layer}/{model.name}.sql cannot be written: the disk is full or "
            f"read-only; DuckDB says: {first_line(error)}. "
            "Free space or mount it for writing and refresh again; the last run stays published."
        ) from None
    except EngineError as error:
        raise ModelError(
            f"{model.layer}/{model.name}.sql does not run; {error}. "
            "Mend the model or the input it reads; the last run stays published."
        ) from None
    except duckdb.Error as error:
        raise ModelError(
            f"{model.layer}/{model.name}.sql does not run; DuckDB says: {first_line(error)}. "
            "Mend the model or the input it reads; the last run stays published."
        ) from None
    finally:
        draft.unlink(missing_ok=True)


def _check_key(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    columns = ", ".join(f'"{column}"' for column in model.key)
    is_null = " or ".join(f'"{column}" is null' for column in model.key)
    broken = con.execute(
        f'select {columns}, count(*) as "rows" from "{model.name}" group by {columns} '
        f"having count(*) > 1 or {is_null} order by all limit 5"
    ).fetchall()
    if broken:
        shown = "; ".join(str(row) for row in broken)
        raise ModelError(
            f"{model.layer}/{model.name}.sql: the key ({', '.join(model.key)}) is null or not "
            f"unique; found, with the number of rows last, {shown}. "
            "A join that fans out, or a grain that is not what the header says?"
        )
