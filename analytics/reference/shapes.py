"""What a reference CSV is made of: columns, their kinds, and how rows are told apart.

A *kind* says how a cell is tidied and what it may hold (`cells.py`). `required` columns
must be there and filled. `empty` is what an empty cell means where that is not simply "unknown".
"""

from dataclasses import dataclass

ANY = "*"


@dataclass(frozen=True)
class Column:
    """One column: its name, the kind of its cells, and what an empty cell means."""

    name: str
    kind: str = "text"
    values: tuple[str, ...] = ()
    required: bool = False
    empty: str | None = None


@dataclass(frozen=True)
class ReferenceFile:
    """One reference CSV: its columns, the key no two rows share, how it meets the shipped one.

    `asked` are the columns that say what a row is about. A row that `analytics init` wrote and that
    holds nothing else is open: a question, not yet an answer; `named` may be filled in too, it
    decides nothing. Without `asked` no row is ever open.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_merged: bool = False
    asked: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The raw table the models read."""
        return f"raw_ref__{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The published columns, in their order."""
        return tuple(column.name for column in self.columns)


def text(*names: str) -> tuple[Column, ...]:
    """Return columns of plain text."""
    return tuple(Column(name) for name in names)


def needed(name: str, kind: str = "text", values: tuple[str, ...] = ()) -> Column:
    """Return a column that must be there and filled."""
    return Column(name, kind, values, required=True)


def of_kind(kind: str, *names: str) -> tuple[Column, ...]:
    """Return columns of one kind."""
    return tuple(Column(name, kind) for name in names)


def category(name: str, *values: str) -> Column:
    """Return a column that holds one of these words."""
    return Column(name, "category", values)


def any_of(name: str, *values: str) -> Column:
    """Return a column that holds one of these words, or is empty for any of them."""
    return Column(name, "category", (*values, ANY), empty=ANY)


def any_cell(name: str, kind: str = "text") -> Column:
    """Return a column that is empty for any value."""
    return Column(name, kind, empty=ANY)
