"""Which loop of an 837 a segment stands in: whose hierarchy, which claim, payer and line.

The same NM1*PR names the destination payer before a CLM and another payer inside its 2320 loop, and
the same SBR says so; so a loop is carried from the segment that opens it to the one that closes it.
"""

from __future__ import annotations

import polars as pl

from analytics.intake.elements import code, split_elements

SERVICE_LINES = ("SV1", "SV2", "SV3")
USED = (
    *("ST", "BHT", "HL", "NM1", "REF", "SBR", "DMG", "CLM", "HI", "DTP", "AMT", "LX", "LIN"),
    *("CTP", *SERVICE_LINES),
)


def with_loops(rows: pl.DataFrame) -> pl.DataFrame:
    """The used segments of 837 transactions, with the loops they stand in.

    Returns  `billing`, `subscriber`, `patient` (a key per hierarchical level, `patient` null where
             there is no HL*23), `claim`, `other_payer`, `line` (0 outside one), `in_lines`,
             `submission_number`, `line_number`, `party` (who the NM1 loop is about, else empty)
    """
    used = rows.filter(pl.col("id").is_in(USED)).with_row_index("row")
    levels = split_elements(used.filter(pl.col("id") == "HL"), 3).select("row", level=code("e3"))
    leveled = used.join(levels, on="row", how="left", validate="1:1", maintain_order="left")
    return _with_party(_with_claims(_with_hierarchy(leveled))).rename({"offset": "source_offset"})


def _with_hierarchy(rows: pl.DataFrame) -> pl.DataFrame:
    is_start, level = pl.col("id") == "ST", pl.col("level")
    opens_billing = is_start | (level == "20").fill_null(False)
    opens_subscriber = opens_billing | (level == "22").fill_null(False)
    is_patient = (level == "23").fill_null(False)
    row = pl.col("row").cast(pl.Int64)
    patient = pl.when(is_patient).then(row).when(opens_subscriber).then(-1).forward_fill()
    return rows.with_columns(
        billing=pl.when(opens_billing).then(row).forward_fill(),
        subscriber=pl.when(opens_subscriber).then(row).forward_fill(),
        patient=pl.when(patient >= 0).then(patient),
    ).drop("level")


def _with_claims(rows: pl.DataFrame) -> pl.DataFrame:
    is_start, is_claim = pl.col("id") == "ST", pl.col("id") == "CLM"
    is_service = pl.col("id").is_in(SERVICE_LINES)
    ends_claim = pl.col("id").is_in(["ST", "HL"])
    claims, lines = is_claim.cum_sum().cast(pl.Int32), is_service.cum_sum().cast(pl.Int32)
    claimed = rows.with_columns(
        claim=pl.when(is_claim).then(claims).when(ends_claim).then(0).forward_fill(),
        claims_before=pl.when(is_start).then(claims).forward_fill(),
        lines_before=pl.when(is_claim).then(lines).forward_fill(),
    )
    in_claim = pl.col("claim") > 0
    is_other = (pl.col("id") == "SBR") & in_claim
    ends_line = is_claim | ends_claim | (pl.col("id") == "LX")
    others = is_other.cum_sum().cast(pl.Int32)
    is_in_lines = is_service | (pl.col("id") == "LX")
    ends_other = ends_line | is_service
    looped = claimed.with_columns(
        line=pl.when(is_service & in_claim).then(lines).when(ends_line).then(0).forward_fill(),
        other_payer=pl.when(is_other).then(others).when(ends_other).then(0).forward_fill(),
        in_lines=pl.when(is_in_lines)
        .then(True)
        .when(is_claim | ends_claim)
        .then(False)
        .forward_fill(),
    )
    return looped.with_columns(
        submission_number=pl.when(in_claim).then(pl.col("claim") - pl.col("claims_before")),
        line_number=pl.when(pl.col("line") > 0).then(pl.col("line") - pl.col("lines_before")),
    ).drop("claims_before", "lines_before")


def _with_party(rows: pl.DataFrame) -> pl.DataFrame:
    names = split_elements(rows.filter(pl.col("id") == "NM1"), 1).select(
        "row", named=code("e1").fill_null("")
    )
    named = rows.join(names, on="row", how="left", validate="1:1", maintain_order="left")
    ends_party = pl.col("id").is_in(["ST", "HL", "CLM", "LX", "LIN", *SERVICE_LINES]) | (
        (pl.col("id") == "SBR") & (pl.col("claim") > 0)
    )
    party = pl.when(pl.col("id") == "NM1").then("named").when(ends_party).then(pl.lit(""))
    return named.with_columns(party=party.forward_fill()).drop("named", "row")
