"""The published tables as LazyFrames, and one read-only query over all of them.

Every loader reads the current run of `data/` unless `data=` names another folder or `run=` an
earlier run. A loader scans and never reads: nothing is loaded until `.collect()`.
"""

from pathlib import Path

import duckdb
import polars as pl

from analytics.errors import UsageError
from analytics.settings import data_folder
from analytics.warehouse.engine import first_line
from analytics.warehouse.runs import connect, find_run, run_file


def load_claim_line_outcomes(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """What became of every billed line, one row per line, payer and rank.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  the key (claim_id, line_number, payer_id, payer_rank), charged, allowed and paid
             dollars, `outcome` with its reason, `expected_allowed_usd` with `pricing_basis`
    Raises   AnalyticsError before the first `analytics refresh`
    Source   claim_line_outcomes
    """
    return _scan("claim_line_outcomes", data, run)


def load_drug_line_outcomes(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """Every drug line with its drug, its contract price and the gap to what was allowed.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  all columns of `claim_line_outcomes`, the drug with `identity_basis`, the term, and
             the gap in dollars: `shortfall_usd`, `overpaid_usd` with its `refund_basis`,
             `payer_owed_usd`, `ask_usd` ...; apart from it `charge_limited_usd` and
             `lag_effect_usd`, what charge and contract gave away, and `recovered_usd` with
             `recovered_on`
    Raises   AnalyticsError before the first `analytics refresh`
    Source   drug_line_outcomes
    """
    return _scan("drug_line_outcomes", data, run)


def load_claim_outcomes(*, data: str | Path | None = None, run: str | None = None) -> pl.LazyFrame:
    """Every claim at its primary payer, one row per claim and payer.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  whether the claim counts and was denied at first (`counts_initial`, `denied_initial`)
             and in the end, its `cohort_month`, charge and dollars denied, and how soon the payer
             answered (`days_from_submission`, `days_from_receipt`); `denial_rate_by` reads it
    Raises   AnalyticsError before the first `analytics refresh`
    Source   claim_outcomes
    """
    return _scan("claim_outcomes", data, run)


def load_remit_claims(*, data: str | Path | None = None, run: str | None = None) -> pl.LazyFrame:
    """Every answer of a payer to a claim, one row per remit claim, reversals and repeats too.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  charge, paid and allowed dollars, `event_state` (only `live` stands), `is_duplicate`;
             records, not claims: rates of them are what naive tools report
    Raises   AnalyticsError before the first `analytics refresh`
    Source   remit_claims
    """
    return _scan("remit_claims", data, run)


def load_underpayment_causes(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """Why each short or overpaid line is off its contract price, one row per line and cause.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  the key, `cause` with `cause_detail` in words, and its dollars: `gap_usd` (signed),
             which adds up to `shortfall_usd` less `overpaid_usd` of the line
    Raises   AnalyticsError before the first `analytics refresh`
    Source   underpayment_causes
    """
    return _scan("underpayment_causes", data, run)


def load_waste_ledger(*, data: str | Path | None = None, run: str | None = None) -> pl.LazyFrame:
    """Drug given and drug discarded, one row per patient, provider, service date and drug.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  units administered, billed and expected as waste, `vial_evidence`, `finding` and its
             dollars; evidence tiers are never to be added into one figure. `actual_vial_mg`,
             `least_waste_mg` and `avoidable_cost_usd` are vial choice: the practice's cost, no debt
    Raises   AnalyticsError before the first `analytics refresh`
    Source   waste_ledger
    """
    return _scan("waste_ledger", data, run)


def load_discarded_shares(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """The share of a drug's allowed dollars that was discarded, one row per drug and service year.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  dollars allowed and discarded, `discarded_share` (a fraction), beside it `cms_share` of
             the drug's CMS code with its `cms_year`, and a `note` why the two may differ
    Raises   AnalyticsError before the first `analytics refresh`
    Source   discarded_shares
    """
    return _scan("discarded_shares", data, run)


def load_documentation_gaps(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """What the documentation of each drug line shows and lacks, one row per line and check.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  the key, `check`, `result` (`met`, `not_met`, `cannot_tell`) with its `reason` in
             words, and the check's `weight` in a score; `documentation_by` counts and scores them
    Raises   AnalyticsError before the first `analytics refresh`
    Source   documentation_gaps
    """
    return _scan("documentation_gaps", data, run)


def load_code_identity(*, data: str | Path | None = None, run: str | None = None) -> pl.LazyFrame:
    """Lines whose code may mean another drug than CMS says, one row per line with a `finding`.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  the finding (`house_code`, `ndc_contradicts_code`, `wrong_neighbour`, `units_by_four`),
             the billed code and units beside the CMS code and units for the same milligrams, and
             the line priced both ways: the dollars that rest on the convention
    Raises   AnalyticsError before the first `analytics refresh`
    Source   code_identity
    """
    return _scan("code_identity", data, run)


def load_medicare_payments(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """What Medicare should have paid on each compared line, beside what it paid.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  the key, patient share and sequestration as expected, `difference_usd` of the payment,
             `payment_check` with its arithmetic in words; the sum of `shortfall_usd` is the
             false-positive meter
    Raises   AnalyticsError before the first `analytics refresh`
    Source   medicare_payments
    """
    return _scan("medicare_payments", data, run)


def load_payer_rates_seen(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """The rate a payer really uses, one row per term, code and week of service.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  the rate most lines carry (`rate_basis` says of what; null where it is the term's), its
             lines and claims, and the dollars expected and allowed
    Raises   AnalyticsError before the first `analytics refresh`
    Source   payer_rates_seen
    """
    return _scan("payer_rates_seen", data, run)


def load_contract_findings(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """Whether the contract file or the payer is to be doubted, one row per term, code and stretch.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  first and last week, what the term says, what was paid, dollars short and over,
             `verdict` (`look_at_contract_file`, `payer_uses_another_row`, `payer_varies`,
             `too_few_claims`, `agrees`) and a sentence
    Raises   AnalyticsError before the first `analytics refresh`
    Source   contract_findings
    """
    return _scan("contract_findings", data, run)


def load_payer_drug_months(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """Counts and dollars per payer, line of business, drug, code and service month.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  counts and dollars only: a rate is made last, from sums over the months it covers
    Raises   AnalyticsError before the first `analytics refresh`
    Source   payer_drug_months
    """
    return _scan("payer_drug_months", data, run)


def load_remit_balances(*, data: str | Path | None = None, run: str | None = None) -> pl.LazyFrame:
    """Whether each remit adds up, one row per remit transaction.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  the differences at line, claim and transaction level in USD, and `balanced`
    Raises   AnalyticsError before the first `analytics refresh`
    Source   remit_balances
    """
    return _scan("remit_balances", data, run)


def load_provider_adjustments(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """Money payers moved beside the claims, one row per PLB pair.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  reason, reference, dollars and, where it can be told, the claim it belongs to
    Raises   AnalyticsError before the first `analytics refresh`
    Source   provider_adjustments
    """
    return _scan("provider_adjustments", data, run)


def load_reference_questions(
    *, data: str | Path | None = None, run: str | None = None
) -> pl.LazyFrame:
    """What a person must still write into the reference files, one row per question.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  the file, what the row is about, lines and charges behind it, and a sentence; `place` 1
             is worth most. Rows with `is_unpriced` hold every unpriced drug line once; those
             without a `reference_file` cannot be settled there
    Raises   AnalyticsError before the first `analytics refresh`
    Source   reference_questions
    """
    return _scan("reference_questions", data, run)


def load_load_ledger(*, data: str | Path | None = None, run: str | None = None) -> pl.LazyFrame:
    """What happened to every received file, one row per file.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  kind, status (loaded, duplicate, rejected, not_ours, partly_rejected), its segments,
             claims, lines and dollars
    Raises   AnalyticsError before the first `analytics refresh`
    Source   load_ledger
    """
    return _scan("load_ledger", data, run)


def load_rejects(*, data: str | Path | None = None, run: str | None = None) -> pl.LazyFrame:
    """Pieces of files that no figure uses, one row per piece.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  file, byte offset, segment id and reason; never the text of the segment
    Raises   AnalyticsError before the first `analytics refresh`
    Source   rejects
    """
    return _scan("rejects", data, run)


def load_run_info(*, data: str | Path | None = None, run: str | None = None) -> pl.LazyFrame:
    """The run these figures come from, one row.

    Takes    data, the site's folder, and run, the id of an earlier run
    Returns  run id, as-of date, versions, what the inputs hash to, and the rows of each table
    Raises   AnalyticsError before the first `analytics refresh`
    Source   run_info
    """
    return _scan("run_info", data, run)


def sql(query: str, *, data: str | Path | None = None, run: str | None = None) -> pl.DataFrame:
    """The rows of one SELECT over the tables of a run, read-only.

    The query sees every table of the run, staging to marts, and no file or network besides.

    Takes    one DuckDB SELECT, data, the site's folder, and run, the id of an earlier run
    Returns  the rows; their order is the query's own
    Raises   UsageError for anything but one SELECT and for a query DuckDB cannot run;
             AnalyticsError before the first `analytics refresh`
    Source   every table of the run
    """
    folder = data_folder(data)
    chosen = find_run(folder, run)
    try:
        kinds = [statement.type for statement in duckdb.extract_statements(query)]
        if kinds != [duckdb.StatementType.SELECT]:
            found = ", ".join(kind.name for kind in kinds) or "nothing"
            raise UsageError(
                f"a query is one SELECT, since a run never changes; found {found}. "
                "Send one SELECT at a time."
            )
        with connect(folder, chosen) as con:
            return con.sql(query).pl()
    except duckdb.Error as error:
        raise UsageError(
            f"the query does not run; DuckDB says: {first_line(error)}. "
            f"Mend it; the published tables are {', '.join(chosen.published)}."
        ) from None


def _scan(table: str, data: str | Path | None, run: str | None) -> pl.LazyFrame:
    folder = data_folder(data)
    return pl.scan_parquet(run_file(folder, find_run(folder, run), table), glob=False)
