"""Which milligram totals whole vials of a drug can reach: what the least-waste set is read from.

SQL cannot say "any number of any of these packages" on every engine, so this one table is made here
and given to the models as an input (`raw_vial_totals`).
"""

from decimal import Decimal
from math import gcd

import polars as pl

# Sixty of the largest package: no dose on a claim comes near it.
LARGEST_PACKAGES = 60
MICROGRAMS = 1000

SCHEMA = {"drug": pl.String, "total_mg": pl.Decimal(12, 6)}


def vial_totals(packages: pl.DataFrame) -> pl.DataFrame:
    """Every total that whole single-dose packages of a drug add up to, in milligrams.

    Takes    the merged `drug_packages` rows as text: `drug`, `billable_mg`, `single_dose`
    Returns  one row per drug and reachable total, up to sixty of its largest package, sorted

    >>> padcev = pl.DataFrame(
    ...     {"drug": ["padcev"] * 2, "billable_mg": ["20", "30"], "single_dose": ["yes", "yes"]}
    ... )
    >>> vial_totals(padcev)["total_mg"].head(4).to_list()
    [Decimal('20.000000'), Decimal('30.000000'), Decimal('40.000000'), Decimal('50.000000')]
    """
    sizes = (
        packages.filter(pl.col("single_dose") == "yes", pl.col("billable_mg").is_not_null())
        .select(drug=pl.col("drug").str.to_lowercase(), billable_mg="billable_mg")
        .unique()
        .group_by("drug")
        .agg("billable_mg")
    )
    rows = [
        (drug, Decimal(total) / MICROGRAMS)
        for drug, texts in sizes.rows()
        for total in _reachable([int(Decimal(text) * MICROGRAMS) for text in texts])
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("drug", "total_mg")


def _reachable(sizes: list[int]) -> list[int]:
    """Sums of one or more of the sizes, in micrograms, counted in steps of their common divisor."""
    step = gcd(*sizes)
    steps = sorted({size // step for size in sizes if size > 0})
    if not steps:
        return []
    reach = [False] * (LARGEST_PACKAGES * steps[-1] + 1)
    reach[0] = True
    for total in range(1, len(reach)):
        reach[total] = any(total >= size and reach[total - size] for size in steps)
    return [total * step for total in range(1, len(reach)) if reach[total]]
