"""Each transaction counts once and in its order, whatever the files that brought it."""

from __future__ import annotations

import gzip
import hashlib
from datetime import date

import pytest
from plain_python_tests.written_site import (
    BILLED,
    CONTRACT_PAID,
    NPI,
    OLD_RATE_PAID,
    clp,
    sv1,
    svc,
    usd,
)


def test_an_original_sent_again_and_a_file_received_twice_count_once(site):
    site.bill("A1", 180, BILLED)
    site.bill("A1", 180, BILLED, sent_on="20260110")
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    remit = next((site.folder / "raw").glob("*.835"))
    (site.folder / "raw" / "again.835").write_bytes(remit.read_bytes())
    (line,) = site.lines()
    assert (line["paid_usd"], line["submitted_date"]) == (usd("53.46"), date(2026, 1, 6))
    assert len(site.answers()["remit_balances"]) == 1


def test_a_remit_sent_again_under_other_control_numbers_counts_once(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    first = next((site.folder / "raw").glob("*.835"))
    text = first.read_text(encoding="utf-8")
    again = text.replace("*0002*005010X221A1", "*0001").replace("*0002~", "*0001~")
    assert again.count("0001~") == 2
    (site.folder / "raw" / "zz.835").write_text(again, encoding="utf-8")
    (line,) = site.lines()
    assert (line["paid_usd"], line["gap_usd"]) == (usd("53.46"), 0)
    # The least control number is kept, whatever the names of the files.
    (remit,) = site.answers()["remit_balances"]
    assert remit["source_file"] == "zz.835"


def test_figures_are_cut_at_the_as_of_date(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    (line,) = site.answers(date(2026, 1, 31))["drug_line_outcomes"]
    assert (line["outcome"], line["paid_usd"]) == ("open", 0)
    assert site.answers(date(2026, 1, 5))["drug_line_outcomes"] == []


def without_sources(tables):
    """Return the rows of each table in no order, less where each came from."""
    elsewhere = ("source_file", "source_offset", "transaction_number")
    return {
        name: sorted(
            str({key: cell for key, cell in row.items() if key not in elsewhere}) for row in rows
        )
        for name, rows in tables.items()
    }


def test_names_grouping_and_delimiters_of_files_change_nothing(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID], icn="OLD")])
    back = svc("J1324", -180, "-51.48", ["CO*45*-115.65", "PR*2*-12.87"], units=90)
    again = clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="NEW")
    site.remit([clp("A1", 22, -180, "-51.48", [back], icn="OLD"), again], paid_on="20260301")
    before = without_sources(site.answers())
    files = sorted((site.folder / "raw").iterdir(), reverse=True)
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    for path in files:
        path.unlink()
    respelled = text.replace("~\n", "\x1c").replace(":", "\x1f").replace("*", "\x1d")
    (site.folder / "raw" / "all.gz").write_bytes(gzip.compress(respelled.encode()))
    assert without_sources(site.answers()) == before


def test_a_remit_the_practice_pays_has_a_negative_payment(site):
    back = clp("A1", 22, -180, "-51.48", [svc("J1324", -180, "-51.48", ["CO*45*-128.52"])])
    site.remit([back], total="51.48", direction="D")
    site.remit([back], total="51.48", paid_on="20260301")
    taken, wrong = site.answers()["remit_balances"]
    assert (taken["transaction_difference_usd"], taken["balanced"]) == (0, True)
    assert (wrong["transaction_difference_usd"], wrong["balanced"]) == (usd("102.96"), False)


def test_a_provider_adjustment_that_names_two_claims_is_linked_to_none(site):
    for day in ("20260105", "20260112"):
        site.bill("A1", 180, [sv1("J1324", 180, 90, day=day)], sent_on="20260113")
        site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], day=day, icn=f"N{day}")])
    plb = [f"PLB*{NPI}*20261231*WO:A1*40.00*WO:N20260112*5.00"]
    site.remit([], plb=plb, paid_on="20260301", total="-45.00")
    linked = [row["linked_claim_id"] for row in site.answers()["provider_adjustments"]]
    assert linked == [None, "A1-20260112"]
    assert site.answers(date(2026, 2, 28))["provider_adjustments"] == []


def test_a_take_back_of_another_claim_is_not_this_claims_shortfall(site):
    site.bill("OTHER", 180, BILLED, member="M2")
    site.remit([clp("OTHER", 1, 180, "53.46", [CONTRACT_PAID], icn="OLDICN")])
    site.bill("A1", 180, BILLED)
    plb = [f"PLB*{NPI}*20261231*WO:OLDICN*40.00"]
    paid = clp("A1", 1, 180, "53.46", [CONTRACT_PAID])
    site.remit([paid], paid_on="20260301", total="13.46", plb=plb)
    (line,) = site.lines(claim_id="A1")
    assert (line["gap_usd"], line["paid_usd"]) == (0, usd("53.46"))
    (taken,) = site.answers()["provider_adjustments"]
    assert (taken["reason_code"], taken["amount_usd"]) == ("WO", usd("40.00"))
    assert taken["linked_claim_id"] == "OTHER"
    assert all(row["balanced"] for row in site.answers()["remit_balances"])


def test_a_whole_copy_counts_before_a_truncated_one(site):
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    whole = site.folder / "raw" / "001.835"
    truncated = whole.read_text(encoding="utf-8").split("SE*", 1)[0]
    # Its name, of equal control numbers, would come first.
    (site.folder / "raw" / "000.835").write_text(truncated, encoding="utf-8")
    (remit,) = site.answers()["remit_balances"]
    assert (remit["source_file"], remit["balanced"]) == ("001.835", True)
    whole.unlink()
    (remit,) = site.answers()["remit_balances"]
    assert (remit["source_file"], remit["balanced"]) == ("000.835", False)


@pytest.mark.parametrize("beside", [f"B{number}" for number in range(8)])
def test_remits_of_equal_control_numbers_stand_in_the_order_of_their_content(site, beside):
    def denied(number, code):
        return clp(number, 4, 180, 0, [svc("J1324", 180, 0, [f"CO*{code}*180"])], icn=beside)

    def content(path):
        between = path.read_text(encoding="utf-8").split("~\n")[3:-4]
        return "".join(f"{segment}~" for segment in ["ST*835", *between]).encode()

    site.bill("A1", 180, BILLED)
    # The place of A1 in its transaction, second here and first there, does not decide.
    site.remit([denied(beside, "197"), denied("A1", "197")])
    second = (site.folder / "raw" / "002.835").rename(site.folder / "raw" / "second.835")
    site.sent -= 1
    site.remit([denied("A1", "27")])
    by_code = {"CO-197": second, "CO-27": site.folder / "raw" / "002.835"}
    last = max(by_code, key=lambda code: hashlib.sha256(content(by_code[code])).hexdigest())
    (line,) = site.lines(claim_id="A1")
    assert line["final_reason"] == last
