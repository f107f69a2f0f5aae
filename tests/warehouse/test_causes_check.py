"""A publish stops when the causes of a line are not its gap, whichever side is off."""

from pathlib import Path

import polars as pl
import pytest

from analytics.warehouse.checks import load_checks, run_checks
from analytics.warehouse.engine import open_engine

KEY = {"claim_id": "C1", "line_number": 1, "payer_id": "birch", "payer_rank": "primary"}


def rows_found(project: Path, lines: list[dict], causes: list[dict]) -> int:
    """How many lines the check finds."""
    checks = load_checks(project / "sql")
    name = "fail_causes_do_not_sum"
    with open_engine() as con:
        for table, rows in (("drug_line_outcomes", lines), ("underpayment_causes", causes)):
            given = pl.DataFrame(
                [KEY | row for row in rows],
                schema=[
                    *KEY,
                    *(["gap_usd"] if "causes" in table else []),
                    "shortfall_usd",
                    "overpaid_usd",
                ],
                orient="row",
                infer_schema_length=None,
            )
            con.register(f"given_{table}", given)
            dollars = ", ".join(
                f"cast({column} as decimal(18, 2)) as {column}" for column in given.columns[4:]
            )
            con.execute(
                f"create table {table} as select {', '.join(KEY)}, {dollars} from given_{table}"
            )
        [finding] = run_checks(con, {name: checks[name]})
    return finding.rows_found


def short(line_usd: str) -> dict[str, str]:
    return {"shortfall_usd": line_usd, "overpaid_usd": "0.00"}


def part(usd: str, over: str = "0.00") -> dict[str, str]:
    return {"gap_usd": usd, "shortfall_usd": usd, "overpaid_usd": over}


def test_parts_that_add_up_pass_one_of_them_against_the_line_s_side(project: Path):
    assert rows_found(project, [short("2.83")], [part("7.43"), part("-4.60")]) == 0


@pytest.mark.parametrize(
    ("lines", "causes"),
    [
        ([short("2.83")], [part("2.82")]),
        ([short("2.83")], [part("7.43")]),
        ([short("0.01")], [part("5.00") | {"claim_id": "C2"}]),
        ([short("0.00")], [part("0.01")]),
        ([], [part("0.01")]),
        ([short("2.83")], [{"gap_usd": "2.83", "shortfall_usd": "0.00", "overpaid_usd": "-2.83"}]),
    ],
    ids=["a cent off", "a part lost", "another claim's", "no gap", "no line", "other side"],
)
def test_a_line_whose_causes_are_not_its_gap_is_found(
    project: Path, lines: list[dict], causes: list[dict]
):
    assert rows_found(project, lines, causes) > 0


def test_a_short_line_without_a_cause_is_found(project: Path):
    other = part("1.00") | {"claim_id": "C2"}
    known = short("1.00") | {"claim_id": "C2"}
    assert rows_found(project, [short("2.83"), known], [other]) == 1
