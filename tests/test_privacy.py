"""No patient's name, member id, birth date or address leaves the raw folder by any door.

The doors are what a refresh keeps below the warehouse, what commands print, and what an export
writes. They are searched as bytes and, since Parquet packs its text, cell by cell.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from small_x12 import CLAIMS, REMIT, interchange
from typer.testing import CliRunner

from analytics.cli import app

NAME = "SYNTHETIC-MARKER"
MEMBER_ID = re.compile(r"SYN\d{6}")
PATIENT = re.compile(r"~\s*NM1\*(?:QC|IL|74)\*1\*([^*~]*)\*([^*~]*)\*[^~]*")
BIRTH_DATE = re.compile(r"~\s*DMG\*D8\*(\d{8})")
ADDRESS = re.compile(r"~\s*N[34]\*([^*~]{4,})")

# Places where a payer or a clearinghouse writes what names a person, each with its marker.
IN_A_REMIT = {
    "CAS*OA*23*-10.5\n": "CAS*OA*23*-10.5\n"
    f"NM1*74*1*{NAME}*{NAME}****C*{NAME}\n"
    f"NM1*GB*1*{NAME}*{NAME}****MI*{NAME}\n",
    "REF*1L*GRP1\n": f"REF*1L*GRP1\nREF*SY*{NAME}\nREF*1W*{NAME}\nREF*IG*{NAME}\nPER*CX*{NAME}\n",
    "DTM*405*20260114\n": f"DTM*405*20260114\nREF*EV*{NAME}\nK3*{NAME}\n",
}
IN_CLAIMS = {
    "NM1*PR*2*BIRCH HEALTH*****PI*84980\n": f"N3*{NAME} ROAD\nN4*{NAME}*NY*10001\nREF*SY*{NAME}\n"
    f"REF*1W*{NAME}\nPER*IC*{NAME}*TE*{NAME}\nPAT*****D8*19991231*01*99*Y\n"
    "NM1*PR*2*BIRCH HEALTH*****PI*84980\n",
    "REF*F8*ICN0\n": f"REF*F8*ICN0\nREF*EA*{NAME}\nREF*D9*{NAME}\nK3*{NAME}\nNTE*ADD*{NAME}\n",
    "NM1*82*1*SYNTHETIC-NAME*SYNTHETIC-NAME****XX*1888888888\n": f"NM1*DN*1*{NAME}*{NAME}\n"
    f"REF*0B*{NAME}\nNM1*77*2*{NAME}\nN3*{NAME}\nN4*{NAME}*NY\nPER*IC*{NAME}\n"
    f"NM1*45*1*{NAME}*{NAME}\n",
    "LIN**N4*51144002001\n": f"NTE*TPO*{NAME}\nK3*{NAME}\nLIN**N4*51144002001\n",
    "PAT*19\n": f"PAT*19\nNTE*PAT*{NAME}\n",
}


@pytest.fixture(scope="module")
def planted_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose every free text bears a marker, whether its file can be read or not."""
    folder = tmp_path_factory.mktemp("site") / "planted"
    (folder / "raw").mkdir(parents=True)
    (folder / "site.toml").write_text("as_of = 2026-08-31\n")
    remit, claims = planted(REMIT, IN_A_REMIT), planted(CLAIMS, IN_CLAIMS)
    (folder / "raw" / "odd.x12").write_bytes(interchange(remit, claims))
    broken = f"{NAME} came in\n".encode() + interchange(remit).replace(b"*300.5*", b"*SYNTHETIC-")
    (folder / "raw" / "broken.835").write_bytes(broken + NAME.encode())
    (folder / "raw" / "note.txt").write_text(f"{NAME} called, please ring back")
    return folder


@pytest.fixture(scope="module")
def planted_said(planted_site: Path) -> str:
    """All that the commands print of it."""
    printed = [
        CliRunner().invoke(app, [*command, "--data", str(planted_site)]).output
        for command in (("refresh",), ("refresh", "--json"), ("check", "--json"))
    ]
    assert "published" in printed[0], printed[0]
    return "\n".join(printed)


def planted(transaction: str, places: dict[str, str]) -> str:
    """The transaction with the markers, its own names turned into the marker as well."""
    for place, text in places.items():
        assert place in transaction
        transaction = transaction.replace(place, text, 1)
    return transaction.replace("SYNTHETIC-NAME", NAME)


def kept_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file that a refresh made, as text: the cells of a table, else the bytes."""
    for path in sorted((folder / "warehouse").rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes().decode("latin-1")
        if path.suffix == ".parquet":
            rows = pl.read_parquet(path)
            yield path.name, rows.select(rows.columns).write_ndjson()


def identities(raw: Path) -> set[str]:
    """What the raw files say of patients; first names of the sample are numbers, found with SYN."""
    said = "\n".join(path.read_text() for path in raw.rglob("*") if path.is_file())
    found = {" ".join(name) for name in PATIENT.findall(said)} | set(MEMBER_ID.findall(said))
    found |= {f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in BIRTH_DATE.findall(said)}
    return found | set(BIRTH_DATE.findall(said)) | set(ADDRESS.findall(said))


def test_sample_tables_hold_no_patient(sample_run: Path):
    known = identities(sample_run / "raw")
    assert len(known) > 300
    for name, text in kept_texts(sample_run):
        assert not pl.Series([text]).str.contains_any(sorted(known)).item(), name
        assert not MEMBER_ID.search(text), name


def test_export_of_every_table_holds_no_patient(sample_run: Path, tmp_path: Path):
    known = identities(sample_run / "raw")
    tables = [path.stem for path in (sample_run / "warehouse/runs").glob("*/*.parquet")]
    for table in tables:
        out = tmp_path / f"{table}.csv"
        command = ["export", table, "--out", str(out), "--data", str(sample_run)]
        assert CliRunner().invoke(app, command).exit_code == 0
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        text = out.read_text()
        assert not [each for each in known if each in text], table


def test_names_in_odd_places_are_never_kept(planted_site: Path, planted_said: str):
    assert planted_said
    for name, text in kept_texts(planted_site):
        assert NAME not in text, name
        for member_id in ("M100", "M200", "M300"):
            assert f'"{member_id}"' not in text, name
        for birth_date in ("19610203", "1961-02-03", "20150505", "2015-05-05", "1999-12-31"):
            assert birth_date not in text, name


def test_names_in_odd_places_are_never_printed(planted_said: str):
    assert NAME not in planted_said


def test_only_the_owner_may_read_what_a_refresh_made(sample_run: Path, planted_site: Path):
    for folder in (sample_run, planted_site):
        for path in (folder / "warehouse", *(folder / "warehouse").rglob("*")):
            expected = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == expected, path.name


def test_pseudonym_key_is_its_owners_alone_and_stands_outside_the_warehouse(sample_run: Path):
    key = sample_run / "site.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    digits = key.read_text().strip()
    for name, text in kept_texts(sample_run):
        assert digits not in text, name
    assert not [name for name in os.listdir(sample_run / "warehouse") if "key" in name]
