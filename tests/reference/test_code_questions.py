"""Terms and list prices against what the reference knows of their codes and drugs."""

import pytest

from tests.reference.site_csvs import ReadSite, asked, used

TERMS = "term_id,payer_id,ndc11,hcpcs,drug,method,rate,effective_from,effective_through\n"
PRICES = "hcpcs,ndc11,per,price_kind,price,effective_from\n"
NIVOLUMAB_NDC = "00003377412"


def test_a_code_no_file_knows_is_asked_about_once(read: ReadSite):
    reference = read(
        contract_terms=TERMS
        + "T1,BIRCH,,J0000,,fixed,3,,\nT2,BIRCH,,J9299,,fixed,33,,\nT3,BIRCH,,Q0000,,fixed,4,,\n",
        list_prices=f"{PRICES}J0000,,unit,awp,40,\n",
    )
    of_terms, of_prices = reference.questions
    assert str(of_terms).startswith(
        'reference/contract_terms.csv rows 2 and 4, hcpcs: found "J0000" and "Q0000"; no row of'
    )
    assert str(of_prices).startswith('reference/list_prices.csv row 2, hcpcs: found "J0000"')
    assert used(reference, "contract_terms") == [2, 3, 4]


@pytest.mark.parametrize("code", ["96413", "G0498", "S9329", "J1324", "J9181", "J9362", "J3490"])
def test_a_code_that_is_known_or_no_drugs_is_not_asked_about(read: ReadSite, code: str):
    text = f"{TERMS}T1,BIRCH,,{code},,fixed,3,,2026-09-30\n"
    assert asked(read(contract_terms=text)) == ""


def test_a_code_that_only_a_payment_limit_knows_is_known(read: ReadSite):
    limits = "effective_quarter,hcpcs,published_on,payment_limit\n2026Q1,J0000,2025-12-15,9\n"
    text = f"{TERMS}T1,BIRCH,,J0000,,fixed,3,,\n"
    assert asked(read(contract_terms=text, payment_limits=limits)) == ""


def test_a_drug_nobody_knows_is_asked_about_with_the_nearest(read: ReadSite):
    text = f"{TERMS}T1,BIRCH,,,nivolumap,fixed,33,,\nT2,BIRCH,,,nivolumab,fixed,33,,\n"
    [question] = read(contract_terms=text).questions
    assert 'row 2, drug: found "nivolumap"' in str(question)
    assert "Did you mean nivolumab?" in str(question)


@pytest.mark.parametrize(
    ("keyed", "price"),
    [
        (",J9299,", "J9355,,unit,awp,40,"),
        (",J9299,", "J9299,,unit,wac,40,"),
        (",,nivolumab", "J9355,,unit,awp,40,"),
        (f"{NIVOLUMAB_NDC},,", "50242013201,,unit,wac,40,"),
    ],
    ids=["other code", "other kind", "other drug", "other package"],
)
def test_a_term_without_its_list_price_is_asked_about(read: ReadSite, keyed: str, price: str):
    if price.startswith("5"):
        price = f",{price.replace(',,', ',', 1)}"
    text = f"{TERMS}T1,BIRCH,{keyed},awp_minus,15,,\n"
    [question] = read(contract_terms=text, list_prices=f"{PRICES}{price}\n").questions
    assert "row 2, method: list_prices.csv has no awp price for" in str(question)
    assert "are not priced. Add one" in str(question)


@pytest.mark.parametrize(
    ("keyed", "price"),
    [
        (",J9299,", "J9299,,unit,awp,40,"),
        (",J9299,", f",{NIVOLUMAB_NDC},unit,awp,40,"),
        (",,nivolumab", "J9299,,unit,awp,40,"),
        (f"{NIVOLUMAB_NDC},,", f",{NIVOLUMAB_NDC},unit,awp,40,"),
        (f"{NIVOLUMAB_NDC},,", "J9299,,unit,awp,40,"),
        (",J1324,", "J9177,,unit,awp,40,"),
        (",*,", "J9299,,unit,awp,40,"),
    ],
    ids=["code", "its NDC", "drug", "NDC", "NDC's code", "house code", "any"],
)
def test_a_term_with_a_list_price_for_its_lines_is_fine(read: ReadSite, keyed: str, price: str):
    text = f"{TERMS}T1,BIRCH,{keyed},awp_minus,15,,\n"
    assert asked(read(contract_terms=text, list_prices=f"{PRICES}{price}\n")) == ""


def test_wac_and_awp_are_asked_about_apart_and_terms_together(read: ReadSite):
    text = (
        "T1,BIRCH,,J9299,,awp_minus,15,,\nT2,BIRCH,,J9355,,wac_plus,3,,\n"
        "T3,BIRCH,,J9271,,awp_minus,15,,\n"
    )
    awp, wac = read(contract_terms=TERMS + text).questions
    assert "rows 2 and 4, method: list_prices.csv has no awp price for J9299 and J9271" in str(awp)
    assert "row 3, method: list_prices.csv has no wac price for J9355" in str(wac)


@pytest.mark.parametrize(
    ("by_drug", "is_asked"), [("36.5", True), ("183", True), ("182.5", False), ("146", False)]
)
def test_a_rate_by_drug_is_per_milligram(read: ReadSite, by_drug: str, is_asked: bool):
    # J9177 is 0.25 mg a unit: 36.50 a unit is 146.00 a milligram.
    text = (
        f"T1,BIRCH,,,enfortumab vedotin-ejfv,fixed,{by_drug},2025-01-01,\n"
        "T2,BIRCH,,J9177,,fixed,36.5,2025-01-01,\n"
    )
    reference = read(contract_terms=TERMS + text)
    assert [
        "rows 2 and 3, rate" in str(question)
        and "is row 2 per unit?" in str(question)
        and "146.000000 per mg" in str(question)
        for question in reference.questions
    ] == [True] * is_asked


def test_the_house_code_of_a_drug_counts_its_own_milligrams(read: ReadSite):
    text = (
        "T1,BIRCH,,,enfortumab vedotin-ejfv,fixed,146,2025-01-01,\n"
        "T2,BIRCH,,J1324,,fixed,146,2025-01-01,\n"
    )
    assert asked(read(contract_terms=TERMS + text)) == ""


@pytest.mark.parametrize(
    "other",
    [
        "T2,CEDAR,,J9177,,fixed,36.5,2025-01-01,",
        "T2,BIRCH,,J9177,,fixed,36.5,2020-01-01,2024-12-31",
    ],
    ids=["other payer", "other days"],
)
def test_rates_that_never_meet_are_not_compared(read: ReadSite, other: str):
    text = f"T1,BIRCH,,,enfortumab vedotin-ejfv,fixed,36.5,2025-01-01,\n{other}\n"
    reference = read(payers="payer_id\nBIRCH\nCEDAR\n", contract_terms=TERMS + text)
    assert asked(reference) == ""


def test_a_replaced_code_without_a_term_for_the_new_one_is_asked_about(read: ReadSite):
    text = (
        "T1,BIRCH,,J9352,,fixed,300,2025-01-01,\nT2,CEDAR,,J9352,,fixed,310,2025-01-01,\n"
        "T3,ALDER,,J9352,,fixed,320,2025-01-01,\nT3B,ALDER,,J9362,,fixed,32,2026-10-01,\n"
    )
    reference = read(payers="payer_id\nBIRCH\nCEDAR\nALDER\n", contract_terms=TERMS + text)
    assert asked(reference) == (
        "reference/contract_terms.csv rows 2 and 3, hcpcs: J9352 is J9362 from 2026-10-01: the unit"
        " changes from 0.1 mg to 0.01 mg on 2026-10-01; per-unit rates do not carry over. These"
        " terms end there: add a row for J9362 or for trabectedin."
    )


@pytest.mark.parametrize(
    "rows",
    [
        "T1,BIRCH,,J9352,,fixed,300,2025-01-01,2026-09-30\n",
        "T1,BIRCH,,J9352,,fixed,300,2025-01-01,\nT2,BIRCH,,J9362,,fixed,30,2026-10-01,\n",
        "T1,BIRCH,,J9352,,fixed,300,2025-01-01,\nT2,BIRCH,,,trabectedin,fixed,3000,2026-10-01,\n",
    ],
    ids=["ends before", "has the new code", "goes on by drug"],
)
def test_a_replaced_code_that_is_provided_for_is_fine(read: ReadSite, rows: str):
    assert asked(read(contract_terms=TERMS + rows)) == ""


def test_a_list_price_that_jumps_is_asked_about(read: ReadSite):
    reference = read(
        list_prices=PRICES
        + "J9299,,unit,awp,121,2026-01-01\nJ9299,,unit,awp,40,2025-01-01\n"
        + "J9355,,unit,awp,10,2026-01-01\nJ9355,,unit,awp,40,2025-01-01\n"
        + "J9271,,unit,awp,60,2026-01-01\nJ9271,,unit,awp,20,2025-01-01\n"
        + "J9271,,mg,wac,900,2025-07-01\n"
    )
    [question] = reference.questions
    assert str(question).startswith(
        "reference/list_prices.csv rows 2, 3, 4 and 5, price: more than"
    )
    assert "row 2: 40 to 121 and row 4: 40 to 10" in str(question)
    assert used(reference, "list_prices") == [2, 3, 4, 5, 6, 7, 8]
