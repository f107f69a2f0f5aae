"""Every denial rate there is, in one table: what it counts, of what, by which date."""

from dataclasses import dataclass

import polars as pl

from analytics.errors import UsageError
from analytics.measures.columns import CLAIMS_LOADER, LINES_LOADER, REMITS_LOADER

DENIED = ["denied", "zero_no_reason"]
# No answer yet, or an answer that is not about this line's coverage.
LEFT_OUT = ["open", "returned", "suppressed", "duplicate", "bundled"]
FOUR_WEEKS = 28


@dataclass(frozen=True)
class Definition:
    """One denial rate: its population, what of it is denied, and the date that places it."""

    of: str
    population: pl.Expr
    is_denied: pl.Expr
    date_basis: str
    date_column: str
    needs: tuple[str, ...]
    charge: str = "charge_usd"
    expected: str | None = None
    has_maturity: bool = False

    @property
    def loader(self) -> str:
        """The call that loads a frame this rate can be made of."""
        return {"lines": LINES_LOADER, "claims": CLAIMS_LOADER, "remits": REMITS_LOADER}[self.of]


def _counts(column: str) -> pl.Expr:
    return pl.col(column).is_not_null() & ~pl.col(column).is_in([*LEFT_OUT, "closed_unpaid"])


# A dropped line has no answer of its own any more; it was adjudicated if its first answer was.
_DROPPED_AFTER_ANSWER = (pl.col("outcome") == "closed_unpaid") & _counts("initial_outcome")
_IS_PRIMARY = pl.col("payer_rank") == "primary"
_LINE_NEEDS = ("payer_rank", "outcome", "initial_outcome", "expected_allowed_usd")
_REMIT_NEEDS = ("payment_date", "as_of", "charge_usd")
_DAYS_BACK = (pl.col("as_of") - pl.col("payment_date")).dt.total_days()


def _line(answer: str, population: pl.Expr) -> Definition:
    return Definition(
        of="lines",
        population=_IS_PRIMARY & population,
        is_denied=pl.col(answer).is_in(DENIED),
        date_basis="service month",
        date_column="service_date",
        needs=(*_LINE_NEEDS, "charge_usd", "is_mature", "service_date"),
        expected="expected_allowed_usd",
        has_maturity=True,
    )


def _claim(stage: str) -> Definition:
    counts, denied = f"counts_{stage}", f"denied_{stage}"
    expected = f"denied_{stage}_expected_usd"
    return Definition(
        of="claims",
        population=pl.col(counts),
        is_denied=pl.col(denied),
        date_basis="submission month",
        date_column="cohort_month",
        needs=(counts, denied, expected, "charge_usd", "is_mature", "cohort_month"),
        expected=expected,
        has_maturity=True,
    )


def _hfma() -> Definition:
    return Definition(
        of="claims",
        population=pl.col("submitted_date").is_not_null(),
        is_denied=pl.col("denied_initial"),
        date_basis="submission month",
        date_column="submitted_date",
        needs=("submitted_date", "denied_initial", "charge_usd", "is_mature"),
    )


DEFINITIONS = {
    "line_initial": _line("initial_outcome", _counts("initial_outcome")),
    "line_final": _line("outcome", _counts("outcome") | _DROPPED_AFTER_ANSWER),
    "claim_initial": _claim("initial"),
    "claim_final": _claim("final"),
    "hfma_initial_claims": _hfma(),
    "hfma_initial_dollars": _hfma(),
    "hfma_zero_pay_remits": Definition(
        of="remits",
        population=_IS_PRIMARY
        & ~pl.col("event_state").is_in(["reversal", "orphan_reversal"])
        & ~pl.col("is_duplicate")
        & _DAYS_BACK.is_between(0, FOUR_WEEKS - 1),
        is_denied=pl.col("paid_usd") == 0,
        date_basis="payment date",
        date_column="payment_date",
        needs=(*_REMIT_NEEDS, "payer_rank", "event_state", "is_duplicate", "paid_usd"),
    ),
    "any_zero_allowed": Definition(
        of="remits",
        population=pl.lit(True),
        is_denied=pl.col("allowed_usd") == 0,
        date_basis="payment date",
        date_column="payment_date",
        needs=(*_REMIT_NEEDS, "allowed_usd"),
    ),
}


def find_definition(name: str) -> Definition:
    """The definition of a denial rate.

    Raises   UsageError for a name that is none, with those there are

    >>> find_definition("claim_initial").date_basis
    'submission month'
    """
    if name in DEFINITIONS:
        return DEFINITIONS[name]
    raise UsageError(
        f"there is no denial rate {name!r}; there are {', '.join(DEFINITIONS)}. "
        "Choose one of these as definition=."
    )
