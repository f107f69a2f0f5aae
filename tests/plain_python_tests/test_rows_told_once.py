"""Rows told twice count once; rows that contradict each other count not at all."""

from __future__ import annotations

import random
from datetime import date

import pytest
from plain_python_tests.test_files_received import without_sources
from plain_python_tests.written_rows import (
    AT_OLD_RATE,
    a_claim_line,
    a_remit_line,
    an_adjustment,
    csv_of,
    put,
)
from plain_python_tests.written_site import PADCEV_20, usd


def units(site):
    return [int(line["billed_units"]) for line in site.lines()]


def test_a_row_told_in_two_files_counts_once_with_what_either_tells(site):
    put(site, "one.csv", a_claim_line(ndc="51144-020-01", claim_type=""))
    put(site, "two.csv", a_claim_line(charge_usd="180", group_number="G1", claim_type="P"))
    (line,) = site.lines()
    assert (line["ndc11"], line["claim_type"], line["charge_usd"]) == (
        "51144002001",
        "professional",
        180,
    )


@pytest.mark.parametrize(
    ("older", "newer", "left"),
    [
        ("2026-02-01", "2026-03-01", [80]),
        ("", "2026-03-01", [80]),
        ("2026-03-01", "2026-03-01", []),
        ("", "", []),
    ],
)
def test_of_rows_that_differ_the_latest_extracted_stands(site, older, newer, left):
    put(site, "a.csv", a_claim_line(extracted_on=older), a_claim_line(claim_number="A2", units="7"))
    put(site, "b.csv", a_claim_line(extracted_on=newer, units="80"))
    assert [line for line in units(site) if line != 7] == left


def test_the_latest_must_agree_among_themselves(site):
    put(site, "a.csv", a_claim_line(extracted_on="2026-02-01"))
    put(site, "b.csv", a_claim_line(extracted_on="2026-03-01", units="80"))
    put(site, "c.csv", a_claim_line(extracted_on="2026-03-01", units="70"))
    assert units(site) == []
    put(site, "c.csv", a_claim_line(extracted_on="2026-03-01", units="80", ndc="51144002001"))
    (line,) = site.lines()
    assert (line["billed_units"], line["ndc11"]) == (80, "51144002001")


def test_only_the_row_that_is_contradicted_is_lost(site):
    put(site, "a.csv", a_claim_line(), a_claim_line(line_number="2", units="60"))
    put(site, "b.csv", a_claim_line(units="80"))
    assert units(site) == [60]


@pytest.mark.parametrize(
    ("column", "told", "otherwise"),
    [
        ("group_number", "G1", "G2"),
        ("statement_date", "2026-01-04", "2026-01-05"),
        ("claim_charge_usd", "300", "301"),
        ("patient_id", "M1", "M2"),
        ("billing_tax_id", "12-3456789", "987654321"),
    ],
)
def test_rows_of_one_sending_that_differ_on_it_are_all_lost(site, column, told, otherwise):
    other = a_claim_line(claim_number="A2")
    put(site, "a.csv", a_claim_line(**{column: told}), a_claim_line(line_number="2"), other)
    assert len(site.lines()) == 3
    put(
        site,
        "a.csv",
        a_claim_line(**{column: told}),
        a_claim_line(line_number="2", **{column: otherwise}),
        other,
    )
    assert [line["claim_id"] for line in site.lines()] == ["A2"]


def test_sendings_of_one_claim_are_told_apart_by_day_payer_rank_and_frequency(site):
    first = a_claim_line()
    put(
        site,
        "a.csv",
        first,
        # The same lines again are an original sent again (RULES 3.4).
        first | {"submitted_date": "2026-01-20"},
        first | {"payer_code": "BEST1", "payer_rank": "2"},
        first | {"frequency_code": "7", "units": "80", "submitted_date": "2026-02-01"},
    )
    lines = {(line["payer_id"], line["payer_rank"]): line for line in site.lines()}
    assert {key: int(line["billed_units"]) for key, line in lines.items()} == {
        ("acme", "primary"): 80,
        ("best", "secondary"): 90,
    }
    assert {line["claim_id"] for line in lines.values()} == {"A1"}
    assert lines["acme", "primary"]["submitted_date"] == date(2026, 2, 1)


def test_an_original_stands_before_its_replacement_of_the_same_day(site):
    put(site, "a.csv", a_claim_line(frequency_code="7", units="80"), a_claim_line())
    (line,) = site.lines()
    assert line["billed_units"] == 80


def test_a_submission_id_holds_rows_together_and_apart(site):
    first, second = a_claim_line(submission_id="S1"), a_claim_line(submission_id="S2")
    # One number, day and payer, and two visits.
    put(site, "a.csv", first, second | {"service_date": "2026-01-12"})
    assert [line["claim_id"] for line in site.lines()] == ["A1-20260105", "A1-20260112"]
    # What S1 is, its two rows must tell alike.
    put(site, "a.csv", first, first | {"line_number": "2", "claim_number": "A2"}, second)
    assert [line["claim_id"] for line in site.lines()] == ["A1"]


def test_the_last_day_of_service_stands_for_the_day_a_claim_was_sent(site):
    untold = {"submitted_date": ""}
    put(
        site,
        "a.csv",
        a_claim_line(**untold),
        a_claim_line(line_number="2", service_date="2026-01-09", **untold),
        a_claim_line(claim_number="A2", service_date="", statement_date="2026-01-04", **untold),
        a_claim_line(claim_number="B1", service_through_date="2026-01-11", **untold),
        a_claim_line(claim_number="B1", line_number="2", service_date="2026-01-09", **untold),
        a_claim_line(
            claim_number="B2",
            service_date="",
            statement_date="2026-01-04",
            statement_through_date="2026-01-08",
            **untold,
        ),
        a_claim_line(claim_number="A3", service_date="", **untold),
        a_claim_line(claim_number="A4", frequency_code="7", **untold),
    )
    sent = {line["claim_id"]: line["submitted_date"] for line in site.lines()}
    assert sent == {
        "A1": date(2026, 1, 9),
        "A2": date(2026, 1, 4),
        "B1": date(2026, 1, 11),
        "B2": date(2026, 1, 8),
    }


def test_dental_claims_are_not_ours(site):
    put(site, "a.csv", a_claim_line(claim_type="837d"), a_claim_line(claim_number="A2"))
    assert [line["claim_id"] for line in site.lines()] == ["A2"]


def test_a_claim_is_as_much_as_its_lines_unless_it_says_otherwise(site):
    # Two claims of one number and day: the answer joins by the charge (RULES 4.3).
    small = a_claim_line(submission_id="S1", charge_usd="100")
    large = a_claim_line(submission_id="S2", charge_usd="180", units="80")
    put(site, "a.csv", small, large, large | {"line_number": "2", "charge_usd": "20"})
    paid = {"claim_charge_usd": "200", "contractual_usd": "146.54", "coinsurance_usd": ""}
    put(site, "b.csv", a_remit_line(charge_usd="200", **paid))
    (line,) = [line for line in site.lines() if line["paid_usd"]]
    assert line["claim_id"].endswith("-2")
    put(site, "a.csv", small | {"claim_charge_usd": "200"}, large)
    (line,) = [line for line in site.lines() if line["paid_usd"]]
    assert line["claim_id"].endswith("-1")


def test_a_charge_that_is_not_told_is_not_nothing(site):
    put(site, "a.csv", a_claim_line(charge_usd=""))
    denied = {"paid_usd": "0", "contractual_usd": "180", "coinsurance_usd": ""}
    put(site, "b.csv", a_remit_line(**denied))
    (line,) = site.lines()
    assert (line["charge_usd"], line["outcome"]) == (None, "zero_no_reason")
    assert (line["match_method"], line["expected_allowed_usd"]) == ("position", usd("66.83"))
    site.terms = site.terms.replace("0.7425,,", "0.7425,line,")
    (line,) = site.lines()
    assert line["pricing_basis"] == "not priced: charge not stated"
    site.terms = site.terms.replace("fixed,0.7425,line", "pct_of_charge,80,")
    (line,) = site.lines()
    assert (line["pricing_basis"], line["gap_usd"]) == ("not priced: charge not stated", None)


def test_a_transaction_stands_in_the_file_that_holds_most_of_it(site):
    first, second, third = (a_claim_line(line_number=str(place)) for place in (1, 2, 3))
    put(site, "a.csv", first)
    put(site, "z.csv", third | {"units": "60"}, second)
    put(site, "b.csv", a_remit_line())
    text = csv_of([third | {"units": "60"}, second])
    places = [(line["source_file"], line["source_offset"]) for line in site.lines()]
    lines = [text.index("\nA1") + 1, text.rindex("\nA1") + 1]
    # The first line stands elsewhere: it leads to the claim's first row here.
    assert places == [("z.csv", lines[0]), ("z.csv", lines[1]), ("z.csv", lines[0])]


def test_of_two_files_that_hold_as_much_the_earlier_counts(site):
    later = a_claim_line(claim_number="A2", submitted_date="2026-02-01")
    put(site, "a.csv", a_claim_line(), later)
    put(site, "b.csv", later, a_claim_line(ndc="51144002001"), a_claim_line(claim_number="A3"))
    # Both were last sent something on the same day: the least sha256 decides.
    (tied,) = site.lines(claim_id="A1")
    put(site, tied["source_file"], a_claim_line(), later | {"submitted_date": "2026-02-02"})
    (line,) = site.lines(claim_id="A1")
    assert {tied["source_file"], line["source_file"]} == {"a.csv", "b.csv"}


@pytest.mark.parametrize(("last_paid_in_a", "first"), [("02-02", "a.csv"), ("02-04", "b.csv")])
def test_a_file_of_answers_is_as_old_as_its_last_payment(site, last_paid_in_a, first):
    days = {"a.csv": f"2026-{last_paid_in_a}", "b.csv": "2026-02-03"}
    for name, day in days.items():
        # Days of service, later in the file that was paid earlier, decide nothing.
        served = "2026-01-20" if name == first else "2026-01-02"
        other = a_remit_line(claim_number=name, payment_date=day, service_date=served)
        put(site, name, a_remit_line(), other)
    (line,) = site.lines(claim_id="A1")
    assert line["source_file"] == first


def test_the_same_file_twice_is_one_file(site):
    put(site, "b.csv", a_claim_line(), a_claim_line(line_number="2"))
    put(site, "a.csv", a_claim_line(), a_claim_line(line_number="2"))
    put(site, "paid.csv", a_remit_line())
    twice = an_adjustment("CO", "45", "113.17"), an_adjustment("PR", "2", "13.37")
    put(site, "why.csv", *twice)
    put(site, "why again.csv", *twice)
    assert {line["source_file"] for line in site.lines()} == {"a.csv"}
    (first, second) = site.lines()
    assert (first["gap_usd"], second["outcome"]) == (0, "open")


def test_remit_lines_told_twice_are_one_answer(site):
    put(site, "billed.csv", a_claim_line())
    put(site, "a.csv", a_remit_line())
    put(site, "b.csv", a_remit_line(trace_number="T1"))
    (line,) = site.lines()
    assert line["paid_usd"] == usd("53.46")
    put(site, "b.csv", a_remit_line(**AT_OLD_RATE))
    (line,) = site.lines()
    assert (line["outcome"], line["paid_usd"]) == ("open", 0)
    put(site, "b.csv", a_remit_line(extracted_on="2026-05-01", **AT_OLD_RATE))
    (line,) = site.lines()
    assert (line["outcome"], line["paid_usd"]) == ("paid", usd("51.48"))


def a_busy_site():
    """Return rows of every kind: copies, corrections, reversals, a replacement, a contradiction."""
    first = a_claim_line(patient_id="M1")
    second = first | {"line_number": "2", "units": "60", "charge_usd": "120.00"}
    other = a_claim_line(claim_number="B1", submission_id="S1")
    billed = [
        first,
        first | {"extracted_on": "2026-03-01", "ndc": PADCEV_20},
        second | {"extracted_on": "2026-02-01", "units": "50"},
        second | {"extracted_on": "2026-03-01"},
        other,
        other | {"line_number": "2", "submitted_date": "2026-01-07"},
        other | {"frequency_code": "7", "submission_id": "S2", "units": "80"},
        other | {"line_number": "3", "submission_id": "S3", "group_number": "G1"},
        other | {"line_number": "4", "submission_id": "S3", "group_number": "G2"},
    ]
    paid = a_remit_line(trace_number="T1", payment_amount_usd="120.00", **AT_OLD_RATE)
    back = {"charge_usd": "-180", "paid_usd": "-51.48", "contractual_usd": "-115.65"}
    back |= {"coinsurance_usd": "-12.87", "status_code": ""}
    untyped = {"contractual_usd": "", "coinsurance_usd": "", "trace_number": "T2"}
    answered = [
        paid,
        paid | {"remit_claim_id": "R1"},
        paid | back | {"payment_amount_usd": ""},
        a_remit_line(trace_number="T1", payer_control_number="N2"),
        a_remit_line(claim_number="B1", payer_name="Acme", **untyped),
        a_remit_line(claim_number="B1", payer_name="ACME", remit_line_number="2", **untyped),
        a_remit_line(claim_number="C1", paid_usd="0.00", **untyped),
    ]
    why = [
        an_adjustment("CO", "45", "113.17", claim_number="B1"),
        an_adjustment("PR", "2", "13.37", claim_number="B1"),
        an_adjustment("CO", "197", "126.54", claim_number="B1", remit_line_number="2"),
        an_adjustment("CO", "197", "126.54", claim_number="Z9"),
    ]
    return billed, answered, why


@pytest.mark.parametrize("seed", range(12))
def test_order_names_and_splitting_of_files_change_nothing(site, seed):
    chance = random.Random(seed)
    kinds = a_busy_site()
    for place, rows in enumerate(kinds):
        put(site, f"{place}.csv", *rows)
    before = without_sources(site.answers())
    outcomes = [line["outcome"] for line in site.lines()]
    assert outcomes == ["paid", "open", "paid", "partly_denied"]
    for path in (site.folder / "raw").iterdir():
        path.unlink()
    for rows in kinds:
        # An adjustment's number is its place in its file: those stay together.
        parts = 1 if rows is kinds[2] else 3
        shuffled = chance.sample(rows, len(rows))
        for part in range(parts):
            # A copy of a row in another file tells nothing more.
            again = chance.sample(rows, 2) if parts > 1 else []
            name = f"{chance.randrange(10**9)}/{chance.randrange(10**9)}.txt"
            put(site, name, *shuffled[part::parts], *again)
    assert without_sources(site.answers()) == before
