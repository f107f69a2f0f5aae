"""Which loop of an 837 a segment stands in: whose hierarchy, which claim, payer and line.

The same NM1*PR names the destination payer before a CLM and another payer inside its 2320 loop, and
the same SBR says so; so a loop is carried from the segment that opens it to the one that closes it.
"""

from __future__ import annotations

import polars as pl

from analytics.intake.elements import with_elements
from analytics.intake.loops import Loops
from analytics.intake.segments import Segments, has_id, id_number
from analytics.intake.vectors import last_of, repeated

SERVICE_LINES = ("SV1", "SV2", "SV3")
_OPEN_OR_END = ("ST", "HL", "CLM", "SBR", "NM1", "LX", "LIN", *SERVICE_LINES)


def with_loops(segments: Segments, wanted: pl.Series) -> Loops:
    """The segments of 837 transactions, with the loops they stand in.

    Returns  `billing`, `subscriber`, `patient` (a key per hierarchical level, `patient` null where
             there is no HL*23), `claim`, `other_payer`, `line` (0 outside one), `in_lines`,
             `submission_number`, `line_number`, `party` (who the NM1 loop is about, else empty)
    """
    opens_or_ends = has_id(segments.id, _OPEN_OR_END) & wanted
    opening = pl.DataFrame(
        {"tx": segments.tx.filter(opens_or_ends), "id": segments.id.filter(opens_or_ends)}
    ).with_row_index("row")
    levels, parties = _told(segments, wanted, "HL", 3), _told(segments, wanted, "NM1", 1)
    looped = _with_party(_with_claims(_with_hierarchy(opening, levels)), parties)
    return Loops(segments, wanted, looped.drop("row", "id"), last_of(opens_or_ends))


def _is(*names: str) -> pl.Expr:
    numbers = [id_number(name) for name in names]
    return pl.col("id") == numbers[0] if len(numbers) == 1 else pl.col("id").is_in(numbers)


def _told(segments: Segments, wanted: pl.Series, segment_id: str, element: int) -> pl.Series:
    """A code of every segment of one id, empty where it is missing."""
    rows = segments.of(has_id(segments.id, [segment_id]) & wanted)
    return with_elements(segments, rows, codes=(element,))[f"e{element}"].fill_null("")


def _placed(rows: pl.DataFrame, segment_id: str, told: pl.Series) -> pl.Series:
    """What the segments of one id tell, in their rows; null in all others."""
    nothing = repeated(None, rows.height, pl.String)
    return nothing.scatter(has_id(rows["id"], [segment_id]).arg_true(), told)


def _with_hierarchy(rows: pl.DataFrame, levels: pl.Series) -> pl.DataFrame:
    is_start, level = _is("ST"), pl.col("level")
    opens_billing = is_start | (level == "20").fill_null(False)
    opens_subscriber = opens_billing | (level == "22").fill_null(False)
    is_patient = (level == "23").fill_null(False)
    row = pl.col("row").cast(pl.Int64)
    patient = pl.when(is_patient).then(row).when(opens_subscriber).then(-1).forward_fill()
    leveled = rows.with_columns(level=_placed(rows, "HL", levels))
    return leveled.with_columns(
        billing=pl.when(opens_billing).then(row).forward_fill(),
        subscriber=pl.when(opens_subscriber).then(row).forward_fill(),
        patient=pl.when(patient >= 0).then(patient),
    ).drop("level")


def _with_claims(rows: pl.DataFrame) -> pl.DataFrame:
    is_start, is_claim, is_service = _is("ST"), _is("CLM"), _is(*SERVICE_LINES)
    ends_claim = _is("ST", "HL")
    claims, lines = is_claim.cum_sum().cast(pl.Int32), is_service.cum_sum().cast(pl.Int32)
    claimed = rows.with_columns(
        claim=pl.when(is_claim).then(claims).when(ends_claim).then(0).forward_fill(),
        claims_before=pl.when(is_start).then(claims).forward_fill(),
        lines_before=pl.when(is_claim).then(lines).forward_fill(),
    )
    in_claim = pl.col("claim") > 0
    is_other = _is("SBR") & in_claim
    ends_line = is_claim | ends_claim | _is("LX")
    others = is_other.cum_sum().cast(pl.Int32)
    is_in_lines = is_service | _is("LX")
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


def _with_party(rows: pl.DataFrame, parties: pl.Series) -> pl.DataFrame:
    ends_party = _is("ST", "HL", "CLM", "LX", "LIN", *SERVICE_LINES) | (
        _is("SBR") & (pl.col("claim") > 0)
    )
    named = pl.lit(_placed(rows, "NM1", parties))
    party = pl.when(_is("NM1")).then(named).when(ends_party).then(pl.lit(""))
    return rows.with_columns(party=party.forward_fill())
