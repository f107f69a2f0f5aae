"""The HCPCS file of fixed width (`HCPC<year>_CONTR_ANWEB.txt`): what a code means, since when.

The places are those of the record layout CMS publishes beside it (HCPCS Contractor Record). A long
descriptor runs over several records. Modifiers and dental codes are no drugs and are left out, the
latter because their words belong to the American Dental Association.
"""

import re
from collections.abc import Iterator
from datetime import date

from analytics.cms.cells import is_cpt, is_level_ii
from analytics.cms.published import ESTIMATED, Published, publication, publication_told
from analytics.cms.received import CmsFile
from analytics.cms.refusal import UnreadableLayoutError
from analytics.cms.rows import CmsRows, Row, source_of

_RECORD = re.compile(r"[A-Z0-9 ]{5}\d{5}[3478]")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_FIRST_OF_CODE, _MORE_OF_CODE = "3", "4"
_RECORD_ID = 10
_LONG, _SHORT = slice(11, 91), slice(91, 119)
_COVERAGE = slice(229, 230)
_ADDED, _ACTION, _TERMINATED = slice(268, 276), slice(276, 284), slice(284, 292)
_ACTION_CODE = slice(292, 293)
_LEAST_WIDTH, _ENOUGH_TO_TELL = 284, 20
_DENTAL = "D"


def read_hcpcs(file: CmsFile) -> CmsRows | None:
    """Return the codes of a HCPCS file; None where the file is none.

    Raises   UnreadableLayoutError when it is one with a line that is no record, or names no year
    """
    lines = _lines(file.content)
    if not lines or not all(_is_record(line) for line in lines[:_ENOUGH_TO_TELL]):
        return None
    _refuse_other_lines(lines)
    begins = _begins(file)
    published = _published(file, begins)
    codes = {line[:5]: line for line in lines if line[_RECORD_ID] == _FIRST_OF_CODE}
    rows: list[Row] = [
        {
            "hcpcs": code,
            "long_descriptor": " ".join(_long(code, lines_of)),
            **_facts(codes[code]),
            "published_on": published.on.isoformat(),
            "published_on_basis": published.basis,
            "source": source_of(file),
        }
        for code, lines_of in _by_code(lines)
        if is_level_ii(code) and not code.startswith(_DENTAL) and code in codes
    ]
    cpt_rows = sum(is_cpt(code) for code in codes)
    dental = sum(code.startswith(_DENTAL) for code in codes)
    return CmsRows(
        "HCPCS codes",
        "hcpcs_codes",
        str(begins.year),
        tuple(rows),
        cpt_rows,
        (f"{dental:,} dental left out",) if dental else (),
    )


def _facts(line: str) -> dict[str, str]:
    return {
        "short_descriptor": line[_SHORT].strip(),
        "coverage": line[_COVERAGE].strip(),
        "added_on": _day(line[_ADDED]),
        "action": line[_ACTION_CODE].strip(),
        "action_on": _day(line[_ACTION]),
        "terminated_on": _day(line[_TERMINATED]),
    }


def _by_code(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line[_RECORD_ID] in (_FIRST_OF_CODE, _MORE_OF_CODE):
            found.setdefault(line[:5], []).append(line)
    yield from found.items()


def _long(code: str, lines: list[str]) -> Iterator[str]:
    # The sequence number puts the records of a code in order.
    for line in sorted(lines, key=lambda line: line[5:_RECORD_ID]):
        yield " ".join(line[_LONG].split())


def _lines(content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return [line for line in re.split(r"\r?\n|\r", text) if line.strip()]


def _is_record(line: str) -> bool:
    is_first = line[_RECORD_ID : _RECORD_ID + 1] in ("3", "7")
    return _RECORD.match(line) is not None and (not is_first or len(line) >= _LEAST_WIDTH)


def _refuse_other_lines(lines: list[str]) -> None:
    for number, line in enumerate(lines, start=1):
        if not _is_record(line):
            raise UnreadableLayoutError(
                f"has a line that is no HCPCS record; found {len(line)} characters in line "
                f"{number}. Download the file again"
            )


def _begins(file: CmsFile) -> date:
    """Return the first day of the year in the name."""
    years = [int(year) for name in (file.name, file.also_named) for year in _YEAR.findall(name)]
    if not years:
        raise UnreadableLayoutError(
            f"does not say which year it is for; found the name {file.name}. "
            "Give it the name CMS gave it, such as HCPC2019_CONTR_ANWEB.txt"
        )
    return date(years[0], 1, 1)


def _published(file: CmsFile, begins: date) -> Published:
    """Return the date in the name, else as told, else the first day of the year, an estimate."""
    stated = publication(file, begins) or publication_told(file, begins)
    return stated or Published(begins, ESTIMATED)


def _day(cell: str) -> str:
    """Return a date CMS writes as 20180101."""
    return f"{cell[:4]}-{cell[4:6]}-{cell[6:]}" if cell.strip().isdigit() and len(cell) == 8 else ""
