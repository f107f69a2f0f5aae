"""No public sample that oxedi or openx12 reads correctly is refused, and their figures are ours.

`WRONG` is what was found on 2026-11-23 with oxedi 0.6.0 and openx12 0.2.1: every sample one of them
reads otherwise than `expected.csv` says, with the reason; in each the splitter of that file, this
package and the other spellings of the same sample agree. Where the two are not installed, the list
stands for them.
"""

from __future__ import annotations

from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.intake.peers import READERS, Reading, read_by_openx12
from tests.intake.public_samples import Sample, column, read_samples
from tests.intake.row_differences import files_row_of

NOT_AT_THE_START = "refused: text stands before its ISA"
NO_ISA = "refused: it has no ISA"
FIRST_DELIMITERS = "only the first of two interchanges, which has other delimiters"
WRAP = "a line break within an amount ends the amount: -300.25 paid for -510.25"
OTHER_DELIMITERS = "no claims: its delimiters are not * and ~"
WRONG = {
    "oxedi": {
        "835/stupidedi__notes__recover.txt": NOT_AT_THE_START,
        "835/stupidedi__notes__split.edi": NOT_AT_THE_START,
        "835/2_stupidedi__case__1.edi": NOT_AT_THE_START,
        "835/stupidedi__case__2.edi": NOT_AT_THE_START,
        "835/stupidedi__case__3a.edi": NOT_AT_THE_START,
        "835/edi835p__test_edi_835_files__blue_cross_nc_sample.txt": NO_ISA,
        "derived/rev__wrap80.835": WRAP,
        **{
            f"derived/{sample}__two_isa_diff_delims.835": FIRST_DELIMITERS
            for sample in ("fee", "multi", "plb", "rev")
        },
    },
    "openx12": {
        "835/2_stupidedi__case__1.edi": OTHER_DELIMITERS,
        "835/tasty__835__multi-line-not-delimited.edi": OTHER_DELIMITERS,
        "837p/imsweb__837_5010__x12_valid_different_separators.txt": OTHER_DELIMITERS,
        **{
            f"derived/{sample}__{way}.835": OTHER_DELIMITERS
            for sample in ("fee", "multi", "plb", "rev")
            for way in ("delims_ctrl", "delims_pipe_caret", "term_crlf", "term_lf_only")
        },
        **{
            f"derived/{sample}__two_isa_diff_delims.835": FIRST_DELIMITERS
            for sample in ("fee", "multi", "plb", "rev")
        },
    },
}
READS = {"oxedi": ["835"], "openx12": ["835", "837p", "837i"]}
CORRECT = {"oxedi": 102, "openx12": 157}
# The file ends within a CLP: half of a claim there, a segment that is rejected and told here.
CUT_IN_TWO = {
    "derived/plb__truncated.835": (Reading(0, Decimal(0)), Reading(1, Decimal(138018))),
    "derived/rev__truncated.835": (Reading(1, Decimal(-210)), Reading(2, Decimal(-10))),
}


@pytest.fixture(scope="module")
def samples(shared: Path) -> dict[str, Sample]:
    return {
        name: sample for name, sample in read_samples(shared / "x12").items() if sample.expected
    }


def expected_reading(sample: Sample, kind: str) -> Reading:
    """What `expected.csv` says of a sample."""
    claims, dollars = ("clp", "sum_clp04") if kind == "835" else ("clm", "sum_clm02")
    return Reading(int(sample.expected[claims]), Decimal(sample.expected[dollars] or 0))


def our_reading(sample: Sample, kind: str) -> Reading:
    """What this package says of it."""
    is_remit = kind == "835"
    table = "raw_835__remit_claims" if is_remit else "raw_837__claims"
    amounts = column(sample.rows, table, "paid_usd" if is_remit else "charge_usd")
    return Reading(len(amounts), sum((each for each in amounts if each is not None), Decimal(0)))


def read_correctly(samples: dict[str, Sample], reader: str) -> list[tuple[Sample, str]]:
    """The samples, and the kind of X12 in each, that were found to be read as expected."""
    return [
        (sample, kind)
        for name, sample in samples.items()
        for kind in sample.kinds
        if kind in READS[reader] and name not in WRONG[reader]
    ]


@pytest.mark.parametrize("reader", READERS)
def test_no_sample_that_another_reader_reads_correctly_is_refused(
    samples: dict[str, Sample], reader: str
):
    found = read_correctly(samples, reader)
    refused = [sample.name for sample, _ in found if files_row_of(sample.rows)["kind"] == "not_x12"]
    assert refused == []
    assert len(found) == CORRECT[reader]


@pytest.mark.parametrize("reader", READERS)
def test_claims_and_dollars_are_those_of_another_reader_that_is_right(
    samples: dict[str, Sample], reader: str
):
    wrong = {
        sample.name: (our_reading(sample, kind), expected_reading(sample, kind))
        for sample, kind in read_correctly(samples, reader)
        if our_reading(sample, kind) != expected_reading(sample, kind)
    }
    assert wrong == CUT_IN_TWO


@pytest.mark.parametrize("reader", READERS)
def test_list_of_what_another_reader_reads_wrongly_holds(samples: dict[str, Sample], reader: str):
    if find_spec(reader) is None:
        pytest.skip(f"the peer {reader} is not installed; the list of what it reads stands for it")
    wrong = {
        name
        for name, sample in samples.items()
        for kind in sample.kinds
        if kind in READS[reader]
        and READERS[reader](sample.content, kind) != expected_reading(sample, kind)
    }
    assert wrong == set(WRONG[reader])


def test_dollars_of_openx12_are_told_to_the_cent(monkeypatch: pytest.MonkeyPatch):
    class Parsed:
        total_billed = 0.1 + 0.2
        claims = (object(), object())

    class Module:
        @staticmethod
        def parse(_: str) -> Parsed:
            return Parsed()

    monkeypatch.setattr("tests.intake.peers.import_module", lambda _: Module)
    assert read_by_openx12(b"", "837p") == Reading(2, Decimal("0.30"))
