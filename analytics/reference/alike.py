"""Which rows go with one that is left out, because they would decide in its place.

A row that cannot be used may be the one that replaced another: an amended rate, a newer policy, a
restated limit. Left in, the older row would answer for it and the figure would be wrong without a
word. So these are left out together, and each names the other:

- contract_terms: rows of one term and one key; payer_policies: rows of one key; house_codes and
  drug_codes: rows of one code. Only where both could hold on one day, an unreadable date being any.
- payment_limits, ndc_crosswalk and opps_status: every vintage of one thing. list_prices: every
  price of one kind.
- drug_packages, code_successors, denial_reasons: the shipped row the site's row stood for.

A cell of a term, policy or price that cannot be read may mean any value, but only among the site's
own rows; elsewhere a row without its key is listed and takes nothing with it. payers,
payer_aliases, payer_lines, label_indications, administration_codes and documentation_weights have
no versions: nothing there is older than another row. discarded_shares decide no dollar, and each
says its year.
"""

import polars as pl

from analytics.reference.cells import is_wrong
from analytics.reference.checks import FIRST_DAY, LAST_DAY, ONE_AT_A_TIME
from analytics.reference.problems import Problem, fallback_left_out
from analytics.reference.rows import OverlongRow
from analytics.reference.shapes import ANY, Column, ReferenceFile

ALIKE = {
    **ONE_AT_A_TIME,
    "contract_terms": tuple(
        name for name in ONE_AT_A_TIME["contract_terms"] if name != "recorded_on"
    ),
    "payment_limits": ("effective_quarter", "hcpcs"),
    "ndc_crosswalk": ("effective_quarter", "ndc11", "hcpcs"),
    "opps_status": ("effective_from", "hcpcs"),
    "list_prices": ("hcpcs", "ndc11", "price_kind"),
}
UNREADABLE_IS_ANY = ("contract_terms", "payer_policies", "list_prices")


def left_out_with(
    file: ReferenceFile,
    left_out: pl.DataFrame,
    overlong: tuple[OverlongRow, ...],
    rows: pl.DataFrame,
) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    """Return the rows that no row left out puts in doubt, and a problem per row in doubt.

    Takes    the site's rows left out, as found; those with a cell too many; the rows in use of
             the site and the shipped file
    """
    alike = ALIKE.get(file.name, file.key if file.is_merged else ())
    if not alike:
        return rows, ()
    usable, doubtful = _told_apart(file, rows), _told_apart(file, left_out)
    found = _contained(alike, overlong, usable)
    problems: tuple[Problem, ...] = ()
    # A row in doubt puts the rows alike to it in doubt as well.
    while True:
        with_both = pl.concat([found, _paired(file, alike, doubtful, usable)])
        pairs = with_both.sort("with_row").unique(["row_source", "row_number"], keep="first")
        if pairs.is_empty():
            return usable.select(rows.columns), problems
        problems += _problems(file, pairs)
        doubtful = usable.join(pairs, on=["row_source", "row_number"], how="semi")
        usable = usable.join(pairs, on=["row_source", "row_number"], how="anti")
        found = found.clear()


def _told_apart(file: ReferenceFile, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the term they belong to and the days they may hold on."""
    if file.name == "contract_terms":
        rows = rows.with_columns(term=pl.coalesce("term_id", "contract_id", "payer_id"))
    if "effective_through" not in file.column_names:
        return rows.with_columns(begins=pl.lit(FIRST_DAY), ends=pl.lit(LAST_DAY))
    begins, ends = (
        pl.col(name).str.to_date("%Y-%m-%d", strict=False)
        for name in ("effective_from", "effective_through")
    )
    is_muddled = (ends < begins).fill_null(value=False)
    return rows.with_columns(
        begins=pl.when(~is_muddled).then(begins).fill_null(FIRST_DAY),
        ends=pl.when(~is_muddled).then(ends).fill_null(LAST_DAY),
    )


def _paired(
    file: ReferenceFile, alike: tuple[str, ...], doubtful: pl.DataFrame, usable: pl.DataFrame
) -> pl.DataFrame:
    columns = {column.name: column for column in file.columns}
    unread = [_is_unread(columns.get(name, Column(name, required=True))) for name in alike]
    is_unread = pl.any_horizontal(unread)
    pairs = doubtful.filter(~is_unread).join(
        usable, on=alike, how="inner", nulls_equal=True, suffix="_kept"
    )
    found = [_same_days(pairs)]
    if file.name in UNREADABLE_IS_ANY:
        partly = doubtful.filter(is_unread).with_columns(
            either.alias(f"{name}_unread") for name, either in zip(alike, unread, strict=True)
        )
        own = usable.filter(pl.col("row_source") == "site")
        fits = pl.all_horizontal(
            pl.col(f"{name}_unread") | pl.col(name).eq_missing(pl.col(f"{name}_kept"))
            for name in alike
        )
        found.append(_same_days(partly.join(own, how="cross", suffix="_kept").filter(fits)))
    return pl.concat(found)


def _is_unread(column: Column) -> pl.Expr:
    is_missing = pl.col(column.name).is_null() & pl.lit(value=column.required)
    return is_wrong(column) | is_missing


def _same_days(pairs: pl.DataFrame) -> pl.DataFrame:
    meets = (pl.col("begins") <= pl.col("ends_kept")) & (pl.col("begins_kept") <= pl.col("ends"))
    return pairs.filter(meets).select(
        row_source="row_source_kept", row_number="row_number_kept", with_row="row_number"
    )


def _contained(
    alike: tuple[str, ...], overlong: tuple[OverlongRow, ...], usable: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows whose key stands somewhere in a row whose cells are out of place."""
    none = usable.select("row_source", "row_number", with_row="row_number").clear()
    is_site = pl.col("row_source") == "site"
    found = [none]
    for row in overlong:
        cells = [cell.upper() for cell in row.cells]
        stands_there = pl.all_horizontal(
            pl.col(name).str.to_uppercase().is_in(cells).fill_null(value=False)
            | (is_site & pl.col(name).fill_null(ANY).eq(ANY))
            for name in alike
        )
        with_row = pl.lit(row.row_number, dtype=pl.Int32)
        found.append(
            usable.filter(stands_there).select("row_source", "row_number", with_row=with_row)
        )
    return pl.concat(found)


def _problems(file: ReferenceFile, pairs: pl.DataFrame) -> tuple[Problem, ...]:
    own, given = f"reference/{file.name}.csv", f"shipped/{file.name}.csv"
    return tuple(
        fallback_left_out(own if source == "site" else given, number, with_row, own)
        for source, number, with_row in pairs.sort("row_source", "row_number").rows()
    )
