"""What stands in a reference CSV already, and which rows are therefore not added again."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analytics.errors import AnalyticsError
from analytics.intake.site import read_reference
from analytics.reference.added import Standing, add_rows, standing_rows
from analytics.reference.asked import (
    alias_rows,
    filing_code_rows,
    payer_rows,
    question_rows,
)
from analytics.reference.payers_seen import AliasSeen, PayerSeen

TERMS = "payer_id,line_of_business,hcpcs,seen_lines,seen_usd,method,rate,effective_through\n"
NEW = {"payer_id": "birch", "line_of_business": "commercial", "hcpcs": "J9177", "ndc11": None}

Stand = Callable[[str, str], Standing]


@pytest.fixture
def stand(tmp_path: Path, project: Path) -> Stand:
    def written(name: str, text: str) -> Standing:
        (tmp_path / "payers.csv").write_text("payer_id\nbirch\n")
        (tmp_path / f"{name}.csv").write_text(text)
        reference = read_reference(tmp_path, project / "data" / "reference")
        return standing_rows(tmp_path, reference, name)

    return written


# is it asked already?


@pytest.mark.parametrize(
    ("row", "is_asked"),
    [
        ("birch,commercial,J9177,3,4.00,,,", True),
        (" BIRCH,commercial,J9177,3,4.00,,,", False),
        ("birch,,j9177,3,4.00,,,", True),
        ("birch,*,J9177,3,4.00,,,", True),
        ("birch,medicaid,J9177,3,4.00,,,", False),
        ("birch,commercial,J9299,3,4.00,,,", False),
        # half filled: it is asked, and its row says what is wrong with it
        ("birch,commercial,J9177,3,4.00,fixed,,", True),
        # decided, and yet the lines have no price: it holds on other days
        ("birch,commercial,J9177,3,4.00,fixed,37,2025-12-31", False),
    ],
)
def test_open_or_half_filled_row_is_not_asked_for_again(stand: Stand, row: str, is_asked: bool):
    assert stand("contract_terms", TERMS + row + "\n").has(NEW) == is_asked


def test_ndc_is_the_same_with_and_without_hyphens(stand: Stand):
    standing = stand("drug_packages", "ndc11,drug,seen_lines,seen_usd\n51144002001,,3,4.00\n")
    assert standing.has({"ndc11": "51144-0020-01"})
    assert not standing.has({"ndc11": "51144-0020-02"})


def test_policy_of_a_payer_stands_even_where_it_is_silent(stand: Stand):
    standing = stand("payer_policies", "payer_id,line_of_business,pays_waste\nbirch,*,\n")
    assert standing.has({"payer_id": "birch", "line_of_business": "commercial"})


def test_filing_code_stands_whatever_group_it_is_for(stand: Stand):
    text = "payer_id,filing_code,group_number,line_of_business\nbirch,16,G1,medicare_advantage\n"
    standing = stand("payer_lines", text)
    assert standing.has({"payer_id": "birch", "filing_code": "16"})
    assert not standing.has({"payer_id": "birch", "filing_code": "CI"})


def test_file_that_is_not_there_holds_nothing(tmp_path: Path, project: Path):
    reference = read_reference(tmp_path, project / "data" / "reference")
    standing = standing_rows(tmp_path, reference, "contract_terms")
    assert (standing.rows, standing.has(NEW)) == ((), False)


# adding


def test_file_named_in_capitals_is_added_to_under_its_own_name(tmp_path: Path):
    (tmp_path / "Payers.CSV").write_text("payer_id\nmine\n")
    add_rows(tmp_path, {"payers": [{"payer_id": "new"}]})
    assert (tmp_path / "Payers.CSV").read_text() == "payer_id\nmine\nnew\n"
    assert [path.name for path in tmp_path.iterdir()] == ["Payers.CSV"]


def test_linked_file_is_written_where_it_lies(tmp_path: Path):
    (tmp_path / "kept.csv").write_text("payer_id\nmine\n")
    (tmp_path / "payers.csv").symlink_to(tmp_path / "kept.csv")
    add_rows(tmp_path, {"payers": [{"payer_id": "new"}]})
    assert (tmp_path / "payers.csv").is_symlink()
    assert (tmp_path / "kept.csv").read_text() == "payer_id\nmine\nnew\n"


def test_edited_file_keeps_its_mode_and_nothing_to_add_touches_nothing(tmp_path: Path):
    path = tmp_path / "payers.csv"
    path.write_text("payer_id\nmine\n")
    path.chmod(0o664)
    before = path.stat()
    add_rows(tmp_path, {"payers": []})
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    add_rows(tmp_path, {"payers": [{"payer_id": "new"}]})
    assert path.stat().st_mode & 0o777 == 0o664


def test_rows_that_cannot_be_added_to_one_file_are_added_to_none(tmp_path: Path):
    (tmp_path / "payer_aliases.csv").write_text("alias\nA1,mine\n")
    with pytest.raises(AnalyticsError, match="more cells in row 2"):
        add_rows(
            tmp_path,
            {"payers": [{"payer_id": "new"}], "payer_aliases": [{"alias": "N", "payer_id": "new"}]},
        )
    assert [path.name for path in tmp_path.iterdir()] == ["payer_aliases.csv"]


# the rows to add


def test_rows_of_payers_carry_their_evidence():
    payer = PayerSeen("alder", "ALDER", "commercial", 3, Decimal(9), ("a guess",))
    alias = AliasSeen("BLUE", None, 2, Decimal("1.5"), "whose is it?")
    assert payer_rows([payer], {"alder": ["one payer with elm?"]}) == [
        {
            "payer_id": "alder",
            "payer_name": "ALDER",
            "line_of_business": "commercial",
            "seen_lines": "3",
            "seen_usd": "9.00",
            "seen_note": "a guess; one payer with elm?",
        }
    ]
    [row] = alias_rows([alias])
    assert (row["payer_id"], row["seen_usd"], row["seen_note"]) == (None, "1.50", "whose is it?")


def filled(*codes: str, decided: tuple[str, ...] = ()) -> dict[str, tuple[str | None, str]]:
    seen = pl.DataFrame(
        [
            {"payer_id": "birch", "filing_code": code, "lines": 1, "charge_usd": Decimal(2)}
            for code in codes
        ]
    )
    rows = filing_code_rows(seen, decided)
    return {row["filing_code"]: (row["line_of_business"], row["seen_note"]) for row in rows}


def test_filing_code_says_its_line_of_business_and_an_unclear_one_nothing():
    assert filled("CI", "16", "ZZ") == {
        "16": ("medicare_advantage", "the code itself says medicare_advantage"),
        "CI": ("commercial", "the code itself says commercial"),
        "ZZ": (None, ""),
    }


@pytest.mark.parametrize(("codes", "decided"), [(("CI", "MB"), ()), (("CI",), ("birch",))])
def test_filing_code_is_a_note_where_a_row_more_could_tip_a_balance(codes, decided):
    assert filled(*codes, decided=decided)["CI"] == (None, "the code itself says commercial")


def test_filing_code_that_is_none_is_left_to_the_lines():
    assert filled("CI", "=X", "ci", "A LONG ONE").keys() == {"CI"}


def asked(question: str, **parts: object) -> dict[str, object]:
    nothing = dict.fromkeys(
        ("payer_id", "line_of_business", "hcpcs", "ndc11", "billed_units", "evidence",
         "first_service_date", "last_service_date")
    )  # fmt: skip
    return {"question": question, "lines": 1, "charge_usd": Decimal(2), **nothing, **parts}


def rows_for(*questions: dict[str, object]) -> dict[str, list[dict[str, str | None]]]:
    return question_rows(pl.DataFrame(questions, infer_schema_length=None))


def test_line_of_business_nobody_named_is_left_open_where_it_stands_alone():
    rows = rows_for(
        asked("term", payer_id="elm", line_of_business="other", hcpcs="J9177"),
        asked("term", payer_id="birch", line_of_business="other", hcpcs="J9177"),
        asked("term", payer_id="birch", line_of_business="commercial", hcpcs="J9177"),
    )["contract_terms"]
    # Left open beside a commercial row, it would price commercial lines too.
    assert [(row["payer_id"], row["line_of_business"]) for row in rows] == [
        ("elm", None),
        ("birch", "other"),
        ("birch", "commercial"),
    ]


def test_term_is_asked_by_code_else_by_ndc_and_under_the_payers_own_name():
    rows = rows_for(
        asked("term", payer_id="birch", line_of_business="commercial", hcpcs="J9177"),
        asked("term", payer_id="birch", line_of_business="commercial", ndc11="51144002001"),
        asked("term", payer_id="birch", line_of_business="commercial", hcpcs="NOT A CODE"),
    )["contract_terms"]
    assert [(row["contract_id"], row["hcpcs"], row["ndc11"]) for row in rows] == [
        ("birch", "J9177", None),
        ("birch", None, "51144-0020-01"),
    ]


def test_every_row_init_writes_is_open_when_it_is_read_back(tmp_path: Path, project: Path):
    rows = rows_for(
        asked("term", payer_id="birch", line_of_business="commercial", hcpcs="J9177"),
        asked("waste_policy", payer_id="birch", line_of_business="commercial"),
        asked("drug_code", hcpcs="J0001"),
        asked("package", ndc11="99999000101", evidence="J1324"),
    )
    rows["payer_aliases"] = alias_rows([AliasSeen("BLUE", None, 1, Decimal(2))])
    rows["payer_lines"] = filing_code_rows(
        pl.DataFrame(
            {"payer_id": "birch", "filing_code": "MB", "lines": 1, "charge_usd": [Decimal(2)]}
        ),
        decided=(),
    )
    add_rows(tmp_path, rows)
    reference = read_reference(tmp_path, project / "data" / "reference")
    assert reference.problems == ()
    assert {note.split(":")[0] for note in reference.notes} == {
        f"reference/{name}.csv" for name in rows
    }
    assert all("1 row still open, $2.00 charged" in note for note in reference.notes)
