"""The rows of one extract file: those that can be used, typed, and a sentence for each of the rest.

A data row is one segment in the ledger. `row_number` is the row a spreadsheet shows (in a Parquet
file the row's number), `source_offset` the byte where it begins (in a Parquet file its number).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl
import pyarrow
from pyarrow import parquet

from analytics.intake.csv_text import UnreadableCsvError, csv_rows
from analytics.intake.extracts.cells import SHAPES, stripped
from analytics.intake.extracts.columns import MODIFIERS, ExtractKind
from analytics.intake.extracts.csv_columns import PLACE, ROWS_AT_A_TIME, CsvColumns, cells_of
from analytics.intake.extracts.names import ColumnMap, Header, read_header
from analytics.intake.patients import with_patient_key

PARQUET = b"PAR1"
REJECTED = {**PLACE, "reason": pl.String()}
_TOO_MANY = "more cells than the header has columns: a separator without quotation marks?"
_MEND = "the row is not used; mend it and put the file in again"
_NOT_WHOLE = (
    "another row of the file with this {} is rejected, and a part is no record of the whole; the "
    "row is not used either. Mend that row and put the file in again"
)
_NOT_A_TABLE = "a table that cannot be read: "


@dataclass(frozen=True)
class ExtractFile:
    """One file: its kind, how many data rows it has, the typed ones and those rejected.

    `refused` says why nothing of it is used; `left_out` names the columns it does not have.
    """

    kind: ExtractKind | None
    received: int
    rows: pl.DataFrame
    rejected: pl.DataFrame
    refused: str | None = None
    left_out: tuple[str, ...] = ()


@dataclass
class _Reading:
    kind: ExtractKind
    columns: list[str | None]
    site_key: bytes
    rows: list[pl.DataFrame] = field(default_factory=list)
    rejected: list[pl.DataFrame] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    received: int = 0

    def add(self, cells: pl.DataFrame, overlong: pl.DataFrame) -> None:
        """Take rows of text; blank ones are none."""
        said = cells.with_columns(stripped(pl.exclude(PLACE)).name.keep())
        is_blank = pl.all_horizontal(pl.exclude(PLACE).is_null())
        said = said.filter(~is_blank)
        typed, rejected = _typed(self.kind, said, self.site_key)
        self.received += said.height + overlong.height
        self.rows.append(typed)
        if self.kind.whole_by:
            bad = said.join(rejected, on="row_number", how="semi")
            for rows in (bad, overlong):
                self.broken.update(rows[self.kind.whole_by].str.strip_chars().drop_nulls())
        too_many = pl.lit(f"{_TOO_MANY} {_MEND}")
        self.rejected += [rejected, overlong.select(*PLACE, reason=too_many)]

    def file(self) -> ExtractFile:
        """All that was read."""
        named = [name for name in self.columns if name]
        left_out = tuple(name for name in self.kind.columns if name not in named)
        rows = pl.concat([typed_schema(self.kind).to_frame(), *self.rows])
        rejected = [pl.Schema(REJECTED).to_frame(), *self.rejected]
        if self.kind.whole_by:
            is_part = pl.col(self.kind.whole_by).is_in(self.broken)
            reason = pl.lit(_NOT_WHOLE.format(self.kind.whole_by))
            rejected.append(rows.filter(is_part).select(*PLACE, reason=reason))
            rows = rows.filter(~is_part)
        return ExtractFile(
            self.kind,
            self.received,
            rows,
            pl.concat(rejected).sort("row_number"),
            left_out=left_out,
        )


def read_extract(content: bytes, own: ColumnMap, site_key: bytes) -> ExtractFile:
    """The rows of a CSV or Parquet file, or the sentence why it is refused."""
    read = _read_parquet if content.startswith(PARQUET) else _read_csv
    return read(content, own, site_key)


def typed_schema(kind: ExtractKind) -> pl.Schema:
    """The columns of a kind's typed rows: patients as keys, modifiers as one column."""
    columns = {
        ("patient_key" if name == "patient_id" else name): SHAPES[shape].dtype
        for name, shape in kind.columns.items()
        if name not in MODIFIERS
    }
    return pl.Schema({**columns, **PLACE})


def _refused(header: Header, received: int, sentence: str) -> ExtractFile:
    nothing = pl.Schema(REJECTED).to_frame()
    return ExtractFile(header.kind, received, pl.DataFrame(), nothing, refused=sentence)


def _read_csv(content: bytes, own: ColumnMap, site_key: bytes) -> ExtractFile:
    try:
        rows = csv_rows(content)
        _, _, names = next(rows, (1, 0, []))
        header = read_header(names, own)
        if header.refused or not header.kind:
            received = sum(1 for _, _, row in rows if any(cell.strip() for cell in row))
            return _refused(header, received, header.refused or "")
        is_named = tuple(bool(name.strip()) for name in names)
        reading = _Reading(header.kind, list(header.columns), site_key)
        for cells, overlong in cells_of(content, CsvColumns(header.columns, is_named)):
            reading.add(cells, overlong)
        return reading.file()
    except UnreadableCsvError as trouble:
        return _refused(Header(None, ()), 0, f"{_NOT_A_TABLE}{trouble}; save it as CSV again")


def _read_parquet(content: bytes, own: ColumnMap, site_key: bytes) -> ExtractFile:
    try:
        # polars panics on a damaged file, where pyarrow raises.
        found = parquet.read_table(io.BytesIO(content))
        found.validate(full=True)
        # Names alone: what a writer noted beside them may be damaged too.
        table = pl.DataFrame(pyarrow.table(found.columns, names=found.column_names))
    except (pyarrow.ArrowException, pl.exceptions.PolarsError, OSError, UnicodeDecodeError):
        sentence = f"{_NOT_A_TABLE}the Parquet file is damaged; ask for it again"
        return _refused(Header(None, ()), 0, sentence)
    header = read_header(table.columns, own)
    if header.refused or not header.kind:
        return _refused(header, table.height, header.refused or "")
    named = {
        name: column for name, column in zip(table.columns, header.columns, strict=True) if column
    }
    nested = [
        name for name in named if table.schema[name].is_nested() or table.schema[name] == pl.Binary
    ]
    if nested:
        sentence = (
            f"{named[nested[0]]} holds lists or bytes; write it as text, codes with a blank between"
        )
        return _refused(header, table.height, f"{sentence}. Nothing of the file is used")
    reading = _Reading(header.kind, list(header.columns), site_key)
    for chunk in _slices(
        table.select(_as_text(table, name).alias(column) for name, column in named.items())
    ):
        reading.add(chunk, chunk.clear())
    return reading.file()


def _slices(cells: pl.DataFrame) -> Iterator[pl.DataFrame]:
    numbered = cells.with_columns(
        row_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int32),
        source_offset=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
    )
    yield from numbered.iter_slices(ROWS_AT_A_TIME)


def _as_text(table: pl.DataFrame, name: str) -> pl.Expr:
    dtype = table.schema[name]
    if isinstance(dtype, pl.Datetime):
        return pl.col(name).dt.to_string("%Y-%m-%d %H:%M:%S%.f")
    if dtype.is_float():
        numbers = table[name].fill_nan(None)
        # Whole numbers with a gap among them are written as floats.
        if (numbers.is_null() | ((numbers % 1 == 0) & (numbers.abs() < 1e15))).all():
            return pl.col(name).fill_nan(None).cast(pl.Int64).cast(pl.String)
    return pl.col(name).cast(pl.String)


def _typed(
    kind: ExtractKind, said: pl.DataFrame, site_key: bytes
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that can be used in the types of their kind, and those that cannot."""
    present = [name for name in kind.columns if name in said.columns]
    values = said.select(
        *(SHAPES[kind.columns[name]].value(pl.col(name)).alias(name) for name in present), *PLACE
    )
    troubles = [
        pl.when(said[name].is_not_null() & values[name].is_null()).then(
            pl.lit(f"{name} is not {SHAPES[kind.columns[name]].expected}")
        )
        for name in present
    ]
    troubles += [
        pl.when(pl.col(name).is_null()).then(pl.lit(f"{name} is empty and every row needs one"))
        for name in kind.filled
    ]
    found = said.with_columns(
        reason=pl.concat_str([*troubles, _half_a_denial(said)], separator="; ", ignore_nulls=True)
    )
    is_right = found["reason"] == ""
    rejected = found.filter(~is_right).select(*PLACE, reason=pl.col("reason") + f"; {_MEND}")
    absent = {
        name: pl.lit(None, SHAPES[shape].dtype)
        for name, shape in kind.columns.items()
        if name not in present
    }
    rows = _with_modifiers(values.filter(is_right).with_columns(**absent))
    if "patient_id" in kind.columns:
        rows = with_patient_key(
            rows, site_key, member="patient_id", birth_date=None, first_name=None
        )
    return rows.select(typed_schema(kind).names()), rejected


def _half_a_denial(said: pl.DataFrame) -> pl.Expr:
    """What is wrong with a row that tells a denied amount without its reason, or the reverse."""
    is_told = [
        pl.col(name).is_not_null() if name in said.columns else pl.lit(value=False)
        for name in ("denied_usd", "denial_reason")
    ]
    return pl.when(is_told[0] != is_told[1]).then(
        pl.lit("denied_usd and denial_reason stand only together")
    )


def _with_modifiers(rows: pl.DataFrame) -> pl.DataFrame:
    if "modifiers" not in rows.columns:
        return rows
    apart = pl.concat_str([pl.col(name) for name in MODIFIERS], separator=" ", ignore_nulls=True)
    joined = pl.coalesce("modifiers", pl.when(apart != "").then(apart))
    return rows.with_columns(modifiers=joined)
