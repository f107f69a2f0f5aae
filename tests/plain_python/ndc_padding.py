"""The NDCs one may mean whose padding zero stands in the wrong segment (RULES 20.2)."""

from __future__ import annotations

STARTS = (0, 5, 9)  # of the segments of 5-4-2


def padded_elsewhere(ndc11: str) -> set[str]:
    """Return the NDCs of eleven digits with a leading zero of a segment moved to another one.

    >>> "51144002001" in padded_elsewhere("05114402001")
    True
    """
    found = set()
    for taken in STARTS:
        if ndc11[taken] != "0":
            continue
        ten = ndc11[:taken] + ndc11[taken + 1 :]
        found |= {ten[:put] + "0" + ten[put:] for put in STARTS if put != taken}
    return found - {ndc11}
