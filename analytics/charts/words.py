"""Sentences with dollars in them, as a notebook shows them."""

from IPython.display import Markdown

# Two dollar signs in one Markdown cell are read as a formula: what stands between them is set in
# italics, stars and all. A sign by itself in an element is never one end of a formula.
DOLLAR = "<span>&#36;</span>"


def said(sentences: str) -> Markdown:
    """Markdown whose dollar signs are dollar signs, in JupyterLab and in an exported page.

    >>> said("**Underpayment**: payers owe **$7,893.50**").data
    '**Underpayment**: payers owe **<span>&#36;</span>7,893.50**'
    """
    return Markdown(sentences.replace("$", DOLLAR))
