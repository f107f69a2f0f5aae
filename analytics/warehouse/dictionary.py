"""The lineage picture and table dictionary of the SQL models, written from their own headers.

A model is described in its header and nowhere else; `sql/README.md` is made from the headers, and
a test says when the two differ. After a change run `python -m analytics.warehouse.dictionary`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from analytics.warehouse.sql_files import CHECK_LABELS, MODEL_LABELS, SqlFile, read_sql_file

LAYERS = {
    "staging": "Rename and cast, nothing else: one model per raw table.",
    "intermediate": "One idea each; the name says what was done.",
    "marts": "What people read: published as tables, counts and dollars, never a rate.",
}
CHECKS = (
    "Each returns the offending rows. A `fail` stops the publish and the last good run stays; "
    "a `warn` is reported and lets it pass."
)
INTRODUCTION = """\
# The SQL models

Made from the model headers by `python -m analytics.warehouse.dictionary`: change a header, not
this page. `RULES.md` numbers the rules the models follow. One file is one model: one DuckDB
`select` at one grain. It names its inputs bare, and the order of the build is found from those
names. The flow is `raw_* -> stg_* -> int_<things>_<what was done> -> marts`.
"""


def sql_readme(sql_folder: Path) -> str:
    """The text of `sql/README.md`: how to read a model, what reads what, one table per layer.

    Takes    the folder that holds `staging`, `intermediate`, `marts` and `checks`
    Returns  Markdown, the same for the same headers
    Raises   SqlFileError, naming the file, where a header is missing or untrue
    """
    models = {layer: _files(sql_folder / layer, MODEL_LABELS) for layer in LAYERS}
    checks = _files(sql_folder / "checks", CHECK_LABELS)
    sections = [INTRODUCTION, _lineage(models)]
    for layer, caption in LAYERS.items():
        rows = [_model_row(layer, model) for model in models[layer]]
        head = ("model", "what", "grain", "key", "reads", "beware")
        sections.append(_section(layer, caption, head, rows))
    check_rows = [_check_row(check) for check in checks]
    sections.append(_section("checks", CHECKS, ("check", "what", "reads", "likely"), check_rows))
    return "\n".join(sections)


def _files(folder: Path, labels: tuple[str, ...]) -> list[SqlFile]:
    return [read_sql_file(path, labels) for path in sorted(folder.glob("*.sql"))]


def _lineage(models: dict[str, list[SqlFile]]) -> str:
    # Raw tables and checks are left out: with them the picture is too dense to follow.
    drawn = {model.name for of_layer in models.values() for model in of_layer}
    lines = ["## Lineage", "", "```mermaid", "flowchart LR"]
    for layer, of_layer in models.items():
        lines += [f"  subgraph {layer}", *(f"    {model.name}" for model in of_layer), "  end"]
    lines += [
        f"  {read} --> {model.name}"
        for of_layer in models.values()
        for model in of_layer
        for read in model.reads
        if read in drawn
    ]
    return "\n".join([*lines, "```", ""])


def _model_row(layer: str, model: SqlFile) -> list[str]:
    said = model.labels
    name = f"[`{model.name}`]({layer}/{model.name}.sql)"
    reads = ", ".join(model.reads)
    what = f"{said['what']} (the SELECT of `{model.same_as}`)" if model.same_as else said["what"]
    return [name, what, said["grain"], said["key"], reads, said.get("beware", "")]


def _check_row(check: SqlFile) -> list[str]:
    name = f"[`{check.name}`](checks/{check.name}.sql)"
    return [name, check.labels["what"], ", ".join(check.reads), check.labels["likely"]]


def _section(title: str, caption: str, head: Sequence[str], rows: list[list[str]]) -> str:
    lines = [f"## {title}", "", caption, "", _table_line(head), _table_line(["---"] * len(head))]
    return "\n".join([*lines, *(_table_line(row) for row in rows), ""])


def _table_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "sql")
    (folder / "README.md").write_text(sql_readme(folder), encoding="utf-8")
