"""The checks that only a record of the administration can tell (RULES 20.3 to 20.14)."""

from __future__ import annotations

from math import floor

from .administrations import Record
from .said import MET, NOT_MET, WITHOUT_RECORD, Said, cannot_tell
from .waste import Treatment

OF_AN_INFUSION = ("started_at", "stopped_at", "route", "site")


class RecordChecks:
    """What the administrations of one treatment say; a line without one has none."""

    def __init__(self, treatment: Treatment | None) -> None:
        self._treatment = treatment
        self._record: Record | None = treatment.record if treatment else None

    def tells_of_waste(self) -> bool:
        """Return whether a treatment bills waste, or its record tells of some (RULES 20.4)."""
        if self._treatment is None:
            return False
        discarded = self._record.discarded_mg if self._record else None
        return self._treatment.row["billed_waste_units"] > 0 or bool(discarded)

    def dose_units(self) -> Said:
        """Return whether the units billed are those given (RULES 20.3)."""
        if self._record is None:
            return WITHOUT_RECORD
        row = self._treatment.row
        if row["recorded_administered_units"] is None:
            return cannot_tell()
        is_same = row["administered_units"] == row["recorded_administered_units"]
        return MET if is_same else NOT_MET

    def waste_units(self) -> Said:
        """Return whether the waste billed is that recorded, with a reason (RULES 20.4)."""
        if self._record is None:
            return WITHOUT_RECORD
        if self._record.discarded_mg is None:
            return cannot_tell()
        units, row = floor(self._record.discarded_mg / self._treatment.unit_mg), self._treatment.row
        billable = {units}
        if row["vial_evidence"] in ("A", "B"):
            billable.add(min(units, row["expected_waste_units"]))
        if row["billed_waste_units"] not in billable:
            return NOT_MET
        has_reason = any(
            each.discarded_mg and each.tells("discard_reason") for each in self._record.given
        )
        return MET if has_reason or units == 0 else NOT_MET

    def prior_therapies(self) -> Said:
        """Return whether earlier treatment is told (RULES 20.8)."""
        if self._record is None:
            return WITHOUT_RECORD
        has_some = any(each.tells("prior_therapies") for each in self._record.given)
        return MET if has_some else NOT_MET

    def infusion_record(self) -> Said:
        """Return whether start, stop, route and site are told (RULES 20.11)."""
        if self._record is None:
            return WITHOUT_RECORD
        is_whole = all(each.tells(name) for each in self._record.given for name in OF_AN_INFUSION)
        return MET if is_whole else NOT_MET

    def rationale(self) -> Said:
        """Return whether the reason for the drug is documented (RULES 20.14)."""
        if self._record is None:
            return WITHOUT_RECORD
        said = [each.values("rationale_documented") for each in self._record.given]
        if any(False in each for each in said):
            return NOT_MET
        return MET if all(said) else cannot_tell()
