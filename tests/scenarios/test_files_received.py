"""The same money in other files changes no figure: copies, line ends, envelopes, grouping."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from scenario_site import (
    ALDER,
    BIRCH,
    MAR_1,
    Mail,
    Published,
    answer,
    answered,
    at_contract,
    at_old_rate,
    base_terms,
    cas,
    drug,
    payers,
    publish,
    refreshed,
    says,
)

from analytics.synthetic.x12_writer import Envelope, Remit, render_835, render_837

REFERENCE = {**payers(ALDER, BIRCH), "contract_terms": [*base_terms(), *base_terms(BIRCH)]}
STATES = ("loaded", "duplicate", "rejected", "not_ours")


def usual_mail() -> Mail:
    """Three claims and their three remits, which share one file."""
    mail = Mail()
    mail.settle("SHORT", drug(), at_old_rate(drug()))
    mail.settle("PAID", drug(), at_contract(drug()), plan=BIRCH)
    mail.settle("DENIED", drug(), answered(drug(), cas("CO-197", "180.00")))
    return mail


def usual_remits() -> list[Remit]:
    return usual_mail().remits["remits.835"]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The site that got everything once."""
    return publish(tmp_path_factory.mktemp("once") / "site", usual_mail(), REFERENCE)


@pytest.fixture
def publish_with(tmp_path: Path) -> Callable[[dict[str, str]], Published]:
    """Publishes a site that got everything once, and more."""
    return lambda more: publish(tmp_path / "site", usual_mail(), REFERENCE, more_files=more)


def same_figures(found: Published, once: Published) -> None:
    """Fails unless both say the same of every line."""
    # Where a line was read may differ; a pseudonym is made with the key of its site.
    apart = ["source_file", "source_offset", "patient_key"]
    lines = (run.table("drug_line_outcomes").drop(apart).sort("claim_id") for run in (found, once))
    assert_frame_equal(*lines)


def test_remit_delivered_again_under_other_names_and_with_other_line_ends_counts_once(
    once, publish_with
):
    text = usual_mail().files()["remits.835"]
    copies = {
        "00-copy.835": text,
        "copy.txt": text.replace("~\n", "~\r\n"),
        "one-line.x12": text.replace("~\n", "~"),
    }
    again = publish_with(copies)
    same_figures(again, once)
    ledger = again.table("load_ledger").filter(kind="835")
    assert sorted(ledger["status"]) == ["duplicate", "duplicate", "duplicate", "loaded"]
    for received in ledger.rows(named=True):
        assert received["segments"] == sum(received[f"segments_{state}"] for state in STATES)


def test_remit_sent_again_in_another_envelope_counts_once_and_a_test_file_never(once, publish_with):
    odd = Envelope(control_number=99, sent_time="2359", element="|", component=">", terminator="'")
    trial = [replace(remit, trace_number=f"T{remit.trace_number}") for remit in usual_remits()]
    again = publish_with(
        {
            "again.835": render_835(usual_remits(), odd),
            "test.835": render_835(trial, Envelope(control_number=88, usage="T")),
        }
    )
    same_figures(again, once)
    says(again.row("load_ledger", source_file="again.835"), status="duplicate")
    says(again.row("load_ledger", source_file="test.835"), status="not_ours", segments_loaded=0)


def test_remits_sent_again_one_by_one_count_once(once, publish_with):
    # A clearinghouse numbers what it regroups anew: the second remit is ST02 0002, then 0001.
    singly = {
        f"again-{place}.835": render_835([remit], Envelope(control_number=60 + place))
        for place, remit in enumerate(usual_remits())
    }
    same_figures(publish_with(singly), once)


def test_claims_sent_again_in_another_file_are_billed_once(once, publish_with):
    later = [replace(claim, submitted_date=MAR_1) for claim in usual_mail().claims]
    again = publish_with({"zz.837": render_837(later, Envelope(control_number=77))})
    same_figures(again, once)


def test_a_file_for_each_remit_says_what_one_file_for_all_says(once, tmp_path):
    mail = usual_mail()
    mail.remits = {f"{9 - place}.835": [remit] for place, remit in enumerate(usual_remits())}
    same_figures(publish(tmp_path / "site", mail, REFERENCE), once)


def test_remit_that_repeats_a_control_number_with_other_content_loads_too(tmp_path):
    mail = usual_mail()
    mail.bill("MORE", drug())
    more = replace(usual_remits()[0], claims=(answer("MORE", at_contract(drug())),))
    mail.remits["other.835"] = [more]
    found = publish(tmp_path / "site", mail, REFERENCE)
    says(found.line("MORE"), paid_usd="53.46")
    says(found.line("SHORT"), paid_usd="51.48")


def test_second_refresh_of_the_same_files_publishes_nothing_new(once):
    assert refreshed(once.folder.root).result.status == "unchanged"
