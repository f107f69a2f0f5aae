"""The reference files `load-cms` writes: what a row is about, and what of it can be restated."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

Row = Mapping[str, str]
Identity = tuple[str, ...]
Value = tuple[str, ...]


@dataclass(frozen=True)
class Dated:
    """A reference file with vintages: what a row is about, and the values that can be restated.

    Of one that `is_whole` each publication stands whole: which codes an NDC belongs to is what the
    latest one lists, so a row that stays the same is told again.
    """

    name: str
    identity: tuple[str, ...]
    values: tuple[str, ...]
    is_whole: bool = False

    @property
    def has_period(self) -> bool:
        """Whether its rows are for a quarter, and not for all time."""
        return self.identity[0].startswith("effective_")


TABLES = {
    table.name: table
    for table in (
        Dated(
            "payment_limits",
            ("effective_quarter", "hcpcs"),
            ("payment_limit", "coinsurance_pct"),
        ),
        Dated(
            "ndc_crosswalk",
            ("effective_quarter", "ndc11", "hcpcs"),
            ("package_size", "package_quantity", "bill_units", "bill_units_per_package"),
            is_whole=True,
        ),
        Dated("noc_prices", ("effective_quarter", "drug_name", "dosage"), ("payment_limit",)),
        Dated(
            "noc_packages",
            ("effective_quarter", "ndc11", "drug_name", "dosage"),
            ("package_size", "package_quantity", "bill_units", "bill_units_per_package"),
            is_whole=True,
        ),
        Dated(
            "hcpcs_codes",
            ("hcpcs",),
            (
                "long_descriptor",
                "short_descriptor",
                "coverage",
                "added_on",
                "action",
                "action_on",
                "terminated_on",
            ),
        ),
        Dated(
            "opps_status",
            ("effective_from", "hcpcs"),
            (
                "status_indicator",
                "apc",
                "payment_rate",
                "national_copayment",
                "minimum_copayment",
                "coinsurance_pct",
                "adjusted_copayment",
            ),
        ),
    )
}


def identity_of(table: Dated, row: Row) -> Identity:
    """Return what a row is about."""
    return tuple(row.get(name, "") for name in table.identity)


def value_of(table: Dated, row: Row) -> Value:
    """Return what a row says of it; amounts that differ only in trailing zeros are the same."""
    return tuple(_canonical(row.get(name, "")) for name in table.values)


@cache
def _canonical(cell: str) -> str:
    try:
        return format(Decimal(cell).normalize(), "f")
    except InvalidOperation:
        return cell
