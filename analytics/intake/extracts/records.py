"""Administrations and asks: what lies beside the claims, validated and counted once.

Administrations are evidence A of the waste ledger; no figure reads the asks yet. A patient is a key
here too, made of the member id as a remit's is.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.intake.extracts.columns import ADMINISTRATIONS, ASKS, ExtractKind
from analytics.intake.extracts.copies import PLACES, CountedRows, count_once, told_once
from analytics.intake.extracts.files import typed_schema
from analytics.intake.extracts.places import (
    DUPLICATE,
    LOADED,
    fates,
    fates_of_copies,
    refused,
    with_sha,
)

_TIMES = ("started_at", "stopped_at")
_KEYS = {
    ADMINISTRATIONS.name: ("administration_id", "vial_ndc11"),
    ASKS.name: ("claim_id", "line_number", "asked_on"),
}
# One administration may stand in several rows, one per vial NDC; these it has once.
_OF_THE_DOSE = ("claim_id", "patient_key", "service_date", "drug", "ordered_mg", "administered_mg")
_NOT_ONE_DOSE = (
    "rows of one administration tell {} differently; none of its rows is used. Mend them, or give "
    "each administration an administration_id of its own"
)
_NOT_WHOLE = (
    "another row of this administration is not used, and a part of a dose is no record of it; none "
    "of its rows is used. Mend that row, and tell extracted_on where it was delivered before"
)
_BACKWARDS = "stopped_at is before started_at; the row is not used. Tell both with their days"


def record_schema(kind: ExtractKind) -> pl.Schema:
    """The columns of a kind's raw table."""
    columns = {
        name: pl.Datetime("us") if name in _TIMES else dtype
        for name, dtype in typed_schema(kind).items()
        if name not in ("extracted_on", "row_number")
    }
    return pl.Schema({"file_sha256": pl.String(), **columns})


RECORD_TABLES: dict[str, pl.Schema] = {
    f"raw_extract__{kind.name}": record_schema(kind) for kind in (ADMINISTRATIONS, ASKS)
}


def raw_records(
    kind: ExtractKind, rows: pl.DataFrame, shas: Sequence[str]
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The raw table of typed rows of one kind, and the fate of every row.

    Takes    rows of all files with `file`, the place of its file in `shas`
    """
    told = [name for name in rows.columns if name not in (*PLACES, "extracted_on")]
    counted = count_once(rows, _KEYS[kind.name], told)
    found = fates_of_copies(counted)
    kept = counted.rows
    if kind is ADMINISTRATIONS:
        twice = rows.join(counted.rejected, on=PLACES, how="semi")["administration_id"]
        kept, lost = _checked(counted, twice)
        found += [refused(counted, lost)]
    copies = counted.copies.join(kept, on="row_id", how="semi").sort("file", "row_number")
    loaded = copies.unique("row_id", keep="first", maintain_order=True)
    others = copies.join(loaded, on=["row_id", *PLACES], how="anti")
    found += [fates(loaded, LOADED), fates(others, DUPLICATE)]
    table = kept.join(loaded, on="row_id", how="inner", validate="1:1").with_columns(
        with_sha(shas, "file")
    )
    schema = record_schema(kind)
    whole = (
        table.sort(*_KEYS[kind.name], nulls_last=False).select(schema.names()).cast(dict(schema))
    )
    return {f"raw_extract__{kind.name}": whole}, pl.concat(found)


def _checked(counted: CountedRows, twice: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The administrations that hold together, with times of a day put on their day.

    Takes    twice, the ids of administrations with a row that is told in two ways
    """
    _, differing = told_once(counted.rows, "administration_id", _OF_THE_DOSE)
    contradicted = counted.rows.join(differing, on="administration_id", how="inner").with_columns(
        reason=pl.format(_NOT_ONE_DOSE, "differing")
    )
    rows = counted.rows.join(differing, on="administration_id", how="anti").with_columns(
        _on_its_day(name) for name in _TIMES
    )
    is_backwards = (pl.col("stopped_at") < pl.col("started_at")).fill_null(value=False)
    backwards = rows.filter(is_backwards).with_columns(reason=pl.lit(_BACKWARDS))
    broken = {*twice, *backwards["administration_id"]}
    is_part = ~is_backwards & pl.col("administration_id").is_in(broken)
    parts = rows.filter(is_part).with_columns(reason=pl.lit(_NOT_WHOLE))
    lost = [frame.select("row_id", "reason") for frame in (contradicted, backwards, parts)]
    return rows.filter(~is_backwards & ~is_part), pl.concat(lost)


def _on_its_day(name: str) -> pl.Expr:
    day = pl.col("service_date").dt.to_string("%Y-%m-%d")
    is_time = pl.col(name).str.len_chars() == len("14:05:00")
    whole = pl.when(is_time).then(pl.concat_str([day, pl.col(name)], separator=" ")).otherwise(name)
    return whole.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us").alias(name)
