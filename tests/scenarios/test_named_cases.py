"""Each worked case has tests: its base case, and variants that take another path to the figure.

`named_cases.csv` is the list. A case that loses a test fails here, and so does a variant that was
written for a case and stands in no row.
"""

import ast
import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# The cases that price, compare and explain a line, and those of waste; denials and rates wait.
PRICED = (1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 20, 23, 24, 26, 28, 30, 33, 34)
WASTE = (11, 12, 16, 17, 18, 21, 22, 25, 29, 35)
# In the notes, and without a test so far: suppression.
WITHOUT_TEST = {19}

with (HERE / "named_cases.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@cache
def functions_of(module: str) -> frozenset[str]:
    """The names of a module's test functions."""
    tree = ast.parse((HERE / f"{module}.py").read_text(encoding="utf-8"))
    names = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in names if name.startswith("test_"))


def test_every_test_of_the_list_exists():
    assert [row for row in ROWS if row["test"] not in functions_of(row["module"])] == []


@pytest.mark.parametrize("case", PRICED + WASTE)
def test_case_has_its_base_and_two_variants_by_another_path(case: int):
    rows = [row for row in ROWS if int(row["case"]) == case]
    base = {row["test"] for row in rows if row["path"].startswith("base")}
    variants = [row for row in rows if not row["path"].startswith("base")]
    assert base
    assert len({row["path"] for row in variants}) == len(variants)
    assert len({row["test"] for row in variants} - base) >= 2


def test_every_variant_written_for_a_case_stands_in_its_rows():
    listed = defaultdict(set)
    for row in ROWS:
        listed[int(row["case"])].add(row["test"])
    written = [
        (int(number), test)
        for path in sorted(HERE.glob("test_named_*.py"))
        for test in sorted(functions_of(path.stem))
        for number in re.findall(r"^test_case_(\d+)_", test)
    ]
    assert written
    assert [(case, test) for case, test in written if test not in listed[case]] == []


def test_no_case_of_the_notes_is_forgotten(shared: Path):
    text = (shared / "scenarios.md").read_text(encoding="utf-8")
    told = {int(number) for number in re.findall(r"\*\*(\d+)(?:\. |\*\* )", text)}
    assert told - {int(row["case"]) for row in ROWS} == WITHOUT_TEST
