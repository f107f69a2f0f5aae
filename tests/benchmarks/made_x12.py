"""Big 835 and 837P files of our own making: the same bytes for the same size and seed.

Names say that they are synthetic. Patients come back, as they do in an infusion practice, amounts
balance, and remits have what makes them slow to read: several adjustments a line, references,
reported allowed amounts, denials with remarks and claims without service lines.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

_DRUGS = (("J9271", 5450, 200), ("J9299", 3010, 240), ("J1745", 720, 50), ("Q5103", 410, 40))
_VISITS = (("96413", 41200), ("96415", 8800), ("99214", 21900), ("36415", 1100), ("J7050", 190))
_PAYERS = (("SYNTHETIC PAYER ALDER", "60054"), ("SYNTHETIC PAYER BIRCH", "87726"))
_PATIENTS = 6000
_CLAIMS_PER_TRANSACTION = 200


def write_835(path: Path, size: int, *, seed: int = 1) -> None:
    """A file of about `size` bytes: one interchange of 835 transactions."""
    _write(path, size, _Maker(seed).remit, "HP", "005010X221A1")


def write_837p(path: Path, size: int, *, seed: int = 1) -> None:
    """A file of about `size` bytes: one interchange of professional 837 transactions."""
    _write(path, size, _Maker(seed).claims, "HC", "005010X222A1")


def write_small_835s(folder: Path, files: int, size: int, *, seed: int = 1) -> None:
    """Many small files, each an interchange of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        write_835(folder / f"{number:06}.835", size, seed=seed * files + number)


def _write(
    path: Path, size: int, transaction: Callable[[int, int], list[str]], kind: str, version: str
) -> None:
    isa = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'SYNTHETIC':15}*ZZ*{'PRACTICE':15}*250601*0830*^*00501*"
        "000000001*0*P*:"
    )
    heading = [isa, f"GS*{kind}*SYNTHETIC*PRACTICE*20250601*0830*1*X*{version}"]
    with path.open("w", encoding="ascii") as file:
        written = file.write("".join(f"{segment}~" for segment in heading))
        number = 0
        while written < size:
            number += 1
            segments = transaction(number, size - written)
            segments.append(f"SE*{len(segments) + 1}*{number:04}")
            written += file.write("".join(f"{segment}~" for segment in segments))
        file.write(f"GE*{number}*1~IEA*1*000000001~")


class _Maker:
    """Transactions one after another from one seed; amounts are in cents until they are told."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._claims = seed * 10_000_000

    def remit(self, number: int, bytes_left: int) -> list[str]:
        paid, claims = 0, []
        for _ in range(self._claims_in(bytes_left, 530)):
            claim_paid, segments = self._remit_claim()
            paid += claim_paid
            claims += segments
        payer, payer_id = self._random.choice(_PAYERS)
        return [
            *(f"ST*835*{number:04}", f"BPR*I*{_usd(paid)}*C*ACH{'*' * 12}20250605"),
            *(f"TRN*1*EFT{number:08}*1512345678", "DTM*405*20250601"),
            *(f"N1*PR*{payer}*XV*{payer_id}", "N3*1 SYNTHETIC PLAZA", "N4*DALLAS*TX*75201"),
            *("N1*PE*SYNTHETIC PRACTICE*XX*1999999992", "REF*TJ*741234567", "LX*1", *claims),
        ]

    def claims(self, number: int, bytes_left: int) -> list[str]:
        segments = [
            *(f"ST*837*{number:04}*005010X222A1", f"BHT*0019*00*{number}*20250601*0830*CH"),
            *("NM1*41*2*SYNTHETIC PRACTICE*****46*1", "NM1*40*2*SYNTHETIC PAYER*****46*2"),
            *("HL*1**20*1", "NM1*85*2*SYNTHETIC PRACTICE*****XX*1999999992"),
            *("N3*1 SYNTHETIC STREET", "N4*DALLAS*TX*75201", "REF*EI*741234567"),
        ]
        for level in range(2, self._claims_in(bytes_left, 800) + 2):
            segments += self._claim(level)
        return segments

    def _claims_in(self, bytes_left: int, bytes_of_one: int) -> int:
        return max(1, min(_CLAIMS_PER_TRANSACTION, bytes_left // bytes_of_one))

    def _lines(self) -> Iterator[tuple[str, int, int]]:
        """Procedure with modifiers, charge, units."""
        for _ in range(self._random.randint(1, 5)):
            if self._random.random() < 0.5:
                code, unit, most = self._random.choice(_DRUGS)
                units = self._random.randint(1, most)
                yield f"HC:{code}:JZ", unit * units, units
            else:
                code, charge = self._random.choice(_VISITS)
                yield f"HC:{code}", charge, 1

    def _remit_claim(self) -> tuple[int, list[str]]:
        self._claims += 1
        account, day = f"S{self._claims}", self._day()
        member = f"W{self._random.randrange(_PATIENTS):09}"
        charged = paid = owed = 0
        lines: list[str] = []
        for place, (procedure, charge, units) in enumerate(self._lines(), start=1):
            line_paid, line_owed, segments = self._remit_line(procedure, charge, units, day)
            charged, paid, owed = charged + charge, paid + line_paid, owed + line_owed
            lines += [*segments, f"REF*6R*{account}{place:02}"]
        told = f"CLP*{account}*1*{_usd(charged)}*{_usd(paid)}*{_usd(owed)}*12*P{self._claims}*11*1"
        named = f"NM1*QC*1*SYNTHETIC*PATIENT****MI*{member}"
        return paid, [told, named, f"DTM*232*{day}", "DTM*050*20250601", *lines]

    def _remit_line(
        self, procedure: str, charge: int, units: int, day: str
    ) -> tuple[int, int, list[str]]:
        if self._random.random() < 0.06:
            denied = [f"SVC*{procedure}*{_usd(charge)}*0**{units}", f"DTM*472*{day}"]
            return 0, 0, [*denied, f"CAS*CO*197*{_usd(charge)}", "LQ*HE*N115"]
        allowed = charge * 45 // 100
        owed = allowed // 5 if self._random.random() < 0.4 else 0
        cut = (allowed - owed) // 50 if self._random.random() < 0.2 else 0
        paid = allowed - owed - cut
        second = f"**253*{_usd(cut)}" if cut else ""
        segments = [f"SVC*{procedure}*{_usd(charge)}*{_usd(paid)}**{units}", f"DTM*472*{day}"]
        segments.append(f"CAS*CO*45*{_usd(charge - allowed)}{second}")
        segments += [f"CAS*PR*2*{_usd(owed)}"] if owed else []
        return paid, owed, [*segments, f"AMT*B6*{_usd(allowed)}"]

    def _claim(self, level: int) -> list[str]:
        self._claims += 1
        patient, day = self._random.randrange(_PATIENTS), self._day()
        lines = list(self._lines())
        payer, payer_id = self._random.choice(_PAYERS)
        segments = [
            *(f"HL*{level}*1*22*0", "SBR*P*18*GRP01******CI"),
            f"NM1*IL*1*SYNTHETIC*PATIENT****MI*W{patient:09}",
            *("N3*1 SYNTHETIC ROAD", "N4*DALLAS*TX*75201", f"DMG*D8*19{50 + patient % 50}0101*F"),
            f"NM1*PR*2*{payer}*****PI*{payer_id}",
            f"CLM*S{self._claims}*{_usd(sum(charge for _, charge, _ in lines))}***11:B:1*Y*A*Y*Y",
            *("REF*G1*AUTH01", "HI*ABK:C50911*ABF:Z5111"),
        ]
        for place, (procedure, charge, units) in enumerate(lines, start=1):
            segments += [f"LX*{place}", f"SV1*{procedure}*{_usd(charge)}*UN*{units}***1:2"]
            segments += [f"DTP*472*D8*{day}", f"REF*6R*S{self._claims}{place:02}"]
            if procedure.endswith("JZ"):
                segments += ["LIN**N4*00003377411", f"CTP****{units}*UN"]
        return segments

    def _day(self) -> str:
        return f"2025{self._random.randint(1, 5):02}{self._random.randint(1, 28):02}"


def _usd(cents: int) -> str:
    dollars, rest = divmod(cents, 100)
    return f"{dollars}.{rest:02}".rstrip("0").rstrip(".") if rest else str(dollars)
