"""What the rows of a reference CSV must not say, beyond the kind of each cell.

One rule, one sentence. A rule that `leaves_out` keeps the row from every figure until it is mended;
the others only ask, and the row is used. The rule of thumb: what cannot be, or could be read two
ways, is left out, since a line without a price is listed and a line with a wrong price is a false
letter; what is unusual but can be only one thing is asked about.
"""

from dataclasses import dataclass

import polars as pl

NEED_A_RATE = ("fixed", "pct_of_limit", "asp_plus", "awp_minus", "wac_plus", "pct_of_charge")
SHARES = ("pct_of_limit", "pct_of_charge")
MARKUPS = ("asp_plus", "awp_minus", "wac_plus")
AT_A_LIMIT = ("pct_of_limit", "asp_plus")
WITHOUT_A_RATE = ("capitated", "case_rate", "not_covered")
LONGEST_LAG = 365


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
    every = (*ROW_RULES, *IMPOSSIBLE_TERMS, *TERMS_TO_ASK_ABOUT)
    own = tuple(rule for rule in every if rule.file == file)
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


def _impossible(column: str, is_broken: pl.Expr, sentence: str) -> RowRule:
    return RowRule("contract_terms", column, is_broken, sentence)


def _odd(column: str, is_broken: pl.Expr, sentence: str) -> RowRule:
    return RowRule("contract_terms", column, is_broken, sentence, leaves_out=False)


_RATE = _number("rate")
_LOOKS_LIKE_A_FRACTION = (_RATE > 0) & (_RATE < 2)
_NO_DRUG = pl.col("drug").is_null() | pl.col("unit_mg").is_null()

ROW_RULES = (
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
        "payment_limits",
        "payment_limit",
        pl.col("payment_limit").is_null()
        & ~pl.col("notes").str.starts_with("N/A").fill_null(value=False),
        "every row needs one; where CMS prints none, begin the notes with N/A",
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

IMPOSSIBLE_TERMS = (
    _impossible(
        "rate",
        _method(*NEED_A_RATE) & pl.col("rate").is_null(),
        "this method needs a rate: dollars for fixed, a percent otherwise (104 for 104%)",
    ),
    _impossible(
        "rate",
        _method("fixed", *SHARES) & (_RATE <= 0),
        "a price is above 0; where nothing is allowed, the method is not_covered",
    ),
    _impossible(
        "rate",
        _method(*SHARES) & _LOOKS_LIKE_A_FRACTION,
        "is this a fraction? Rates are percents: write 104 for 104% of the limit",
    ),
    _impossible(
        "rate",
        _method("pct_of_limit") & (_RATE > 1000),
        "no payer allows ten times the limit. Are these dollars? Then the method is fixed",
    ),
    _impossible(
        "rate",
        _method("pct_of_charge") & (_RATE > 100),
        "a share of the charge is at most 100. Is it a share of the limit (pct_of_limit)?",
    ),
    _impossible(
        "rate",
        _method("asp_plus", "wac_plus") & (_RATE > 100),
        "is this a share? A markup is what is added: write 6 for the price and 6% more",
    ),
    _impossible(
        "rate",
        _method("asp_plus", "wac_plus") & (_RATE <= -100),
        "nothing would be left of the price: write -5 for 5% less",
    ),
    _impossible(
        "rate",
        _method("awp_minus") & ((_RATE < 0) | (_RATE >= 100)),
        "the discount is above 0 and below 100: write 15 for AWP less 15%",
    ),
    _impossible(
        "price_lag_days",
        _number("price_lag_days") > LONGEST_LAG,
        f"prices come at most a year late: expected 0 to {LONGEST_LAG} days",
    ),
)

TERMS_TO_ASK_ABOUT = (
    _odd(
        "rate",
        _method(*MARKUPS) & (_RATE.abs() < 2) & (_RATE != 0),
        "is this a fraction? Rates are percents: write 6 for a markup of 6%",
    ),
    _odd(
        "rate",
        _method("pct_of_limit") & ((_RATE < 20) | (_RATE > 500)),
        "payers allow 20% to 500% of the limit; is this percent right?",
    ),
    _odd(
        "rate",
        _method("asp_plus", "wac_plus") & (_RATE < -30),
        "so much less than the price is unusual; is it right?",
    ),
    _odd(
        "rate",
        (_method("wac_plus") & (_RATE > 60)) | (_method("awp_minus") & (_RATE > 60)),
        "so much is unusual: 15 means WAC and 15% more, or AWP less 15%; is it right?",
    ),
    _odd(
        "rate",
        _method(*WITHOUT_A_RATE) & pl.col("rate").is_not_null(),
        "this method has no rate, and what stands there is not used; is the method right?",
    ),
    _odd(
        "charge_cap",
        _method("pct_of_charge") & pl.col("charge_cap").is_in(("line", "claim")),
        "a share of the charge is never above it: the cap takes nothing; is the method right?",
    ),
    _odd(
        "price_lag_days",
        ~_method(*AT_A_LIMIT) & (_number("price_lag_days") > 0),
        "a lag moves CMS limits alone; under this method it moves nothing",
    ),
    _odd(
        "contract_id",
        pl.col("contract_id").is_null() & pl.col("term_id").is_null(),
        "without a contract_id the payer_id stands in for it; name the contract",
    ),
)
