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
# These must not be reported as their own kind; the waste of a claim has no line.
WASTE, DOCUMENTATION = "waste_", "documentation_"
OF_CLAIM, OF_LINE = ("claim_id", "payer_id"), ("claim_id", "line_number", "payer_id")


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
    answers = _of_told_documentation(key, answers)
    by_cause = answers.filter(~pl.col("finding").is_in(list(WHOLES)))
    compared = _compared(planted, by_cause.filter(~_is_look_alike()))
    by_line = _compared(_whole_gaps(planted), _whole_gaps(answers))
    findings = pl.concat([_by_finding(by_line), _by_finding(compared)])
    return Score(
        findings,
        _look_alikes(key.filter(_is_look_alike()), planted, answers),
        compared.filter(~pl.col("is_right")).select(*PLACE, "planted_usd", "found_usd"),
    )


def _of_told_documentation(key: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """The answers without the documentation of claims that the key does not tell of."""
    is_told = pl.col("finding").str.contains(f"^({LOOK_ALIKE})?{DOCUMENTATION}")
    told = key.filter(is_told).select("claim_id").unique()
    is_documentation = pl.col("finding").str.starts_with(DOCUMENTATION)
    of_others = answers.filter(is_documentation).join(told, on="claim_id", how="anti")
    return answers.join(of_others.select(PLACE), on=PLACE, how="anti", nulls_equal=True)


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
    is_alarm = kind.is_in(list(ALARMS)) | pl.col("finding").str.starts_with("partly_denied")
    is_waste, is_documentation = _looks_like(WASTE), _looks_like(DOCUMENTATION)
    fired = pl.concat(
        [
            _on(
                OF_LINE, look_alikes.filter(~is_waste & ~is_documentation), alarms.filter(is_alarm)
            ),
            *(
                _on(place, look_alikes.filter(_looks_like(own)), alarms.filter(_starts(own)))
                for own, place in ((WASTE, OF_CLAIM), (DOCUMENTATION, OF_LINE))
            ),
        ]
    )
    return (
        look_alikes.group_by("finding")
        .agg(planted=pl.len())
        .join(fired.group_by("finding").agg(fired=pl.len()), on="finding", how="left")
        .with_columns(pl.col("fired").fill_null(0))
        .sort("finding")
    )


def _on(place: tuple[str, ...], look_alikes: pl.DataFrame, alarms: pl.DataFrame) -> pl.DataFrame:
    return look_alikes.join(alarms.select(place), on=place, how="semi")


def _looks_like(own: str) -> pl.Expr:
    return _starts(f"{LOOK_ALIKE}{own}")


def _starts(beginning: str) -> pl.Expr:
    return pl.col("finding").str.starts_with(beginning)


def _is_look_alike() -> pl.Expr:
    return pl.col("finding").str.starts_with(LOOK_ALIKE)
