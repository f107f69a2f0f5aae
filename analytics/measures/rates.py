"""How every rate is made: a ratio of two sums, and how far chance may move it."""

from statistics import NormalDist

import polars as pl

# Two-sided 95%, to the last digit a double holds.
Z_95 = NormalDist().inv_cdf(0.975)


def ratio(numerator: str, denominator: str) -> pl.Expr:
    """One column over another as a fraction; null when the denominator is zero or null.

    Money is exact decimals up to here. A quotient of decimals keeps three places in polars, so both
    sides become Float64 first.

    >>> sums = pl.DataFrame({"shortfall_usd": [248, 0], "expected_usd": [6683, 0]})
    >>> sums.select(
    ...     underpayment_rate=ratio("shortfall_usd", "expected_usd").round(4)
    ... ).to_series().to_list()
    [0.0371, None]
    """
    below = pl.col(denominator).cast(pl.Float64)
    return pl.when(below != 0).then(pl.col(numerator).cast(pl.Float64) / below)


def wilson_low(hits: str, trials: str) -> pl.Expr:
    """The lower end of the Wilson 95% interval of `hits` in `trials`, a fraction; null of nothing.

    Source   E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212

    >>> counts = pl.DataFrame({"denied_lines": [3, 1], "adjudicated_lines": [15, 15]})
    >>> counts.select(
    ...     (100 * wilson_low("denied_lines", "adjudicated_lines")).round(2)
    ... ).to_series().to_list()
    [7.05, 1.19]
    """
    centre, half_width = _wilson(hits, trials)
    # At 0 hits both terms are equal and a double may leave a speck below zero.
    return (centre - half_width).clip(0, 1)


def wilson_high(hits: str, trials: str) -> pl.Expr:
    """The upper end of the Wilson 95% interval of `hits` in `trials`, a fraction; null of nothing.

    >>> counts = pl.DataFrame({"denied_lines": [3, 1], "adjudicated_lines": [15, 15]})
    >>> counts.select(
    ...     (100 * wilson_high("denied_lines", "adjudicated_lines")).round(2)
    ... ).to_series().to_list()
    [45.19, 29.82]
    """
    centre, half_width = _wilson(hits, trials)
    return (centre + half_width).clip(0, 1)


def _wilson(hits: str, trials: str) -> tuple[pl.Expr, pl.Expr]:
    """Centre and half width of the interval."""
    share = ratio(hits, trials)
    number = pl.col(trials).cast(pl.Float64)
    stretch = 1 + Z_95**2 / number
    centre = (share + Z_95**2 / (2 * number)) / stretch
    spread = (share * (1 - share) / number + Z_95**2 / (4 * number**2)).sqrt()
    return centre, Z_95 * spread / stretch
