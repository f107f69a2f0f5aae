"""Random administrations beside the claims: agreeing, disagreeing, contradictory, of nobody."""

from collections.abc import Iterator
from decimal import Decimal

from analytics.synthetic.x12_records import Claim, ClaimLine
from tests.fuzz.chance import Chance
from tests.fuzz.documenting import UNIT_MG, Package, packages_of
from tests.fuzz.plans import DRUG_OF
from tests.fuzz.raw_site import Row, Rows

KINDS = (
    *("agrees",) * 7,
    *("whole vials", "other dose", "other dose", "too many vials", "unknown vials", "no dose"),
    *("contradicts", "two doses", "other day", "other drug", "nobody"),
)
DASHED = 3
TIMES = (
    *(("09:00", "09:30"), ("9:00", "09:30:15"), ("", "09:30"), ("09:00", ""), ("", "")),
    *(("2026-01-14T09:00", "2026-01-14T10:00:00"),) * 2,
)
THERAPIES = ("", "carboplatin and gemcitabine, then pembrolizumab", "platinum")
CONTRADICTIONS = (
    {"administered_mg": "1"},
    {"discarded_mg": "999"},
    {"claim_id": "CLM1"},
    {"service_date": "2026-01-15"},
    {"drug": "nivolumab"},
)


class Giving:
    """Writes administrations.csv for the claims of a site."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.given = 0

    def administrations(self, claims: list[Claim]) -> Rows:
        """The rows of the file: for most doses billed one administration, more, or a wrong one."""
        doses: dict[tuple, list[ClaimLine]] = {}
        patients: dict[tuple, str] = {}
        for claim in claims:
            for line in claim.lines:
                if line.hcpcs in UNIT_MG and "JW" not in line.modifiers:
                    key = (claim.claim_number, DRUG_OF[line.hcpcs], line.service_date)
                    lines = doses.setdefault(key, [])
                    if claim.frequency == "1" and len(lines) < 4:
                        lines.append(line)
                    patients[key] = claim.patient.member_id
        rows: list[Row] = []
        for key, lines in doses.items():
            if lines and self.chance.maybe(0.8):
                rows += self._of_dose(key, lines[: self.chance.of((1, 1, 2, 4))], patients[key])
        return tuple(rows)

    def _of_dose(self, key: tuple, lines: list[ClaimLine], member: str) -> Iterator[Row]:
        chance, kind = self.chance, self.chance.of(KINDS)
        number, drug, day = key
        dose_mg = sum((Decimal(line.units) * UNIT_MG[line.hcpcs] for line in lines), Decimal(0))
        vials = self._vials(drug, dose_mg, kind)
        held = sum((package.milligrams * count for package, count in vials), Decimal(0))
        if kind == "whole vials":
            # The dose billed is all that the vials hold, the dose given is less.
            dose_mg = max(Decimal(0), held - chance.of((Decimal("2.5"), Decimal(7), Decimal(1))))
        if kind == "other dose":
            dose_mg += chance.of((Decimal(10), Decimal(-1), Decimal("0.5")))
        dose_mg = max(Decimal(0), dose_mg - chance.of((0, 0, 0, Decimal("0.1"))))
        told = {
            "administration_id": self._number(),
            "service_date": str(day),
            "drug": chance.of((drug, drug, drug.upper(), "")),
            "administered_mg": "" if kind == "no dose" else str(dose_mg),
            "discarded_mg": chance.of((str(max(Decimal(0), held - dose_mg)), "0", "", "7.5")),
            **self._whose(number, member),
            **self._words(),
        }
        if kind == "other day":
            told["service_date"] = "2026-01-15"
        if kind == "other drug":
            told["drug"] = "nivolumab"
        if kind == "nobody":
            told |= {"claim_id": "NOBODY", "patient_id": "NOBODY"}
        yield from self._rows(told, vials, kind)
        if kind == "two doses":
            yield from self._rows({**told, "administration_id": self._number()}, vials, kind)

    def _rows(self, told: Row, vials: list[tuple[Package, int]], kind: str) -> Iterator[Row]:
        chance = self.chance
        named = vials or [(None, 0)]
        for place, (package, count) in enumerate(named):
            row = dict(told)
            if package is not None:
                dashed = f"{package.ndc[:5]}-{package.ndc[5:9]}-{package.ndc[9:]}"
                row |= {"vial_ndc11": chance.of((package.ndc,) * DASHED + (dashed,))}
                row |= {"vial_count": str(count)}
            if kind == "unknown vials":
                wrong = ({"vial_ndc11": "99999999999"}, {"vial_count": "0.5"}, {"vial_count": ""})
                row |= chance.of((*wrong, {"vial_ndc11": "50242013468"}))
            if place and chance.maybe(0.3):
                # The dose stands in one row alone.
                row |= {"administered_mg": "", "discarded_mg": "", "claim_id": "", "patient_id": ""}
            if place and kind == "contradicts":
                row |= chance.of(CONTRADICTIONS)
            yield row

    def _vials(self, drug: str, dose_mg: Decimal, kind: str) -> list[tuple[Package, int]]:
        """Vials that cover a dose: of one size, or of the two sizes there are."""
        chance = self.chance
        packages = packages_of(drug)
        if not packages:
            return []
        large, *others = chance.shuffled(packages)
        count = int(dose_mg // large.milligrams) if dose_mg < 5000 else 0
        vials = [(large, count)] if count else []
        left = dose_mg - large.milligrams * count
        if left > 0 or not vials:
            small = chance.of(others) if others and chance.maybe(0.6) else large
            vials.append((small, max(1, -int(-left // small.milligrams))))
        if kind == "too many vials":
            package, count = vials.pop()
            vials.append((package, count + chance.of((1, 2, 5))))
        merged: dict[Package, int] = {}
        for package, count in vials:
            merged[package] = merged.get(package, 0) + count
        return list(merged.items())

    def _whose(self, number: str, member: str) -> Row:
        chance = self.chance
        said = chance.of(("claim", "claim", "both", "patient", "patient", "wrong claim", "spelt"))
        return {
            "claim_id": {
                "patient": "",
                "wrong claim": "NO SUCH CLAIM",
                "spelt": f" {number.lower()[:3]} {number[3:]}",
            }.get(said, number),
            "patient_id": "" if said in ("claim", "spelt") else member,
        }

    def _words(self) -> Row:
        chance = self.chance
        started, stopped = chance.of(TIMES)
        return {
            "discard_reason": chance.of(("", "single-dose vial", "single-dose vial")),
            "route": chance.of(("IV", "IV", "")),
            "site": chance.of(("left arm", "port", "")),
            "started_at": started,
            "stopped_at": stopped,
            "prior_therapies": chance.of(THERAPIES),
            "rationale_documented": chance.of(("yes", "yes", "Y", "no", "")),
        }

    def _number(self) -> str:
        self.given += 1
        return f"G{self.given}"
