"""What the documentation of a line lacks, each beside lines that only seem to lack it.

Unless said otherwise the dose is 60 mg (240 units of J9177) of two whole vials, fully documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from analytics.synthetic.wastebook.parties import PAYS, PAYS_AND_ASKS, REFUSES
from analytics.synthetic.wastebook.treatment import (
    BREAST,
    HEADACHE,
    INFLIXIMAB,
    LARGE,
    NOTHING,
    PEMBROLIZUMAB,
    TRASTUZUMAB,
    Bill,
    Line,
    Record,
    Treatment,
    one,
    padcev,
)

DAY = date(2025, 9, 16)
# The combination with pembrolizumab needs no earlier treatment from the second of these days on.
BEFORE_COMBINATION, COMBINATION = date(2023, 12, 12), date(2024, 5, 14)
FULL, WITHOUT_THERAPIES = Record("60", ((LARGE, 2),)), Record("60", ((LARGE, 2),), therapies="")
WRONGLY_PADDED = ("05114402001", "51144020001")


def treatments() -> Iterator[Treatment]:
    """Every check that fails, and beside it what must not."""
    yield from _authorization()
    yield from _diagnosis()
    yield from _administration()
    yield from _modifiers()
    yield from _ndc()
    yield from _prior_therapy()
    yield from _record()
    yield from _policies()


def _lacking(*checks: str, record: Record = FULL, **more: Any) -> Treatment:
    line = padcev(240, *more.pop("modifiers", ("JZ",)), vials=2, lacks=checks)
    line = replace(line, **more.pop("line", {}))
    bill = Bill((line,), **more.pop("bill", {}))
    day, payer_id = more.pop("day", DAY), more.pop("payer_id", PAYS_AND_ASKS)
    scenario = f"lacks_{checks[0]}" if checks else "documented"
    return Treatment(scenario, payer_id, day, (bill,), (record,), **more)


def _documented(what: str, **more: Any) -> Treatment:
    return _lacking(looks_like=f"documentation_{what}", **more)


def _authorization() -> Iterator[Treatment]:
    none = {"authorization": ""}
    yield _lacking("authorization", bill=none)
    yield _lacking("authorization", bill=none, claim_type="institutional")
    yield _documented("authorization_on_line", bill=none, line={"authorization": "SYNAUTHL"})
    yield _documented("authorization_not_asked", bill=none, payer_id=PAYS)


def _diagnosis() -> Iterator[Treatment]:
    yield _lacking("diagnosis", diagnoses=HEADACHE)
    yield _lacking("diagnosis", diagnoses=BREAST)
    yield _documented("diagnosis_second", diagnoses=(*HEADACHE, "C662"))


def _administration() -> Iterator[Treatment]:
    none = {"has_infusion": False}
    yield _lacking("administration_procedure", bill=none)
    yield _lacking("administration_procedure", bill=none, payer_id=PAYS, modifiers=())
    apart = _documented("administration_apart", bill=none)
    yield replace(apart, bills=(*apart.bills, Bill(())))


def _modifiers() -> Iterator[Treatment]:
    yield _lacking("distinct_service", modifiers=("JZ", "59"))
    yield _lacking("distinct_service", modifiers=("XU", "JZ"))
    yield _documented("distinct_infusion", bill={"infusion_modifiers": ("59",)})


def _ndc() -> Iterator[Treatment]:
    for wrong in (*WRONGLY_PADDED, "5114402001"):
        yield _lacking("ndc", line={"ndc": wrong, "quantity": None})
    yield _lacking("ndc", line={"ndc": "", "quantity": None})
    # Eleven digits that no file has say nothing; hyphens are padded where they are short.
    yield _documented("ndc_nobody_knows", line={"ndc": "99999999911", "quantity": None})
    yield _documented("ndc_with_hyphens", line={"ndc": "51144-030-01", "quantity": 2})


def _prior_therapy() -> Iterator[Treatment]:
    for day in (BEFORE_COMBINATION, COMBINATION):
        yield _lacking("prior_therapy", record=WITHOUT_THERAPIES, day=day)
    yield _documented("therapy_told", day=BEFORE_COMBINATION)
    keytruda = Line("J9271", 200, ("JZ",), PEMBROLIZUMAB, 8, "ML")
    alone = _documented("combination", record=WITHOUT_THERAPIES, day=COMBINATION)
    both = Bill((*alone.bills[0].lines, keytruda))
    yield replace(alone, bills=(both,))
    yield replace(alone, patient="within 28 days")
    before = COMBINATION - timedelta(days=21)
    yield one(
        "documented",
        PAYS_AND_ASKS,
        before,
        keytruda,
        patient="within 28 days",
        looks_like="documentation_combination",
    )
    yield _lacking(
        "prior_therapy", record=WITHOUT_THERAPIES, day=COMBINATION, patient="after 42 days"
    )
    yield one(
        "documented",
        PAYS_AND_ASKS,
        COMBINATION - timedelta(days=42),
        keytruda,
        patient="after 42 days",
        looks_like="documentation_combination",
    )


def _record() -> Iterator[Treatment]:
    yield _lacking("infusion_record", record=replace(FULL, stopped_at=""))
    yield _lacking("infusion_record", record=replace(FULL, route=""))
    yield _lacking("rationale", record=replace(FULL, rationale="no"))
    yield _documented("rationale_not_told", record=replace(FULL, rationale=""))
    no_reason = Record("55", ((LARGE, 2),), "5", reason="")
    lines = padcev(220, lacks=("waste_units",)), padcev(20, "JW", lacks=("waste_units",))
    yield one("lacks_waste_units", PAYS_AND_ASKS, DAY, *lines, records=(no_reason,))


def _policies() -> Iterator[Treatment]:
    # This payer asks for another drug first, and pays no waste.
    for therapies, lacks in (("", ("step_therapy",)), ("docetaxel (synthetic)", ())):
        line = Line("J9355", 45, (), TRASTUZUMAB, 3, lacks=lacks)
        record = Record("450", ((TRASTUZUMAB, 3),), therapies=therapies)
        yield one(
            "lacks_step_therapy" if lacks else "documented",
            REFUSES,
            DAY,
            line,
            records=(record,),
            waste=("not_paid_by_policy", NOTHING),
            looks_like="" if lacks else "documentation_therapy_told",
        )
    infused = Line("J1745", 30, ("JZ",), INFLIXIMAB, 3, lacks=("drug_source",))
    yield one("lacks_drug_source", PAYS_AND_ASKS, DAY, infused)
