"""The published tables of a site, computed again from the raw text, slowly and plainly.

This is the oracle: it follows `sql/RULES.md` with loops and exact decimals, and shares no
code with the package it checks. `answers` is all that other tests need.
"""

from .answers import answers

__all__ = ["answers"]
