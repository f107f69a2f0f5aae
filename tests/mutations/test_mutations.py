"""The list of mutations cannot rot: each still finds its text, and what it makes still runs."""

from collections import Counter
from pathlib import Path

import pytest
import sqlglot
from model_slices import Types, types_of_an_empty_site
from sqlglot import exp

from analytics.warehouse.engine import open_engine
from mutations.catalogue import PROJECT, Mutation, mutations

MUTATIONS = mutations()


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Types:
    return types_of_an_empty_site(tmp_path_factory.mktemp("types"))


def in_short(mutation: Mutation) -> str:
    return f"{Path(mutation.file).stem}: {mutation.rule}"


def test_thirty_rules_at_least_are_broken_and_none_twice():
    assert len(MUTATIONS) >= 30
    edits = Counter((one.file, one.old, one.new) for one in MUTATIONS)
    assert [edit for edit, times in edits.items() if times > 1] == []
    assert len({one.rule for one in MUTATIONS}) == len(MUTATIONS)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=in_short)
def test_mutation_finds_its_text_once_and_changes_it(mutation: Mutation):
    assert mutation.text(PROJECT) != (PROJECT / mutation.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("mutation", MUTATIONS, ids=in_short)
def test_what_a_mutation_makes_still_runs_so_that_a_figure_and_no_error_gives_it_away(
    mutation: Mutation, types: Types
):
    text = mutation.text(PROJECT)
    if mutation.file.endswith(".py"):
        compile(text, mutation.file, "exec")
        return
    tree = sqlglot.parse_one(text, dialect="duckdb")
    reads = {table.name for table in tree.find_all(exp.Table)} & set(types)
    with open_engine() as con:
        for table in reads:
            columns = ", ".join(f'"{name}" {kind}' for name, kind in types[table].items())
            con.execute(f'create table "{table}" ({columns})')
        found = con.execute(f"describe {text}").fetchall()
    assert [row[0] for row in found] == list(types[Path(mutation.file).stem])
