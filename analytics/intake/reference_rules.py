"""What the rows of a reference CSV must not say, beyond the kind of each cell.

One rule, one sentence. A rule that `leaves_out` keeps the row from every figure until it is mended;
the others only ask or warn. A rate that could be read two ways is left out: a line without a price
is listed, a line with a wrong price is a false letter.
"""

from dataclasses import dataclass

import polars as pl

NEED_A_RATE = ("fixed", "pct_of_limit", "asp_plus", "awp_minus", "wac_plus", "pct_of_charge")
SHARES = ("pct_of_limit", "pct_of_charge")
MARKUPS = ("asp_plus", "awp_minus", "wac_plus")


@dataclass(frozen=True)
class RowRule:
    """One thing a row must not say: where to look, when it is so, and the sentence."""

    file: str
    column: str
    is_broken: pl.Expr
    sentence: str
    leaves_out: bool = True


def rules_for(file: str, columns: tuple[str, ...]) -> tuple[RowRule, ...]:
    """Return the rules of one file, those of dates included where it has them."""
    own = tuple(rule for rule in (*ROW_RULES, *TERMS_TO_ASK_ABOUT) if rule.file == file)
    if "effective_through" not in columns:
        return own
    ends_first = _date("effective_through") < _date("effective_from")
    ends_before_it_begins = "it ends before it begins; check effective_from and effective_through"
    return (*own, RowRule(file, "effective_through", ends_first, ends_before_it_begins))


def _date(column: str) -> pl.Expr:
    return pl.col(column).str.to_date("%Y-%m-%d", strict=False)


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Decimal(12, 6), strict=False)


def _method(*methods: str) -> pl.Expr:
    return pl.col("method").is_in(methods)


_LOOKS_LIKE_A_FRACTION = (_number("rate") > 0) & (_number("rate") < 2)
_NO_DRUG = pl.col("drug").is_null() | pl.col("unit_mg").is_null()

ROW_RULES = (
    RowRule(
        "contract_terms",
        "rate",
        _method(*NEED_A_RATE) & pl.col("rate").is_null(),
        "this method needs a rate: dollars for fixed, a percent otherwise (104 for 104%)",
    ),
    RowRule(
        "contract_terms",
        "rate",
        _method(*SHARES) & _LOOKS_LIKE_A_FRACTION,
        "is this a fraction? Rates are percents: write 104 for 104% of the limit",
    ),
    RowRule(
        "drug_codes",
        "unit_mg",
        (pl.col("is_unlisted") != "yes").fill_null(value=True) & _NO_DRUG,
        "a code needs its drug and the milligrams in one unit, unless is_unlisted is yes",
    ),
    RowRule(
        "code_successors",
        "new_hcpcs",
        pl.col("new_hcpcs") == pl.col("old_hcpcs"),
        "a code cannot replace itself; give the new code",
    ),
    RowRule(
        "drug_packages",
        "billable_mg",
        _number("billable_mg") > _number("package_mg"),
        "more may not be billed than the package holds: overfill is never billable",
    ),
    RowRule(
        "list_prices",
        "hcpcs",
        pl.col("hcpcs").is_null() & pl.col("ndc11").is_null(),
        "a price needs an hcpcs or an ndc11",
    ),
    RowRule(
        "denial_reasons",
        "effect",
        (pl.col("code_set") == "CARC")
        & (pl.col("effect").is_null() | pl.col("counts_as_denial").is_null()),
        "a CARC row needs both counts_as_denial and effect",
    ),
)

TERMS_TO_ASK_ABOUT = (
    RowRule(
        "contract_terms",
        "rate",
        _method(*MARKUPS) & _LOOKS_LIKE_A_FRACTION,
        "is this a fraction? Rates are percents: write 6 for a markup of 6%",
        leaves_out=False,
    ),
    RowRule(
        "contract_terms",
        "method",
        _method(*MARKUPS),
        "this method is not priced yet: its lines stay unpriced and are listed",
        leaves_out=False,
    ),
    RowRule(
        "contract_terms",
        "drug",
        pl.col("drug").is_not_null() & pl.col("hcpcs").is_null() & pl.col("ndc11").is_null(),
        "terms keyed by drug alone are not priced yet: give the hcpcs, or its lines stay unpriced",
        leaves_out=False,
    ),
    RowRule(
        "contract_terms",
        "charge_cap",
        pl.col("charge_cap") == "claim",
        "a cap over the claim is not priced yet: its lines stay unpriced and are listed",
        leaves_out=False,
    ),
    RowRule(
        "contract_terms",
        "price_lag_days",
        _number("price_lag_days") > 0,
        "a price lag is not priced yet: its lines stay unpriced and are listed",
        leaves_out=False,
    ),
    RowRule(
        "contract_terms",
        "price_decimals",
        pl.col("price_decimals").is_not_null(),
        "rounding the unit price is not priced yet: its lines stay unpriced and are listed",
        leaves_out=False,
    ),
    RowRule(
        "contract_terms",
        "contract_id",
        pl.col("contract_id").is_null() & pl.col("term_id").is_null(),
        "without a contract_id the payer_id stands in for it; name the contract",
        leaves_out=False,
    ),
)
