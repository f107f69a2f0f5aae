"""What is asked about terms and list prices whose codes and drugs other reference files know.

Codes no file knows, terms without the list price they need, a price per unit where one per
milligram belongs, and rates that end with their code. The rows are used; their lines may have no
price, or one that deserves a second look.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import polars as pl

from analytics.reference.checks import FIRST_DAY
from analytics.reference.codes import Codes
from analytics.reference.problems import CELLS_QUOTED, Question, listed, nearest, rows_asked
from analytics.reference.shapes import ANY
from analytics.reference.term_rows import TermRow, day_of

TERMS, PRICES = "reference/contract_terms.csv", "reference/list_prices.csv"
# Codes of drugs. Others (visits, supplies, administration) have no file that knows them all.
DRUG_CODE = re.compile(r"[JQ]\d{4}|C9\d{3}")
LIST_KIND = {"awp_minus": "awp", "wac_plus": "wac"}
FURTHEST_APART = Decimal("0.25")
LARGEST_JUMP = 3


def codes_nobody_knows(frames: Mapping[str, pl.DataFrame], codes: Codes) -> list[Question]:
    """Return a question per file with drug codes, and per drug, that no reference file knows."""
    rule = (
        "no row of drug_codes, house_codes, payment_limits or code_successors knows this code."
        " Mend it, or add it to drug_codes.csv"
    )
    asked: list[Question] = []
    for file, name in ((TERMS, "contract_terms"), (PRICES, "list_prices")):
        rows = frames[name].sort("row_number")
        strange = [
            code
            for code in rows["hcpcs"].drop_nulls().unique()
            if DRUG_CODE.fullmatch(code) and code not in codes.known
        ]
        asked += rows_asked(rows.filter(pl.col("hcpcs").is_in(strange)), file, "hcpcs", rule)
    return [*asked, *_drugs_nobody_knows(frames["contract_terms"].sort("row_number"), codes)]


def terms_without_list_price(
    terms: Sequence[TermRow], prices: pl.DataFrame, codes: Codes
) -> list[Question]:
    """Return a question per kind of list price that terms need and list_prices.csv has not."""
    listed_of: dict[str, set[str]] = defaultdict(set)
    for hcpcs, ndc11, kind in prices.select("hcpcs", "ndc11", "price_kind").rows():
        listed_of[kind].add(ndc11 or hcpcs)
    bare: dict[str, list[TermRow]] = defaultdict(list)
    for term in terms:
        kind = LIST_KIND.get(term.method)
        if kind and not _may_have_price(term, listed_of[kind], codes):
            bare[kind].append(term)
    return [
        Question(
            TERMS,
            tuple(term.number for term in found),
            "method",
            f"list_prices.csv has no {kind} price for"
            f" {listed(list(dict.fromkeys(_keyed_by(term) for term in found)), CELLS_QUOTED)}:"
            " such lines are not priced. Add one",
        )
        for kind, found in sorted(bare.items())
    ]


def rates_per_unit_for_per_mg(terms: Sequence[TermRow], codes: Codes) -> list[Question]:
    """Return a question per rate by drug that is far from the payer's rate by that drug's code."""
    fixed = [term for term in terms if term.method == "fixed" and term.rate]
    asked: list[Question] = []
    for by_drug in (term for term in fixed if term.is_by_drug):
        for by_code, unit_mg in _by_code(by_drug, fixed, codes):
            per_mg = (by_code.rate or Decimal(0)) / unit_mg
            if abs((by_drug.rate or Decimal(0)) - per_mg) > FURTHEST_APART * per_mg:
                asked.append(_per_mg_question(by_drug, by_code, unit_mg, per_mg))
                break
    return asked


def rates_that_end_with_their_code(
    terms: Sequence[TermRow], successors: pl.DataFrame, codes: Codes
) -> list[Question]:
    """Return a question per replaced code that terms name and whose successor has none."""
    asked: list[Question] = []
    for row in successors.sort("old_hcpcs", "new_hcpcs").to_dicts():
        old, new = row["old_hcpcs"], row["new_hcpcs"]
        day = day_of(row["effective_from"], FIRST_DAY)
        drugs = {meaning.drug for code in (old, new) for meaning in codes.meanings.get(code, ())}
        after = [term for term in terms if term.ends >= day]
        goes_on = {
            term.payer_id
            for term in after
            if term.hcpcs == new or (term.is_by_drug and term.drug in drugs)
        }
        ended = [term for term in after if term.hcpcs == old and term.payer_id not in goes_on]
        if ended:
            numbers = tuple(term.number for term in ended)
            said = _replaced(old, new, day, codes, sorted(drugs))
            asked.append(Question(TERMS, numbers, "hcpcs", said))
    return asked


def jumps_of_list_prices(prices: pl.DataFrame) -> list[Question]:
    """Return a question about list prices that go up or down by more than three times at once."""
    alike = ["hcpcs", "ndc11", "per", "price_kind"]
    moved: list[tuple[int, int, str]] = []
    for _, rows in prices.sort("effective_from", "row_number", nulls_last=False).group_by(
        alike, maintain_order=True
    ):
        told = rows.select("row_number", "price").rows()
        for (before, earlier), (after, later) in pairwise(told):
            low, high = sorted((Decimal(earlier), Decimal(later)))
            if high > LARGEST_JUMP * low:
                moved.append((before, after, f"row {after}: {earlier} to {later}"))
    if not moved:
        return []
    numbers = tuple(sorted({number for before, after, _ in moved for number in (before, after)}))
    said = listed([text for *_, text in moved], CELLS_QUOTED)
    ask = f"more than {LARGEST_JUMP} times the price before, or less than a third of it ({said})."
    return [Question(PRICES, numbers, "price", f"{ask} Is one of them of another unit?")]


def _drugs_nobody_knows(terms: pl.DataFrame, codes: Codes) -> Iterator[Question]:
    said: dict[str, list[str]] = defaultdict(list)
    for drug in terms["drug"].drop_nulls().unique().sort():
        if drug not in codes.drugs:
            said[nearest(drug, sorted(codes.drugs))].append(drug)
    for meant, drugs in said.items():
        rule = (
            "no row of drug_codes, house_codes or drug_packages names this drug."
            f"{meant} Else add it to drug_codes.csv"
        )
        yield from rows_asked(terms.filter(pl.col("drug").is_in(drugs)), TERMS, "drug", rule)


def _may_have_price(term: TermRow, with_price: set[str], codes: Codes) -> bool:
    named = {name for name in (term.hcpcs, term.ndc11) if name and name != ANY}
    drugs = {drug for name in named for drug in codes.drugs_of(name)}
    drugs |= {term.drug} if term.drug else set()
    siblings = named | {code for drug in drugs for code in codes.of_drug.get(drug, ())}
    return bool(with_price & siblings if siblings else with_price)


def _keyed_by(term: TermRow) -> str:
    return term.ndc11 or (term.hcpcs if term.hcpcs != ANY else term.drug or "any code")


def _by_code(
    by_drug: TermRow, fixed: Iterable[TermRow], codes: Codes
) -> Iterator[tuple[TermRow, Decimal]]:
    """Yield the payer's rates by a code of that drug on the same days, with the code's unit."""
    for term in fixed:
        if term.payer_id != by_drug.payer_id or not term.meets(by_drug.begins, by_drug.ends):
            continue
        meanings = codes.meanings.get(term.hcpcs, ())
        meant = next((one for one in meanings if term.meets(one.begins, one.ends)), None)
        if meant and meant.drug == by_drug.drug:
            yield term, meant.unit_mg


def _per_mg_question(
    by_drug: TermRow, by_code: TermRow, unit_mg: Decimal, per_mg: Decimal
) -> Question:
    return Question(
        TERMS,
        tuple(sorted((by_drug.number, by_code.number))),
        "rate",
        f"row {by_drug.number} says {by_drug.rate:f} per mg of {by_drug.drug}, row"
        f" {by_code.number} {by_code.rate:f} per unit of {unit_mg.normalize():f} mg"
        f" ({by_code.hcpcs}), {per_mg:.6f} per mg. A rate by drug is per milligram:"
        f" is row {by_drug.number} per unit?",
    )


def _replaced(old: str, new: str, day: date, codes: Codes, drugs: Sequence[str]) -> str:
    of_old, of_new = ({one.unit_mg for one in codes.meanings.get(code, ())} for code in (old, new))
    said = f"{old} is {new} from {day}"
    if len(of_old) == 1 and len(of_new) == 1 and of_old != of_new:
        said += (
            f": the unit changes from {of_old.pop().normalize():f} mg to"
            f" {of_new.pop().normalize():f} mg on {day}; per-unit rates do not carry over"
        )
    by_drug = f" or for {' or '.join(drugs)}" if drugs else ""
    return f"{said}. These terms end there: add a row for {new}{by_drug}."
