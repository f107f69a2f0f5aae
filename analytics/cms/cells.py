"""The cells CMS prints: codes, NDCs, amounts and percents, as text; nothing becomes a float."""

import re

LEVEL_II = re.compile(r"[A-Z]\d{4}")
_CPT = re.compile(r"\d{4}[0-9A-Z]")
_AMOUNT = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d*)(\.\d*)?")
_NDC = re.compile(r"\d{5}-?\d{4}-?\d{2}")
# What a dash or a point stands for where CMS leaves an amount open.
_NO_AMOUNT = ("", ".", "-", "--", "N/A", "NA", "n/a")
_MOST_WHOLE_DIGITS, _MOST_DECIMALS = 9, 6


def code_of(cell: str) -> str:
    """Return a HCPCS code as written, without the blank a DOS program left behind it (0xFF)."""
    return cell.strip(" ÿ\xa0").upper()


def is_cpt(code: str) -> bool:
    """Whether a code is one of CPT, which are not ours to keep."""
    return _CPT.fullmatch(code) is not None


def is_level_ii(code: str) -> bool:
    """Whether a code is one of HCPCS Level II."""
    return LEVEL_II.fullmatch(code) is not None


def amount_of(cell: str) -> str | None:
    """Return an amount as decimal text; None where the cell holds none.

    >>> amount_of("$18,262.316"), amount_of(".5"), amount_of("N/A"), amount_of("1.385,861")
    ('18262.316', '0.5', None, None)
    """
    found = _AMOUNT.fullmatch(cell.strip())
    if found is None or not re.search(r"\d", cell):
        return None
    whole = found[1].replace(",", "").lstrip("0") or "0"
    decimals = (found[2] or ".")[1:]
    if len(whole) > _MOST_WHOLE_DIGITS or len(decimals) > _MOST_DECIMALS:
        return None
    return f"{whole}.{decimals}" if decimals else whole


def is_open(cell: str) -> bool:
    """Whether the cell says that there is no amount, or nothing."""
    return cell.strip() in _NO_AMOUNT


def percent_of(cell: str) -> str | None:
    """Return a percent as decimal text, its sign taken off; None where the cell holds none."""
    return amount_of(cell.strip().removesuffix("%"))


def ndc11_of(cell: str) -> str | None:
    """Return an NDC as eleven digits; None where the cell holds another identifier.

    >>> ndc11_of("51144-0020-01"), ndc11_of("GG100"), ndc11_of("888867413689")
    ('51144002001', None, None)
    """
    found = _NDC.fullmatch(cell.strip())
    return found[0].replace("-", "") if found else None
