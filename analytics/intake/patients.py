"""Patients as keys: all that is kept of a person is a keyed hash that only this site can repeat.

The same member, birth date and first name give the same key in every file of a site, so doses and
claims of one patient meet; without the site's key nobody can try names against it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import polars as pl

from analytics.intake.vectors import without

_BLOCK, _KEY_BYTES = 64, 8
_NOBODY = "||"
_MOST_KEPT = 1 << 15


def with_patient_key(
    rows: pl.DataFrame,
    site_key: bytes,
    *,
    member: str,
    birth_date: str | None,
    first_name: str | None,
) -> pl.DataFrame:
    """`rows` with `patient_key` in place of the columns that name a patient.

    The key is the first 16 hex digits of HMAC-SHA256 over `member|birth date|first name`, upper
    case. Null where nothing identifies the patient.
    """
    named = [name for name in (member, birth_date, first_name) if name is not None]
    parts = [
        pl.lit("") if name is None else pl.col(name).str.strip_chars().fill_null("")
        for name in (member, birth_date, first_name)
    ]
    identity = rows.select(pl.concat_str(parts, separator="|").str.to_uppercase()).to_series()
    keys = pl.Series("patient_key", _keys_of(site_key).of(identity), dtype=pl.String)
    return without(rows.hstack([keys]), *named)


class _Keys:
    """The keys of one site; those of the patients met last are kept, for they come again."""

    def __init__(self, site_key: bytes) -> None:
        # HMAC by its definition (RFC 2104): copying its two started hashes takes a third of the
        # time of making it anew for every patient.
        padded = site_key if len(site_key) <= _BLOCK else hashlib.sha256(site_key).digest()
        padded = padded.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
        self._known: dict[str, str | None] = {_NOBODY: None}

    def of(self, identities: pl.Series) -> list[str | None]:
        told = identities.to_list()
        known = self._known
        if len(known) > _MOST_KEPT:
            known = self._known = {_NOBODY: None}
        for identity in set(told).difference(known):
            known[identity] = self._key(identity)
        return [known[identity] for identity in told]

    def _key(self, identity: str) -> str:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(identity.encode())
        outer.update(inner.digest())
        return outer.digest()[:_KEY_BYTES].hex()


@lru_cache(maxsize=1)
def _keys_of(site_key: bytes) -> _Keys:
    return _Keys(site_key)
