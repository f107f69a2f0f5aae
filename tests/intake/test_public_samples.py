"""Public X12 samples give the counts and sums that an independent splitter found."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.intake.files import intake_raw
from analytics.intake.raw_tables import REJECTS, TRANSACTIONS
from tests.intake.parsed_together import FileRows, rows_together
from tests.intake.public_samples import (
    Sample,
    column,
    expected_figures,
    figures_of,
    read_samples,
)
from tests.intake.raw_folder import KEY, files_of
from tests.intake.row_differences import files_row_of

# Read by nobody we know of: ids must be upper case, and what stands there may be anything.
NOTHING_USED = {
    f"derived/{sample}__lower_ids.835": "its segment ids are in lower case"
    for sample in ("fee", "multi", "plb", "rev")
}
# The splitter reads a segment cut in two as if it were whole; see the test of their own.
TRUNCATED = [f"derived/{sample}__truncated.835" for sample in ("fee", "multi", "plb", "rev")]
# Not in expected.csv: the gzip of a file that is.
PACKED = {
    f"derived/{sample}__gz.835.gz": f"derived/{sample}__oneline.835"
    for sample in ("fee", "multi", "plb", "rev")
}
# They begin with ST or GS: no ISA says what separates, so the first segments do.
NO_ISA = [
    "835/edi835p__test_edi_835_files__blue_cross_nc_sample.txt",
    "837p/imsweb__837_5010__x12_no_isa_line.txt",
]
SAMES = "bom_crlf cr crlf delims_ctrl delims_pipe_caret gz indent isa_short_pad leading_blank lf"
SAMES += " no_final_term oneline term_crlf term_lf_only trailing_ctrlz_nul wrap80"
READ = {"835": 25, "837p": 52, "837i": 16, "837d": 5, "other": 21, "derived": 84}


@pytest.fixture(scope="module")
def samples(shared: Path) -> dict[str, Sample]:
    return read_samples(shared / "x12")


def disagreements(samples: dict[str, Sample]) -> dict[str, dict[str, tuple[Decimal, Decimal]]]:
    """Per file, the figures that are not those of `expected.csv`: ours, theirs."""
    told = {}
    for name, sample in samples.items():
        if sample.expected and name not in TRUNCATED:
            expected = expected_figures(sample.expected)
            found = figures_of(sample.rows, has_remits=sample.expected["st835"] != "0")
            told[name] = {
                figure: (found[figure], expected[figure])
                for figure in expected
                if found[figure] != expected[figure]
            }
    return {name: figures for name, figures in told.items() if figures}


def test_every_sample_equals_what_is_expected_of_it(samples: dict[str, Sample]):
    assert disagreements(samples) == {}
    checked = Counter(
        name.split("/")[0]
        for name, sample in samples.items()
        if sample.expected and name not in (*TRUNCATED, *NOTHING_USED)
    )
    assert checked == READ


def test_every_sample_is_expected_or_stands_in_a_list(samples: dict[str, Sample]):
    unexpected = {name for name, sample in samples.items() if sample.expected is None}
    assert unexpected == set(PACKED)
    assert {*TRUNCATED, *NOTHING_USED, *NO_ISA} <= set(samples)


def test_another_figure_is_a_disagreement(samples: dict[str, Sample]):
    [name, sample] = next(iter(samples.items()))
    wrong = {**sample.expected, "sum_clp04": "0.01"}
    changed = Sample(name, sample.content, wrong, sample.rows)
    assert set(disagreements({name: changed})[name]) == {"sum_clp04"}


def test_no_sample_is_refused(samples: dict[str, Sample]):
    kinds = {name: files_row_of(sample.rows)["kind"] for name, sample in samples.items()}
    assert [name for name, kind in kinds.items() if kind == "not_x12"] == []


@pytest.mark.parametrize("name", NO_ISA)
def test_sample_without_isa_is_read_and_says_so(samples: dict[str, Sample], name: str):
    row = files_row_of(samples[name].rows)
    assert row["segments"] > row["segments_not_ours"]
    assert "ISA" in row["reason"]


@pytest.mark.parametrize(("packed", "plain"), PACKED.items())
def test_packed_sample_says_what_the_plain_one_says(
    samples: dict[str, Sample], packed: str, plain: str
):
    expected = expected_figures(samples[plain].expected)
    assert figures_of(samples[packed].rows, has_remits=True) == expected


@pytest.mark.parametrize("name", NOTHING_USED)
def test_sample_of_which_nothing_is_used_says_why(samples: dict[str, Sample], name: str):
    row = files_row_of(samples[name].rows)
    assert row["segments_rejected"] == row["segments"] - 1
    assert row["segments_not_ours"] == 1
    assert "upper case" in row["reason"]


@pytest.mark.parametrize("name", TRUNCATED)
def test_truncated_sample_says_what_stands_before_the_segment_cut_in_two(
    samples: dict[str, Sample], name: str
):
    sample = samples[name]
    [before] = rows_together([sample.content[: sample.content.rindex(b"~") + 1]])
    assert figures_of(sample.rows, has_remits=True) == {
        **figures_of(before, has_remits=True),
        "segments": Decimal(sample.expected["segments"]),
    }
    assert column(sample.rows, REJECTS, "segments") == [1]


def test_every_segment_of_every_sample_is_counted(samples: dict[str, Sample]):
    assert {
        name: left for name, sample in samples.items() if (left := uncounted(sample.rows))
    } == {}


def uncounted(rows: FileRows) -> int:
    """Segments that are in no transaction, not rejected, and no envelope."""
    row = files_row_of(rows)
    inside = sum(column(rows, TRANSACTIONS, "segments"))
    rejected = sum(column(rows, REJECTS, "segments"))
    frames = row["segments"] - inside - rejected
    is_counted = rejected == row["segments_rejected"] and row["segments_not_ours"] <= frames
    return 0 if is_counted and frames >= 0 else frames or 1


def test_every_way_of_writing_a_sample_down_has_the_same_content(samples: dict[str, Sample]):
    for sample in ("fee", "multi", "plb", "rev"):
        names = [name for name in samples if name.split(".")[0] in _ways_of(sample)]
        contents = {
            tuple(column(samples[name].rows, TRANSACTIONS, "content_sha256")) for name in names
        }
        assert (len(names), len(contents)) == (len(SAMES.split()), 1), sample


def _ways_of(sample: str) -> set[str]:
    return {f"derived/{sample}__{way}" for way in SAMES.split()}


def test_other_x12_is_counted_and_not_used(samples: dict[str, Sample]):
    for name in (name for name in samples if name.startswith("other/")):
        assert files_row_of(samples[name].rows)["kind"] == "x12_other", name
        assert samples[name].rows["raw_835__remit_claims"] == [], name


def test_samples_in_a_raw_folder_have_the_same_counts(
    samples: dict[str, Sample], shared: Path, tmp_path: Path
):
    tables = intake_raw(shared / "x12", tmp_path / "store", site_key=KEY)
    counts = ("kind", "segments", "segments_rejected", "segments_not_ours")
    found = {
        name: tuple(row[count] for count in counts)
        for name, row in files_of(tables).items()
        if name in samples
    }
    assert found == {
        name: tuple(files_row_of(sample.rows)[count] for count in counts)
        for name, sample in samples.items()
    }
