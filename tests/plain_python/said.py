"""What a documentation check says of a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """The result of a check; its reason only where the rules give the words."""

    result: str
    reason: str | None = None


MET, NOT_MET = Said("met"), Said("not_met")
WITHOUT_RECORD = Said("cannot_tell", "no administration record")


def cannot_tell() -> Said:
    """Return that the files do not tell, in words of no rule."""
    return Said("cannot_tell")
