"""Every measure: what a table of lines or treatments says, per group, in dollars, counts and rates.

A measure takes and returns a LazyFrame. Rates come last, from sums over one population.
"""

from analytics.measures.causes import underpayment_causes_by
from analytics.measures.columns import MissingColumns, require
from analytics.measures.conduct import payer_conduct_by, take_backs_by
from analytics.measures.denial_mix import denial_rate_adjusted_by, many_payers_in_words
from analytics.measures.denial_tables import denial_definitions, denial_tables_by
from analytics.measures.denials import denial_rate_by
from analytics.measures.deposits import deposits_by
from analytics.measures.documentation import documentation_by
from analytics.measures.scope import in_scope
from analytics.measures.scorecard import payer_scorecard
from analytics.measures.sentences import (
    denied_in_words,
    files_in_words,
    identity_in_words,
    owed_in_words,
    uncompared_in_words,
    waste_in_words,
)
from analytics.measures.small_cells import hide_small_cells
from analytics.measures.underpayment import price_match_by, underpayment_by
from analytics.measures.unit_prices import unit_prices_by
from analytics.measures.vial_choice import vial_choice_by
from analytics.measures.waste import waste_leakage_by

__all__ = [
    "MissingColumns",
    "denial_definitions",
    "denial_rate_adjusted_by",
    "denial_rate_by",
    "denial_tables_by",
    "denied_in_words",
    "deposits_by",
    "documentation_by",
    "files_in_words",
    "hide_small_cells",
    "identity_in_words",
    "in_scope",
    "many_payers_in_words",
    "owed_in_words",
    "payer_conduct_by",
    "payer_scorecard",
    "price_match_by",
    "require",
    "take_backs_by",
    "uncompared_in_words",
    "underpayment_by",
    "underpayment_causes_by",
    "unit_prices_by",
    "vial_choice_by",
    "waste_in_words",
    "waste_leakage_by",
]
