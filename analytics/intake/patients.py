"""Patients as keys: all that is kept of a person is a keyed hash that only this site can repeat.

The same member, birth date and first name give the same key in every file of a site, so doses and
claims of one patient meet; without the site's key nobody can try names against it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

import polars as pl


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
    identity = pl.concat_str(parts, separator="|").str.to_uppercase()
    keyed = rows.with_columns(identity=pl.when(identity != "||").then(identity))
    identities = keyed["identity"].drop_nulls().unique(maintain_order=True)
    keys = pl.DataFrame(
        {
            "identity": identities,
            "patient_key": pl.Series(_keys(site_key, identities), dtype=pl.String),
        }
    )
    return keyed.join(keys, on="identity", how="left", validate="m:1", maintain_order="left").drop(
        "identity", *named
    )


def _keys(site_key: bytes, identities: Iterable[str]) -> list[str]:
    started = hmac.new(site_key, digestmod="sha256")
    keys = []
    for identity in identities:
        # Copying a started HMAC halves the time of making one anew for every patient.
        keyed = started.copy()
        keyed.update(identity.encode())
        keys.append(keyed.hexdigest()[:16])
    return keys
