"""What a cell of each kind may hold: how it is tidied, when it is wrong, and what is expected.

Kinds are those of `columns.py`. A tidied cell can be cast by the models without failing:
dates are ISO, numbers plain decimals within (12, 6), yes and no lower case, codes upper case, NDCs
eleven digits.
"""

import polars as pl

from analytics.reference.shapes import Column

DECIMAL = r"^\d{1,6}(\.\d{1,6})?$"
SIGNED_DECIMAL = r"^-?\d{1,6}(\.\d{1,6})?$"
# What a gene therapy costs has seven digits; only files of CMS hold such amounts.
LARGE_DECIMAL = r"^\d{1,9}(\.\d{1,6})?$"
EATEN_BY_A_SPREADSHEET = r"^(\d{10}|\d+(\.\d+)?[eE]\+?\d+|\d{11}\.0+)$"

EXPECTED = {
    "date": "a date of the calendar, written 2026-01-31",
    "price": "a plain number, 0 or more, with at most 6 digits on each side of the point "
    "(no $, % or thousands comma)",
    "rate": "a plain number with at most 6 digits on each side of the point "
    "(no $, % or thousands comma)",
    "positive": "a plain number above 0 with at most 6 digits on each side of the point",
    "amount": "a plain number, 0 or more, with at most 9 digits before the point and 6 behind it",
    "percent": "a percent from 0 to 100, written 19.401 for 19.401%",
    "fraction": "a share from 0 to 1, written 0.032 for 3.2%",
    "year": "a year, written 2023",
    "whole": "a whole number of 0 or more, without a point",
    "decimals": "a whole number from 0 to 6",
    "yes_no": "yes or no",
    "quarter": "a quarter, written 2025Q4",
    "hcpcs": "a code of five letters and digits, such as J9177",
    "ndc": "an NDC of eleven digits, or with its hyphens (51144-0020-01)",
    "snake_case": "a class in lower case letters and underscores",
}


def tidied(column: Column) -> pl.Expr:
    """Return the column's cells in the project's spelling, as found where they cannot be tidied."""
    cell = pl.col(column.name).str.strip_chars()
    match column.kind:
        case "text":
            # The apostrophe init writes so that no spreadsheet takes a payer's name for a formula.
            cell = cell.str.replace(r"^'([=+\-@])", "${1}")
        case "code" | "hcpcs" | "quarter":
            cell = cell.str.to_uppercase()
        case "drug" | "yes_no" | "snake_case":
            cell = cell.str.to_lowercase()
        case "category":
            cell = _spelled_as(column.values, cell)
        case "ndc":
            cell = _eleven_digits(cell)
    cell = pl.when(cell != "").then(cell)
    return cell.fill_null(column.empty) if column.empty else cell


def is_wrong(column: Column) -> pl.Expr:
    """Return whether a tidied cell holds what its kind may not; an empty cell is never wrong."""
    cell = pl.col(column.name)
    return cell.is_not_null() & ~_is_right(column, cell).fill_null(value=False)


def expectation(column: Column) -> str:
    """Return what the column wants, in words."""
    if column.kind == "category":
        return f"one of {', '.join(column.values)}"
    return EXPECTED[column.kind]


def hint(column: Column, found: str) -> str:
    """Return the likely cause, where a cell shows one; else nothing."""
    if column.kind == "ndc" and pl.Series([found]).str.contains(EATEN_BY_A_SPREADSHEET).item():
        return " A spreadsheet has eaten leading zeros or digits: format the column as text."
    if column.kind in ("price", "positive") and found.startswith("-"):
        return " It is below zero."
    return ""


def _is_right(column: Column, cell: pl.Expr) -> pl.Expr:
    number = cell.cast(pl.Decimal(12, 6), strict=False)
    match column.kind:
        case "date":
            is_a_day = cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()
            return cell.str.contains(r"^[1-9]\d{3}-\d{2}-\d{2}$") & is_a_day
        case "price":
            return cell.str.contains(DECIMAL)
        case "rate":
            return cell.str.contains(SIGNED_DECIMAL)
        case "amount":
            return cell.str.contains(LARGE_DECIMAL)
        case "positive":
            return cell.str.contains(DECIMAL) & (number > 0)
        case "percent":
            return cell.str.contains(DECIMAL) & (number <= 100)
        case "fraction":
            return cell.str.contains(DECIMAL) & (number <= 1)
        case "year":
            return cell.str.contains(r"^(19|20)\d{2}$")
        case "whole":
            return cell.str.contains(r"^\d{1,6}$")
        case "decimals":
            return cell.str.contains(r"^[0-6]$")
        case "category":
            return cell.is_in(column.values)
        case "yes_no":
            return cell.is_in(("yes", "no"))
        case "quarter":
            return cell.str.contains(r"^(19|20)\d{2}Q[1-4]$")
        case "hcpcs":
            return cell.str.contains(r"^[A-Z0-9]{5}$") | (cell == "*")
        case "ndc":
            return cell.str.contains(r"^\d{11}$")
        case "snake_case":
            return cell.str.contains(r"^[a-z][a-z0-9_]*$")
    return pl.lit(value=True)


def _spelled_as(values: tuple[str, ...], cell: pl.Expr) -> pl.Expr:
    spelling = {value.lower(): value for value in values}
    return cell.str.to_lowercase().replace_strict(spelling, default=cell)


def _eleven_digits(cell: pl.Expr) -> pl.Expr:
    return (
        cell.str.replace(r"^(\d{4})-(\d{4})-(\d{2})$", "0${1}${2}${3}")
        .str.replace(r"^(\d{5})-(\d{3})-(\d{2})$", "${1}0${2}${3}")
        .str.replace(r"^(\d{5})-(\d{4})-(\d)$", "${1}${2}0${3}")
        .str.replace(r"^(\d{5})-(\d{4})-(\d{2})$", "${1}${2}${3}")
    )
