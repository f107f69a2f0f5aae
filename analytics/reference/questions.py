"""Every question about rows that are used and stand beside, or against, other rows."""

from collections.abc import Mapping

import polars as pl

from analytics.reference.code_questions import (
    codes_nobody_knows,
    jumps_of_list_prices,
    rates_per_unit_for_per_mg,
    rates_that_end_with_their_code,
    terms_without_list_price,
)
from analytics.reference.codes import Codes
from analytics.reference.problems import Question
from analytics.reference.term_questions import (
    amended_back_in_time,
    gaps_between_versions,
    two_terms_of_one_rank,
)
from analytics.reference.term_rows import term_rows


def questions_about(rows: Mapping[str, pl.DataFrame], codes: Codes) -> tuple[Question, ...]:
    """Return what a site's terms and list prices leave to ask, one question per rule and cause.

    Takes    the used rows of every reference file by its name, and what they know of codes
    """
    terms = term_rows(rows["contract_terms"])
    return (
        *two_terms_of_one_rank(terms),
        *gaps_between_versions(terms),
        *rates_that_end_with_their_code(terms, rows["code_successors"], codes),
        *rates_per_unit_for_per_mg(terms, codes),
        *terms_without_list_price(terms, rows["list_prices"], codes),
        *codes_nobody_knows(rows, codes),
        *jumps_of_list_prices(rows["list_prices"]),
        *amended_back_in_time(terms),
    )
