"""Public X12 samples give the counts and sums that an independent splitter found."""

import csv
import gzip
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analytics.intake.parse import Tables, parse_x12
from analytics.intake.raw_tables import FILES, REJECTS, TRANSACTIONS

REFUSED = {
    "837p/imsweb__837_5010__x12_no_isa_line.txt": "no ISA, so its delimiters are not known",
    "835/edi835p__test_edi_835_files__blue_cross_nc_sample.txt": "no ISA, so its delimiters "
    "are not known",
}
# The splitter reads a segment cut in two as if it were whole; see the test of their own.
TRUNCATED = "__truncated.835"
COUNTED = {
    "clp": "raw_835__remit_claims",
    "svc": "raw_835__remit_lines",
    "cas_triplets": "raw_835__adjustments",
    "plb_pairs": "raw_835__provider_adjustments",
    "clm": "raw_837__claims",
}
SUMMED = {
    "sum_clp03": ("raw_835__remit_claims", "charge_usd"),
    "sum_clp04": ("raw_835__remit_claims", "paid_usd"),
    "sum_svc02": ("raw_835__remit_lines", "charge_usd"),
    "sum_svc03": ("raw_835__remit_lines", "paid_usd"),
    "sum_bpr02": ("raw_835__remits", "payment_amount_usd"),
    "sum_cas": ("raw_835__adjustments", "adjustment_usd"),
    "sum_plb": ("raw_835__provider_adjustments", "adjustment_usd"),
    "sum_clm02": ("raw_837__claims", "charge_usd"),
    "sum_sv_charge": ("raw_837__claim_lines", "charge_usd"),
}
# The splitter counts CAS wherever it stands; in claims it tells of other payers and has no table.
ONLY_IN_REMITS = ("cas_triplets", "sum_cas")


@pytest.fixture(scope="module")
def samples(shared: Path) -> dict[str, dict[str, str]]:
    """What `expected.csv` says of each sample, by file."""
    with (shared / "x12" / "expected.csv").open(encoding="utf-8") as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def figures(tables: Tables, *, has_remits: bool) -> dict[str, Decimal]:
    types = tables[TRANSACTIONS]["transaction_type"]
    found = {
        "segments": tables[FILES]["segments"].item(),
        "st": types.len(),
        "st835": (types == "835").sum(),
        "st837": types.str.starts_with("837").sum(),
        "service_lines": tables["raw_837__claim_lines"].height,
        **{name: tables[table].height for name, table in COUNTED.items()},
        **{name: tables[table][column].sum() for name, (table, column) in SUMMED.items()},
    }
    kept = found if has_remits else {k: v for k, v in found.items() if k not in ONLY_IN_REMITS}
    return {name: Decimal(value or 0) for name, value in kept.items()}


def expected_figures(row: dict[str, str], names: list[str]) -> dict[str, Decimal]:
    lines = sum(int(row[name]) for name in ("sv1", "sv2", "sv3"))
    texts = row | {"service_lines": str(lines)}
    return {name: Decimal(texts[name] or 0) for name in names}


def checked(samples: dict[str, dict[str, str]], shared: Path, folders: tuple[str, ...]) -> int:
    names = [
        name
        for name in samples
        if name.startswith(folders) and name not in REFUSED and not name.endswith(TRUNCATED)
    ]
    for name in names:
        row = samples[name]
        tables = parse_x12(unpacked(shared / "x12" / name))
        found = figures(tables, has_remits=row["st835"] != "0")
        assert found == expected_figures(row, list(found)), name
        assert_every_segment_is_counted(tables, name)
    return len(names)


def assert_every_segment_is_counted(tables: Tables, name: str) -> None:
    files = tables[FILES].row(0, named=True)
    in_transactions = tables[TRANSACTIONS]["segments"].sum()
    outside = files["segments"] - in_transactions
    assert 0 <= files["segments_rejected"] + files["segments_not_ours"] <= outside, name


def test_remit_samples_agree(samples: dict[str, dict[str, str]], shared: Path):
    assert checked(samples, shared, ("835/",)) == 24


def test_claim_samples_agree(samples: dict[str, dict[str, str]], shared: Path):
    assert checked(samples, shared, ("837p/", "837i/", "837d/")) == 72


def test_samples_written_down_in_other_ways_agree(samples: dict[str, dict[str, str]], shared: Path):
    assert checked(samples, shared, ("derived/",)) == 88


@pytest.mark.parametrize("sample", ["fee", "multi", "plb", "rev"])
def test_truncated_sample_says_what_stands_before_the_segment_cut_in_two(
    samples: dict[str, dict[str, str]], shared: Path, sample: str
):
    name = f"derived/{sample}{TRUNCATED}"
    content = unpacked(shared / "x12" / name)
    tables, before = parse_x12(content), parse_x12(content[: content.rindex(b"~") + 1])
    assert figures(tables, has_remits=True) == {
        **figures(before, has_remits=True),
        "segments": Decimal(samples[name]["segments"]),
    }
    assert tables[REJECTS]["segments"].to_list() == [1]
    assert_every_segment_is_counted(tables, name)


def test_every_way_of_writing_a_sample_down_has_the_same_content(shared: Path):
    same = "bom_crlf cr crlf delims_ctrl delims_pipe_caret gz indent isa_short_pad leading_blank"
    same += " lf no_final_term oneline term_crlf term_lf_only trailing_ctrlz_nul wrap80"
    for sample in ("fee", "multi", "plb", "rev"):
        paths = [
            next((shared / "x12" / "derived").glob(f"{sample}__{way}.835*")) for way in same.split()
        ]
        contents = [parse_x12(unpacked(path))[TRANSACTIONS]["content_sha256"] for path in paths]
        assert pl.concat(contents).n_unique() == 1, sample


@pytest.mark.parametrize("name", REFUSED)
def test_malformed_sample_is_refused_with_a_sentence(shared: Path, name: str):
    row = parse_x12(unpacked(shared / "x12" / name))[FILES].row(0, named=True)
    assert (row["kind"], row["segments"]) == ("not_x12", 0)
    assert "without an ISA" in row["reason"]


def test_other_x12_is_counted_and_not_used(samples: dict[str, dict[str, str]], shared: Path):
    for name in (name for name in samples if name.startswith("other/")):
        tables = parse_x12(unpacked(shared / "x12" / name))
        row = tables[FILES].row(0, named=True)
        assert row["kind"] == "x12_other", name
        assert row["segments"] == int(samples[name]["segments"]), name
        assert tables["raw_835__remit_claims"].height == 0
