"""The rows `analytics init` adds to a site's reference: what was seen, for a person to decide.

A row says what it is about, the lines and charges behind it, and leaves empty what nobody but the
site can know. Only new payers, their ids and names, and the filing codes of a payer without rows of
its own are filled in; they say what the rules would read without them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import polars as pl

from analytics.reference.payers_seen import LINE_OF_FILING_CODE, AliasSeen, PayerSeen
from analytics.reference.writing import Row

CODE = re.compile(r"[A-Z0-9]{5}")
FILING_CODE = re.compile(r"[A-Z0-9]{1,3}")
# These say Medicare of its own payers only: beside them no code of a payer speaks for itself.
MEDICARE_CODES = frozenset({"MA", "MB"})


def payer_rows(payers: Iterable[PayerSeen], evidence: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return a row of payers.csv per new payer; evidence, more notes by payer_id."""
    return [
        {
            "payer_id": payer.payer_id,
            "payer_name": payer.payer_name,
            "line_of_business": payer.line_of_business,
            **_seen(payer.lines, payer.charge_usd, *payer.notes, *evidence.get(payer.payer_id, ())),
        }
        for payer in payers
    ]


def alias_rows(aliases: Iterable[AliasSeen]) -> list[Row]:
    """Return a row of payer_aliases.csv per id and name; without payer_id it is still open."""
    return [
        {
            "alias": alias.alias,
            "payer_id": alias.payer_id,
            **_seen(alias.lines, alias.charge_usd, alias.note),
        }
        for alias in aliases
    ]


def filing_code_rows(codes: pl.DataFrame, decided: Iterable[str]) -> list[Row]:
    """Return a row of payer_lines.csv per payer and filing code.

    The line of business is the one the code itself says. It is a note alone where the site has rows
    of that payer, or Medicare codes: a row more could tip the balance between two codes of a line.

    Takes    codes: payer_id, filing_code, lines, charge_usd; decided, payers with rows of their own
    """
    settled = set(decided)
    medicare = codes.filter(pl.col("filing_code").is_in(list(MEDICARE_CODES)))["payer_id"]
    settled |= set(medicare)
    rows: list[Row] = []
    for code in codes.sort("payer_id", "filing_code").to_dicts():
        if not FILING_CODE.fullmatch(code["filing_code"]):
            continue
        says = LINE_OF_FILING_CODE.get(code["filing_code"])
        is_filled = code["payer_id"] not in settled
        note = f"the code itself says {says}" if says else ""
        rows.append(
            {
                "payer_id": code["payer_id"],
                "filing_code": code["filing_code"],
                "line_of_business": says if is_filled else None,
                **_seen(code["lines"], code["charge_usd"], note),
            }
        )
    return rows


def question_rows(questions: pl.DataFrame) -> dict[str, list[Row]]:
    """Return the open rows of contract_terms, payer_policies, drug_codes and drug_packages.

    Takes    rows of `reference_questions`, in their order
    """
    asked = questions.to_dicts()
    return {
        # Until the contract is named the payer stands for it, as it would without a word.
        "contract_terms": [
            {"contract_id": row["payer_id"], **row} for row in _of_payers(asked, "term")
        ],
        "payer_policies": _of_payers(asked, "waste_policy"),
        "drug_codes": [
            {"hcpcs": row["hcpcs"], **_counted(row)}
            for row in asked
            if row["question"] == "drug_code" and CODE.fullmatch(row["hcpcs"])
        ],
        "drug_packages": [
            {"ndc11": _hyphenated(row["ndc11"]), **_counted(row)}
            for row in asked
            if row["question"] == "package"
        ],
    }


def _of_payers(asked: Sequence[Mapping[str, object]], question: str) -> list[Row]:
    rows = [row for row in asked if row["question"] == question and _can_be_keyed(row)]
    return [
        {
            "payer_id": row["payer_id"],
            "line_of_business": _business(row, rows),
            "hcpcs": row["hcpcs"],
            "ndc11": _hyphenated(row["ndc11"]),
            **_counted(row),
        }
        for row in rows
    ]


def _hyphenated(ndc11: str | None) -> str | None:
    """An NDC with hyphens: a spreadsheet leaves its leading zeros alone."""
    return ndc11 and f"{ndc11[:5]}-{ndc11[5:9]}-{ndc11[9:]}"


def _can_be_keyed(row: Mapping[str, object]) -> bool:
    return row["hcpcs"] is None or CODE.fullmatch(row["hcpcs"]) is not None


def _business(row: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> str | None:
    """The line of business of a row; none where it is the only one, and nobody has named it yet."""
    alike = [other for other in rows if _about(other) == _about(row)]
    is_unnamed = row["line_of_business"] == "other" and len(alike) == 1
    return None if is_unnamed else row["line_of_business"]


def _about(row: Mapping[str, object]) -> tuple[object, ...]:
    return row["payer_id"], row["hcpcs"], row["ndc11"]


def _counted(row: Mapping[str, object]) -> dict[str, str]:
    billed_as = f"billed as {row['evidence']}" if row["question"] == "package" else ""
    units = f"{row['billed_units'].normalize():f} units" if row["billed_units"] else ""
    served = f"served {row['first_service_date']} to {row['last_service_date']}"
    is_dated = row["first_service_date"] is not None
    return _seen(row["lines"], row["charge_usd"], billed_as, units, served if is_dated else "")


def _seen(lines: int, charge_usd: Decimal, *notes: str) -> dict[str, str]:
    note = "; ".join(note for note in notes if note)
    return {"seen_lines": str(lines), "seen_usd": f"{charge_usd:.2f}", "seen_note": note}
