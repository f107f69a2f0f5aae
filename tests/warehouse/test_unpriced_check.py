"""The check that every unpriced drug line is in one question: what it lets pass, what it finds."""

from pathlib import Path

import pytest

from analytics.warehouse.engine import open_engine

LINES = [
    ("C1", "primary", None, "paid", "not priced: no term", 180),
    ("C2", "primary", None, "open", "not priced: no term", 20),
    ("C3", "primary", 66.83, "paid", "priced: 90 x 0.7425", 180),
    ("C4", "secondary", None, "paid", "not priced: not the primary payer", 180),
    ("C5", "primary", None, "suppressed", "suppressed: capitated (term T)", 180),
    ("C6", "primary", None, "duplicate", "not priced: no term", 180),
]
ASKED = ["C1", "C2"]
QUESTIONS = [(True, 2, 200), (False, 9, 999)]


def found(project: Path, lines=LINES, asked=ASKED, questions=QUESTIONS) -> list[tuple]:
    sql = (project / "sql" / "checks" / "fail_unpriced_lines_without_question.sql").read_text()
    with open_engine() as con:
        con.execute(
            "create table drug_line_outcomes (claim_id varchar, line_number int, payer_id varchar,"
            " payer_rank varchar, expected_allowed_usd decimal(18, 2), outcome varchar,"
            " pricing_basis varchar, charge_usd decimal(18, 2))"
        )
        con.executemany(
            "insert into drug_line_outcomes values (?, 1, 'birch', ?, ?, ?, ?, ?)", lines
        )
        con.execute(
            "create table int_unpriced_lines_with_question (claim_id varchar, line_number int,"
            " payer_id varchar)"
        )
        con.executemany(
            "insert into int_unpriced_lines_with_question values (?, 1, 'birch')",
            [(claim,) for claim in asked],
        )
        con.execute(
            "create table reference_questions (is_unpriced boolean, lines bigint,"
            " charge_usd decimal(18, 2))"
        )
        con.executemany("insert into reference_questions values (?, ?, ?)", questions)
        rows = con.execute(f"{sql} order by place").fetchall()
    return [(place, int(lines), int(asked)) for place, lines, asked, _ in rows]


def test_lines_that_are_all_asked_about_once_pass(project: Path):
    assert found(project) == []


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (["C1"], ("line C2 1", 1, 0)),
        (["C1", "C2", "C2"], ("line C2 1", 1, 2)),
        (["C1", "C2", "C3"], ("line C3 1", 1, 1)),
    ],
    ids=["lost", "twice", "priced"],
)
def test_line_lost_asked_twice_or_asked_in_vain_is_found(project: Path, asked: list, fault: tuple):
    assert found(project, asked=asked) == [fault]


@pytest.mark.parametrize("questions", [[(True, 1, 200)], [(True, 2, 199)], []])
def test_questions_that_do_not_add_up_are_found(project: Path, questions: list[tuple]):
    [(place, lines, _)] = found(project, questions=questions or [(False, 2, 200)])
    assert (place, lines) == ("all questions", 2)
