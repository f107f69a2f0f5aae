"""Which line of business a filing code (CLP06, SBR09) names."""

from __future__ import annotations

LINE_OF_FILING_CODE = {
    "16": "medicare_advantage",
    "MA": "medicare_ffs",
    "MB": "medicare_ffs",
    "MC": "medicaid",
    **dict.fromkeys(("12", "13", "14", "15", "BL", "CI", "HM"), "commercial"),
}


def line_of(filing_code: str | None, own: str | None) -> str | None:
    """Return what a filing code says; MA and MB only of Medicare itself (RULES 8.1)."""
    if filing_code in ("MA", "MB") and own != "medicare_ffs":
        return None
    return LINE_OF_FILING_CODE.get(filing_code or "")
