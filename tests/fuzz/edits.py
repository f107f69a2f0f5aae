"""Small edits of finished segments: what senders leave out, move or write another way."""

import re

from tests.fuzz.chance import Chance

REMARKS = ("MA130", "N130", "MA01", "M51")


def edited_835(chance: Chance, segments: list[str]) -> list[str]:
    """An 835 body with some segments changed, taken out or put in."""
    has_remit_dates = chance.maybe(0.9)
    found: list[str] = []
    for segment in segments:
        name = segment.split("*", 1)[0]
        if name == "BPR" and chance.maybe(0.05):
            segment = segment.rsplit("*", 1)[0]
        elif segment.startswith("DTM*405") and chance.maybe(0.2):
            continue
        elif name == "DTM":
            found += _dated(chance, segment) if has_remit_dates else []
            continue
        elif name == "SVC":
            found += _service(chance, segment)
            continue
        elif name == "CLP" and chance.maybe(0.05):
            segment = _without(chance, segment, (6, 7, 8))
        elif segment.startswith("NM1*QC") and chance.maybe(0.06):
            segment = chance.of((segment.replace("NM1*QC", "NM1*IL"), "NM1*QC*1*SYNTHETIC"))
        elif name == "N1" and chance.maybe(0.06):
            segment = _party(chance, segment)
        elif name == "MOA" and chance.maybe(0.2):
            segment = f"MIA*0****{chance.of(REMARKS)}{'*' * 15}{chance.of(REMARKS)}"
        elif name == "CAS" and chance.maybe(0.03):
            segment = segment.lower().replace("cas*", "CAS*")
        found.append(segment)
    return found


def edited_837(chance: Chance, segments: list[str]) -> list[str]:
    """An 837 body with some segments changed, taken out or put in."""
    found: list[str] = []
    for segment in segments:
        name = segment.split("*", 1)[0]
        if name == "BHT" and chance.maybe(0.04):
            segment = _without(chance, segment, (4,))
        elif segment.startswith("DTP*472") and chance.maybe(0.05):
            continue
        elif name in ("SV1", "SV2") and chance.maybe(0.08):
            segment = _billed(chance, segment)
        elif name == "LIN" and chance.maybe(0.03):
            segment = segment.replace("*N4*", "*UP*")
        elif segment.startswith("NM1*85") and chance.maybe(0.06):
            segment = segment.split("*XX*")[0]
        elif segment.startswith("REF*EI") and chance.maybe(0.05):
            segment = segment.replace("REF*EI", "REF*SY")
        elif segment.startswith("DTP*434") and chance.maybe(0.1):
            continue
        found.append(segment)
        if name == "CLM" and chance.maybe(0.06):
            found.append("DTP*472*D8*20260210")
    return found


def _dated(chance: Chance, segment: str) -> list[str]:
    """A remit line's date as a period, alone or not at all."""
    if segment.startswith("DTM*472") and chance.maybe(0.1):
        day = segment.rsplit("*", 1)[1]
        return [f"DTM*150*{day}", *([f"DTM*151*{day}"] if chance.maybe(0.7) else [])]
    return [] if chance.maybe(0.05) else [segment]


def _service(chance: Chance, segment: str) -> list[str]:
    if chance.maybe(0.03):
        segment = segment.lower().replace("svc*", "SVC*")
    elif chance.maybe(0.03):
        segment = re.sub(r"^SVC\*[^*]*", "SVC*NU:0636", segment)
    elif chance.maybe(0.02):
        segment = re.sub(r"^SVC\*[^*]*", "SVC*HC:", segment)
    elif chance.maybe(0.03):
        segment = re.sub(r"^(SVC\*HC:[^:*]*)", r"\1:", segment)
    interest = [f"AMT*I*{chance.of(('1.50', '-0.02'))}"] if chance.maybe(0.05) else []
    return [segment, *interest]


def _party(chance: Chance, segment: str) -> str:
    """A payer named without its id, or a payee by its tax id."""
    if segment.startswith("N1*PR"):
        return "*".join(segment.split("*")[:3])
    return chance.of(("N1*PE*SYNTHETIC*FI*777777777", segment))


def _billed(chance: Chance, segment: str) -> str:
    """A billed line without units, with thousandths of a dollar, in lower case, without a code."""
    places = {"SV1": (2, 4), "SV2": (3, 5)}
    charge, units = places[segment[:3]]
    elements = segment.split("*")
    how = chance.of(("units", "mills", "lower", "no code", "minutes"))
    if how == "units":
        elements[units] = ""
    elif how == "mills":
        elements[charge] += "5" if "." in elements[charge] else ".005"
    elif how == "lower":
        elements = [elements[0], *(element.lower() for element in elements[1:])]
    elif how == "minutes":
        elements[units - 1] = "MJ"
    elif elements[0] == "SV2":
        elements[2] = ""
    return "*".join(elements)


def _without(chance: Chance, segment: str, places: tuple[int, ...]) -> str:
    elements = segment.split("*")
    place = chance.of(places)
    if place < len(elements):
        elements[place] = ""
    return "*".join(elements)
