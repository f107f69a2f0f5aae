"""How often the engine accuses the payer that pays by a public price: the false-positive meter.

Medicare pays the published limit to the cent, so what the engine calls short on its lines is, but
for a remit that is wrong, a mistake of ours (`sql/RULES.md` 17.2).
"""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl


@dataclass(frozen=True)
class MedicareMeter:
    """Short and over on compared Medicare fee-for-service lines, and what became of the cheques."""

    shortfall_usd: Decimal
    short_lines: int
    overpaid_usd: Decimal
    over_lines: int
    house_code_lines: int
    lines_compared: int
    allowed_usd: Decimal
    cheques_checked: int
    cheques_agreeing: int
    paid_too_little_usd: Decimal
    paid_too_much_usd: Decimal

    @property
    def sentence(self) -> str:
        """The meter in words; what was not compared is not praised."""
        if not self.lines_compared:
            return "Medicare check: no Medicare fee-for-service line could be compared"
        return (
            f"Medicare check, the false-positive meter: ${self.shortfall_usd:,.2f} short on"
            f" {self.short_lines:,} of {self.lines_compared:,}"
            f" line{'s' * (self.lines_compared != 1)} compared, ${self.allowed_usd:,.2f} allowed"
            f" ({self.house_code_lines:,} on a house code); ${self.overpaid_usd:,.2f} over on"
            f" {self.over_lines:,};"
            f" {self.cheques_agreeing:,} of {self.cheques_checked:,} payments checked agree after"
            f" coinsurance and sequestration, ${self.paid_too_little_usd:,.2f} paid too little and"
            f" ${self.paid_too_much_usd:,.2f} too much on the rest"
        )


def read_meter(payments: pl.LazyFrame) -> MedicareMeter:
    """The meter of one run.

    Takes    rows of `medicare_payments`
    Source   medicare_payments
    """
    nothing = Decimal("0.00")
    is_checked = pl.col("payment_check") != "not_checked"
    difference = pl.col("difference_usd").filter(pl.col("payment_check") == "differs")
    summed = payments.select(
        pl.col("shortfall_usd").sum(),
        (pl.col("shortfall_usd") > 0).sum().alias("short_lines"),
        pl.col("overpaid_usd").sum(),
        (pl.col("overpaid_usd") > 0).sum().alias("over_lines"),
        pl.col("is_house_code").sum().alias("house_code_lines"),
        pl.len().alias("lines_compared"),
        pl.col("allowed_usd").sum(),
        is_checked.sum().alias("cheques_checked"),
        (pl.col("payment_check") == "agrees").sum().alias("cheques_agreeing"),
        difference.filter(difference > 0).sum().alias("paid_too_little_usd"),
        -difference.filter(difference < 0).sum().alias("paid_too_much_usd"),
    ).collect()
    row = summed.row(0, named=True)
    dollars = {name: row[name] or nothing for name in row if name.endswith("_usd")}
    return MedicareMeter(**{**row, **dollars})
