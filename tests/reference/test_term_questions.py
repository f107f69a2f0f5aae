"""Terms that stand beside each other: gaps between versions, two terms, amendments back in time."""

import pytest

from tests.reference.site_csvs import VERSIONS, ReadSite, asked, used

KEYED = (
    "term_id,payer_id,line_of_business,hcpcs,drug,method,rate,effective_from,effective_through\n"
)


def test_a_gap_between_versions_is_asked_about_with_its_days(read: ReadSite):
    reference = read(
        contract_terms=VERSIONS
        + "T1,BIRCH,J9299,fixed,33,2025-01-01,2025-06-30,\n"
        + "T1,BIRCH,J9299,fixed,34,2025-08-01,,\n"
        + "T2,BIRCH,J9355,fixed,70,2025-01-01,2025-06-30,\n"
        + "T2,BIRCH,J9355,fixed,71,2025-08-01,,\n"
    )
    [question] = reference.questions
    assert str(question) == (
        "reference/contract_terms.csv rows 2, 3, 4 and 5, effective_from: no version of T1 and T2"
        " holds from 2025-07-01 to 2025-07-31 (31 days): lines of those days have no price, or a"
        " wider term's. Is a date wrong?"
    )
    assert used(reference, "contract_terms") == [2, 3, 4, 5]


def test_a_gap_that_a_later_version_closes_is_none(read: ReadSite):
    reference = read(
        contract_terms=VERSIONS
        + "T1,BIRCH,J9299,fixed,33,2025-01-01,2025-06-30,2025-01-01\n"
        + "T1,BIRCH,J9299,fixed,34,2025-08-01,,2025-01-01\n"
        + "T1,BIRCH,J9299,fixed,35,2025-06-01,2025-09-30,2025-05-01\n"
    )
    assert asked(reference) == ""


@pytest.mark.parametrize("ends", ["2025-12-31", ""])
def test_versions_that_follow_each_other_leave_no_gap(read: ReadSite, ends: str):
    reference = read(
        contract_terms=VERSIONS
        + f"T1,BIRCH,J9299,fixed,33,2025-01-01,{ends},2024-12-01\n"
        + "T1,BIRCH,J9299,fixed,34,2026-01-01,,2025-12-01\n"
    )
    assert asked(reference) == ""


def test_two_terms_of_one_rank_on_one_day_are_named_once_for_a_payer(read: ReadSite):
    reference = read(
        contract_terms=VERSIONS
        + "OLD,BIRCH,J9299,fixed,33,2024-01-01,2025-01-01,\n"
        + "NEW,BIRCH,J9299,fixed,34,2025-01-01,,\n"
        + "OLD5,BIRCH,J9355,fixed,70,2024-01-01,,\n"
        + "NEW5,BIRCH,J9355,fixed,71,2025-01-01,,\n"
    )
    [question] = reference.questions
    assert "rows 2, 3, 4 and 5, effective_from" in str(question)
    assert "OLD (row 2) with NEW (row 3) and OLD5 (row 4) with NEW5 (row 5)" in str(question)
    assert "are not priced (two terms)" in str(question)
    assert used(reference, "contract_terms") == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "other",
    [
        "NEW,BIRCH,*,J9299,,fixed,34,2025-01-02,",
        "NEW,BIRCH,commercial,J9299,,fixed,34,2024-06-01,",
        "NEW,BIRCH,*,,nivolumab,fixed,34,2024-06-01,",
        "NEW,CEDAR,*,J9299,,fixed,34,2024-06-01,",
        "NEW,BIRCH,*,J9355,,fixed,34,2024-06-01,",
    ],
    ids=["other days", "line of business", "other key", "other payer", "other code"],
)
def test_terms_that_do_not_meet_are_not_asked_about(read: ReadSite, other: str):
    reference = read(
        payers="payer_id\nBIRCH\nCEDAR\n",
        contract_terms=f"{KEYED}OLD,BIRCH,*,J9299,,fixed,33,2024-01-01,2025-01-01\n{other}\n",
    )
    assert asked(reference) == ""


def test_an_amendment_back_in_time_is_noted_with_its_days(read: ReadSite):
    reference = read(
        contract_terms=VERSIONS
        + "T1,BIRCH,J9299,fixed,33,2024-01-01,,2023-12-01\n"
        + "T1,BIRCH,J9299,fixed,34,2025-10-01,,2026-01-20\n"
    )
    [question] = reference.questions
    assert "row 3, recorded_on: amended back in time (row 3 by 111 days" in str(question)


@pytest.mark.parametrize(
    "rows",
    [
        "T1,BIRCH,J9299,fixed,34,2025-10-01,,2026-01-20\n",
        "T1,BIRCH,J9299,fixed,33,2024-01-01,,2023-12-01\n"
        "T1,BIRCH,J9299,fixed,34,2025-10-01,,2025-10-01\n",
        "T1,BIRCH,J9299,fixed,33,2024-01-01,,2023-12-01\nT1,BIRCH,J9299,fixed,34,,,2025-10-01\n",
    ],
    ids=["nothing before it", "on its first day", "from any day"],
)
def test_what_amends_nothing_back_in_time_is_not_noted(read: ReadSite, rows: str):
    assert asked(read(contract_terms=VERSIONS + rows)) == ""
