"""The rows of every published table the rules cover, from a site folder's raw text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from .administrations import administrations_told
from .causes import CauseBook
from .claim_caps import with_claim_caps
from .claim_line import ClaimLine
from .claims import claims_from
from .code_identity import CodeIdentityBook
from .copies import counted_once
from .discarded_shares import discarded_share_rows
from .documentation import DocumentationBook
from .drugs import DrugBook, Identity
from .events import events_of
from .extract_rows import extract_rows
from .files import received_files
from .gaps import judge_gaps
from .judged import Judged
from .lines import claim_lines
from .medicare import medicare_payment_rows
from .outcomes import OutcomeBook
from .paid_units import paid_units
from .prices import Price, PriceBook
from .read_835 import remits_in
from .read_837 import submissions_in
from .read_claim_rows import submissions_told
from .read_remit_rows import remits_told
from .reasons import ReasonBook
from .reference import Reference
from .rows import claim_line_row, drug_line_row
from .statements import provider_adjustment_rows, remit_balance_rows
from .totals import month_rows, rate_rows
from .visits import visits_of
from .waste import WasteBook
from .whole_vials import whole_multi_dose_vials
from .x12 import transactions_in


def answers(
    site_folder: Path, shipped_reference: Path, as_of: date | None = None
) -> dict[str, list[dict]]:
    """Return the rows of each table by its name, dollars as Decimal, days as date.

    Takes    a site folder (site.toml, raw/, reference/, site.key) and the shipped reference
    Returns  table name to rows; rates are per payer for hcpcs J1324; order is not promised
    Source   raw X12, flat extracts and reference CSVs, by `sql/RULES.md`
    """
    reference = Reference(Path(site_folder), Path(shipped_reference), as_of)
    received = list(received_files(Path(site_folder) / "raw"))
    transactions = counted_once(each for file in received for each in transactions_in(file))
    rows = extract_rows(received)
    remits = remits_in(transactions, reference)
    remits += remits_told(rows["remit_lines"], rows["adjustments"], reference)
    remit_claims = [claim for remit in remits for claim in remit.claims]
    submissions = submissions_in(transactions, reference)
    submissions += submissions_told(rows["claim_lines"], reference)
    lineage = claims_from(submissions, remit_claims)
    claims = list(lineage.claims)
    events = events_of(remit_claims, claims)
    drugs = DrugBook(reference)
    prices = PriceBook(reference, drugs)
    outcomes = OutcomeBook(ReasonBook(reference))
    lines = claim_lines(claims, events, lineage)
    outcomes.mark_hits(lines)
    judged = _all_judged(lines, drugs, prices, outcomes)
    judge_gaps(judged, reference, prices.rates)
    waste = WasteBook(drugs, prices)
    visits = visits_of(judged)
    told = administrations_told(rows["administrations"], reference, drugs, events, claims, visits)
    treatments = waste.treatments(visits, told, judged)
    ledger = [each.row for each in treatments]
    drug_lines = [each for each in judged if each.is_drug]
    return {
        "claim_line_outcomes": [claim_line_row(each, reference) for each in judged],
        "drug_line_outcomes": [drug_line_row(each, reference) for each in drug_lines],
        "underpayment_causes": CauseBook(drugs, prices).rows(drug_lines),
        "waste_ledger": ledger,
        "discarded_shares": discarded_share_rows(drug_lines, drugs, reference),
        "documentation_gaps": DocumentationBook(drugs, prices, reference).rows(judged, treatments),
        "administrations_left_out": told.rows(reference.as_of),
        "whole_multi_dose_vials": whole_multi_dose_vials(treatments, drugs),
        "code_identity": CodeIdentityBook(drugs, prices, waste).rows(drug_lines),
        "medicare_payments": medicare_payment_rows(drug_lines),
        "remit_balances": remit_balance_rows(remits),
        "provider_adjustments": provider_adjustment_rows(remits, events),
        "payer_drug_months": month_rows(drug_lines, ledger),
        "rates": rate_rows(drug_lines, reference, hcpcs="J1324"),
    }


def _all_judged(
    lines: list[ClaimLine], drugs: DrugBook, prices: PriceBook, outcomes: OutcomeBook
) -> list[Judged]:
    """Return the lines with drug, price and outcome; caps of claims look at all of a claim."""
    identities = [drugs.identity(line) for line in lines]
    priced = [
        (line, prices.price(line, identity))
        for line, identity in zip(lines, identities, strict=True)
    ]
    # What a cap leaves moves no outcome, and whether a line is paid for moves its cap.
    decided = {id(line): outcomes.final(line, price).name for line, price in priced}
    capped = with_claim_caps(priced, decided)
    return [
        _judged(line, identity, price, drugs, outcomes)
        for line, identity, price in zip(lines, identities, capped, strict=True)
    ]


def _judged(
    line: ClaimLine, identity: Identity, price: Price, drugs: DrugBook, outcomes: OutcomeBook
) -> Judged:
    outcome = outcomes.final(line, price)
    return Judged(
        line=line,
        is_drug=drugs.is_drug_line(line),
        identity=identity,
        price=price,
        outcome=outcome,
        initial=outcomes.initial(line, price),
        paid_units=paid_units(line, outcome, price, drugs),
        last_allowed_date=outcomes.last_allowed_date(line),
        is_split_from_claim=outcomes.is_split_from_claim(line),
    )
