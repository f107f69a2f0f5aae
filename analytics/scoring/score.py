"""Answers against a key, finding by finding: rows right, dollars off, look-alikes that fired."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics.scoring.rows import PLACE

LOOK_ALIKE = "look_alike_"
# Added up over the causes of a line, for engines that see a gap and not its cause.
WHOLES = ("underpaid", "overpaid")
# What a look-alike must not be reported as, on its own line.
ALARMS = ("underpaid", "overpaid", "denied", "partly_denied")
WASTE_LOOK_ALIKE, WASTE_ALARM = "look_alike_waste_apart", "waste_"


@dataclass(frozen=True)
class Score:
    """How an engine did.

    `findings` has a row per kind of finding, `look_alikes` one per kind of look-alike, and
    `differences` every row the key and the answers do not tell alike.
    """

    findings: pl.DataFrame
    look_alikes: pl.DataFrame
    differences: pl.DataFrame

    @property
    def is_all_right(self) -> bool:
        """Whether every planted finding was found to the cent, and nothing besides."""
        return not self.differences.height and not self.look_alikes["fired"].sum()


def score(key: pl.DataFrame, answers: pl.DataFrame) -> Score:
    """Precision, recall and dollars of each kind of finding.

    A finding is right when claim, line, payer, kind and dollars agree to the cent. `precision` is
    right of found, `recall` right of planted; none found or planted gives null. Differences are
    added without their signs: too much here never pays for too little there.

    Takes    key and answers as `read_rows` and `published_answers` give them
    Returns  kinds in order of name, `underpaid` and `overpaid` over all causes first
    """
    planted = key.filter(~_is_look_alike())
    by_cause = answers.filter(~pl.col("finding").is_in(list(WHOLES)))
    compared = _compared(planted, by_cause.filter(~_is_look_alike()))
    by_line = _compared(_whole_gaps(planted), _whole_gaps(answers))
    findings = pl.concat([_by_finding(by_line), _by_finding(compared)])
    return Score(
        findings,
        _look_alikes(key.filter(_is_look_alike()), planted, answers),
        compared.filter(~pl.col("is_right")).select(*PLACE, "planted_usd", "found_usd"),
    )


def _compared(planted: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    both = (
        planted.rename({"amount_usd": "planted_usd"})
        .with_columns(is_planted=True)
        .join(
            answers.rename({"amount_usd": "found_usd"}).with_columns(is_found=True),
            on=PLACE,
            how="full",
            coalesce=True,
            nulls_equal=True,
        )
    )
    return (
        both.with_columns(pl.col("is_planted", "is_found").fill_null(False))
        .with_columns(
            is_right=pl.col("is_planted")
            & pl.col("is_found")
            & pl.col("planted_usd").eq_missing(pl.col("found_usd")),
            difference_usd=(
                pl.col("found_usd").fill_null(0) - pl.col("planted_usd").fill_null(0)
            ).abs(),
        )
        .sort(PLACE, nulls_last=False)
    )


def _by_finding(compared: pl.DataFrame) -> pl.DataFrame:
    right, found, planted = (pl.col(name) for name in ("right", "found", "planted"))
    return (
        compared.group_by("finding")
        .agg(
            planted=pl.col("is_planted").sum(),
            found=pl.col("is_found").sum(),
            right=pl.col("is_right").sum(),
            planted_usd=pl.col("planted_usd").sum(),
            found_usd=pl.col("found_usd").sum(),
            difference_usd=pl.col("difference_usd").sum(),
        )
        .with_columns(
            precision=pl.when(found > 0).then(right / found),
            recall=pl.when(planted > 0).then(right / planted),
        )
        .sort("finding")
    )


def _whole_gaps(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a line for all that is short, and one for all that is too much."""
    whole = pl.col("finding").str.split("_").list.first()
    return (
        rows.with_columns(finding=whole)
        .filter(pl.col("finding").is_in(list(WHOLES)))
        .group_by(PLACE)
        .agg(pl.col("amount_usd").sum())
        .select(rows.columns)
    )


def _look_alikes(
    look_alikes: pl.DataFrame, planted: pl.DataFrame, answers: pl.DataFrame
) -> pl.DataFrame:
    alarms = answers.join(planted, on=PLACE, how="anti", nulls_equal=True)
    kind = pl.col("finding").str.split("_").list.first()
    on_line = alarms.filter(
        kind.is_in(list(ALARMS)) | pl.col("finding").str.starts_with("partly_denied")
    ).select("claim_id", "line_number", "payer_id")
    on_claim = alarms.filter(pl.col("finding").str.starts_with(WASTE_ALARM)).select(
        "claim_id", "payer_id"
    )
    is_waste = pl.col("finding") == WASTE_LOOK_ALIKE
    fired = pl.concat(
        [
            look_alikes.filter(~is_waste).join(on_line, on=on_line.columns, how="semi"),
            look_alikes.filter(is_waste).join(on_claim, on=on_claim.columns, how="semi"),
        ]
    )
    return (
        look_alikes.group_by("finding")
        .agg(planted=pl.len())
        .join(fired.group_by("finding").agg(fired=pl.len()), on="finding", how="left")
        .with_columns(pl.col("fired").fill_null(0))
        .sort("finding")
    )


def _is_look_alike() -> pl.Expr:
    return pl.col("finding").str.starts_with(LOOK_ALIKE)
