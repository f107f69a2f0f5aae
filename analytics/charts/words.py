"""Sentences with dollars in them, as a notebook shows them."""

from dataclasses import dataclass

# Two dollar signs in one Markdown cell are read as a formula: what stands between them is set in
# italics, stars and all. A sign by itself in an element is never one end of a formula.
DOLLAR = "<span>&#36;</span>"


@dataclass(frozen=True)
class Said:
    """Sentences in Markdown that show themselves in a notebook and in an exported page."""

    sentences: str

    def _repr_markdown_(self) -> str:
        return self.sentences.replace("$", DOLLAR)

    def __repr__(self) -> str:
        return self.sentences


def said(sentences: str) -> Said:
    """Markdown whose dollar signs are dollar signs, in JupyterLab and in an exported page.

    >>> said("**Underpayment**: payers owe **$7,893.50**")._repr_markdown_()
    '**Underpayment**: payers owe **<span>&#36;</span>7,893.50**'
    """
    return Said(sentences)
