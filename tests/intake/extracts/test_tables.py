"""Extracts of a raw folder as raw tables: what counts once, what is refused, where it stands."""

import gzip
import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_extracts import as_csv

from analytics.intake.extracts import tables
from analytics.intake.raw_tables import FILES, RAW_TABLES, TRANSACTIONS
from tests.intake.extract_site import (
    CLAIMS,
    NAME,
    REMITS,
    SITE,
    WHY,
    Read,
    adjusted,
    amounts,
    answered,
    billed,
    counts,
    everything,
    read_files,
    reasons,
)
from tests.intake.raw_folder import files_of, rows_of


def test_small_site_is_two_submissions_and_a_remit(read: Read):
    tables = read(SITE)
    assert tables.problems == []
    assert amounts(tables, TRANSACTIONS, "transaction_type", "segments", "has_se") == [
        ("835", 3, None),
        ("837P", 1, None),
        ("837P", 2, None),
    ]
    assert amounts(tables, "raw_837__claims", "claim_number", "charge_usd") == [
        ("A1", Decimal(230)),
        ("A2", Decimal(180)),
    ]
    assert amounts(tables, "raw_835__remit_claims", "claim_number", "charge_usd", "paid_usd") == [
        ("A1", Decimal(230), Decimal("93.46")),
        ("A2", Decimal(180), Decimal("53.46")),
    ]
    assert rows_of(tables, "raw_835__adjustments")["adjustment_usd"].sum() == Decimal("263.08")
    assert {name: row["kind"] for name, row in files_of(tables).items()} == {
        "c.csv": "claim_lines",
        "r.csv": "remit_lines",
        "a.csv": "adjustments",
    }


def test_offset_leads_to_the_row(read: Read):
    tables = read(SITE)
    for table, text in (
        ("raw_837__claim_lines", SITE["c.csv"]),
        ("raw_835__remit_lines", SITE["r.csv"]),
    ):
        for row in rows_of(tables, table).iter_rows(named=True):
            assert str(row["hcpcs"]) in text[row["source_offset"] :].partition("\n")[0]
            assert (
                row["file_sha256"]
                == files_of(tables)["c.csv" if "837" in table else "r.csv"]["file_sha256"]
            )


def test_second_call_reads_no_extract_again(read: Read, monkeypatch: pytest.MonkeyPatch):
    first = read(SITE).tables

    def forbidden(*_: object) -> bytes:
        raise AssertionError("an extract was read again")

    monkeypatch.setattr(tables, "read_content", forbidden)
    again = read(SITE).tables
    assert {name: again[name] for name in RAW_TABLES if name != FILES} == {
        name: first[name] for name in RAW_TABLES if name != FILES
    }


def test_delivery_that_came_before_is_all_duplicate(read: Read):
    once = everything(read(SITE))
    # One blank more in the header makes another file of the same rows.
    again = {
        f"again/{name}": text.replace("claim_number", "claim_number ")
        for name, text in SITE.items()
    }
    tables = read({**SITE, **again})
    assert everything(tables) == once
    for name in SITE:
        both = [counts(tables, name), counts(tables, f"again/{name}")]
        received = both[0][0]
        assert sorted(both) == [(received, 0, 0), (received, 0, received)]


def test_cumulative_delivery_counts_each_row_once_and_is_whole_in_one_file(read: Read):
    later = {
        "c2.csv": as_csv([*CLAIMS, billed("A3")]),
        "r2.csv": as_csv([*REMITS, answered("A3", payment_date="2026-04-01", trace_number="T2")]),
        "a2.csv": as_csv([*WHY, adjusted("A3", 1, "CO-45", "126.54")]),
    }
    tables = read({**SITE, **later})
    assert rows_of(tables, "raw_837__claims").height == 3
    assert rows_of(tables, "raw_835__adjustments").height == 6
    assert counts(tables, "c.csv")[2] + counts(tables, "c2.csv")[2] == 3
    assert counts(tables, "a.csv")[2] + counts(tables, "a2.csv")[2] == 5


NUMBERED = [{**row, "adjustment_number": number} for number, row in enumerate(WHY, start=1)]


@settings(max_examples=25)
@given(data=st.data())
def test_order_and_split_of_rows_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    folder = tmp_path_factory.mktemp("split")
    told = {"c": CLAIMS, "r": REMITS, "a": NUMBERED}
    parts = {}
    for name, rows in told.items():
        shuffled = data.draw(st.permutations(rows))
        cut, overlap = data.draw(st.integers(0, len(rows))), data.draw(st.integers(0, 2))
        parts[f"{name}1.csv"] = as_csv(shuffled[: cut + overlap])
        parts[f"{name}2.csv"] = as_csv(shuffled[cut:])
    parts = {name: text for name, text in parts.items() if text.strip()}
    whole = read_files(folder / "whole", {name: as_csv(rows) for name, rows in told.items()})
    tables = read_files(folder / "parts", parts)
    assert everything(tables) == everything(whole)
    received = sum(counts(tables, name)[0] - counts(tables, name)[2] for name in parts)
    assert received == sum(len(rows) for rows in told.values())


def test_cumulative_delivery_takes_transactions_whole(read: Read):
    """A remit that the first file tells in part is the second's, with all its rows."""
    part = {"r1.csv": as_csv(REMITS[:1]), "r2.csv": as_csv(REMITS)}
    tables = read({"c.csv": as_csv(CLAIMS), **part})
    assert (counts(tables, "r1.csv"), counts(tables, "r2.csv")) == ((1, 0, 1), (3, 0, 0))
    assert set(rows_of(tables, "raw_835__remit_lines")["file_sha256"]) == {
        files_of(tables)["r2.csv"]["file_sha256"]
    }


def test_row_told_in_another_file_than_its_claim_carries_the_claims_offset(read: Read):
    three = [billed("A1", line, hcpcs="96372") for line in (1, 2, 3)]
    files = {"c1.csv": as_csv(three[:2]), "c2.csv": as_csv(three[2:])}
    lines = rows_of(read(files), "raw_837__claim_lines").sort("line_number")
    first = files["c1.csv"].index("A1,1")
    assert lines["source_offset"].to_list() == [first, files["c1.csv"].index("A1,2"), first]


def test_later_delivery_with_more_columns_adds_what_it_tells(read: Read):
    plain = [{k: v for k, v in row.items() if k != "paid_units"} for row in REMITS]
    traceless = [{k: v for k, v in row.items() if k != "trace_number"} for row in REMITS]
    tables = read({**SITE, "r.csv": as_csv(plain), "r2.csv": as_csv(traceless)})
    assert everything(tables) == everything(read({"r.csv": SITE["r.csv"], "r2.csv": SITE["r.csv"]}))
    assert rows_of(tables, "raw_835__remit_lines").height == 3
    assert rows_of(tables, "raw_835__remits")["trace_number"].to_list() == ["T1"]


def test_rows_that_contradict_each_other_are_none_of_them_used(read: Read):
    dearer = [billed("A1", charge_usd="190.00"), *CLAIMS[1:]]
    tables = read({"c.csv": SITE["c.csv"], "c2.csv": as_csv(dearer)})
    assert counts(tables, "c.csv")[1] == counts(tables, "c2.csv")[1] == 1
    assert amounts(tables, "raw_837__claim_lines", "charge_usd") == [
        (Decimal(180),),
        (Decimal(50),),
    ]
    assert all("charge_usd differs" in reason for reason in reasons(tables))


def test_later_extract_stands_where_its_day_says_so(read: Read):
    first = [{**row, "extracted_on": "2026-03-05"} for row in CLAIMS]
    later = [billed("A1", charge_usd="190.00", extracted_on="2026-04-05")]
    tables = read({"c.csv": as_csv(first), "c2.csv": as_csv(later)})
    assert counts(tables, "c.csv") == (3, 0, 1)
    assert amounts(tables, "raw_837__claims", "claim_number", "charge_usd") == [
        ("A1", Decimal(240)),
        ("A2", Decimal(180)),
    ]


def test_rows_of_one_claim_may_not_tell_it_differently(read: Read):
    claims = [billed("A1", diagnoses="C679"), billed("A1", 2, diagnoses="C50")]
    remits = [answered("A1", group_number="1"), answered("A1", 2, group_number="2")]
    tables = read(
        {"c.csv": as_csv([*claims, billed("A2")]), "r.csv": as_csv([*remits, answered("A2")])}
    )
    assert counts(tables, "c.csv") == counts(tables, "r.csv") == (3, 2, 0)
    said = " ".join(reasons(tables))
    assert "rows of one claim tell diagnoses differently" in said
    assert "rows of one answer tell group_number differently" in said


def test_replacement_without_its_day_is_refused_and_dental_claims_are_not_ours(read: Read):
    rows = [
        billed("A1", submitted_date="", frequency_code="7"),
        billed("A2", claim_type="dental"),
        billed("A3", submitted_date=""),
        billed("A4", submitted_date="", service_date=""),
    ]
    tables = read({"c.csv": as_csv(rows)})
    row = files_of(tables)["c.csv"]
    assert (row["segments"], row["segments_rejected"], row["segments_not_ours"]) == (4, 2, 1)
    sent = rows_of(tables, TRANSACTIONS)
    assert sent["gs_date"].dt.to_string("iso").to_list() == ["2026-02-10"]
    assert rows_of(tables, "raw_837__claims")["submitted_date"].to_list() == [None]


def test_columns_toml_names_the_columns_and_is_no_extract(read: Read):
    own = as_csv([{"Acct #": "A1", "Ln": 1, "Notes": NAME, "Amt": "$180.00", "DOS": "1/5/2026"}])
    told = 'ignore = ["Notes"]\n"Acct #" = "claim_number"\n"Ln" = "line_number"\n'
    told += '"Amt" = "charge_usd"\nservice_date = "DOS"\n'
    tables = read({"site/own.txt": own, "site/columns.toml": told})
    assert tables.problems == []
    assert files_of(tables)["site/columns.toml"]["kind"] == "columns"
    assert amounts(tables, "raw_837__claims", "claim_number", "charge_usd") == [
        ("A1", Decimal(180))
    ]
    assert reasons(tables) == []


def test_columns_toml_that_cannot_be_used_refuses_its_extracts(read: Read):
    tables = read({**SITE, "columns.toml": '"Acct" = "account"'})
    kinds = {name: row["kind"] for name, row in files_of(tables).items()}
    assert kinds == {**dict.fromkeys(SITE, "csv_extract"), "columns.toml": "not_x12"}
    assert [counts(tables, name)[:2] for name in SITE] == [(3, 3), (3, 3), (5, 5)]
    assert len(tables.problems) == 4


def test_refused_file_stops_no_other(read: Read):
    named = as_csv([{**row, "Last Name": NAME} for row in REMITS])
    tables = read({**SITE, "r2.csv": named})
    assert [found.partition(" ")[0] for found in tables.problems] == ["r2.csv"]
    assert everything(tables) == everything(read({"r2.csv": SITE["r.csv"]}))


def test_no_message_and_no_table_holds_a_cell_that_was_refused(read: Read):
    rows = [billed(NAME.lower()[:9], hcpcs=NAME, charge_usd=NAME), {**billed("A1"), "x": NAME}]
    tables = read({"c.csv": as_csv(rows[:1]), "d.csv": as_csv(rows)})
    texts = [*tables.problems, *(rows_of(tables, name).write_ndjson() for name in tables.tables)]
    assert NAME not in "".join(texts)
    assert "M-A1" not in "".join(texts)


def test_packed_extracts_are_read_as_the_files_they_were(read: Read):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mail/r.csv", SITE["r.csv"].replace("trace_number", "Check No"))
        archive.writestr("mail/columns.toml", '"Check No" = "trace_number"')
    plain = everything(read(SITE))
    files = {"c.csv.gz": gzip.compress(SITE["c.csv"].encode()), "all.zip": packed.getvalue()}
    tables = read({**files, "r.csv": "", "a.csv": SITE["a.csv"]})
    assert everything(tables) == plain
    kinds = {name: row["kind"] for name, row in files_of(tables).items()}
    assert kinds["c.csv.gz"] == "claim_lines"
    assert kinds["all.zip/mail/r.csv"] == "remit_lines"
    assert kinds["all.zip/mail/columns.toml"] == "columns"
