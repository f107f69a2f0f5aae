"""One site: its settings in `site.toml`, its pseudonym key, and its reference tables."""

import os
import re
import secrets
import tomllib
from dataclasses import dataclass, fields
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from analytics.errors import AnalyticsError
from analytics.reference.problems import Problem
from analytics.reference.tables import Reference, read_reference

__all__ = ["Problem", "Reference", "Site", "read_reference", "read_site", "site_key"]

KEY_DIGITS = re.compile(r"[0-9a-fA-F]{64}")
MEMORY = re.compile(r"\d+(\.\d+)?\s*[KMGT]i?B")
MEND = "Mend that line in site.toml."


@dataclass(frozen=True)
class Site:
    """What `site.toml` says of a site; all but the day has a default."""

    practice_name: str
    as_of: date
    maturity_days: int = 90
    small_cell: int = 11
    memory: str | None = None
    share_with_group: bool = False


def read_site(site_folder: Path, today: date) -> Site:
    """Return the settings of a site, the defaults where `site.toml` is silent or not there.

    Takes    today, the day the figures are for when the site pins none
    Raises   AnalyticsError naming the setting, what was found and what is expected
    """
    path = site_folder / "site.toml"
    if not path.is_file():
        return Site(practice_name="", as_of=today)
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise AnalyticsError(f"site.toml cannot be read: {trouble}. {MEND}") from None
    _refuse_unknown(tuple(stated))
    settings = {name: _checked(name, value) for name, value in stated.items()}
    return Site(**{"practice_name": "", "as_of": today, **settings})


def site_key(site_folder: Path) -> bytes:
    """Return the 32 bytes of the site's pseudonym key, made on first use.

    The file `site.key` holds 64 hex digits and only its owner may read it. Without it every patient
    would get a new pseudonym, so it is never made anew over a file that holds something else.

    Raises   AnalyticsError when the file holds something else; what it holds is not repeated
    """
    path = site_folder / "site.key"
    if not path.exists():
        _make_key(path)
    digits = path.read_text(encoding="ascii", errors="replace").strip()
    if not KEY_DIGITS.fullmatch(digits):
        raise AnalyticsError(
            "site.key is not a key: found something other than 64 hex digits. Restore it from a"
            " backup; delete it only if every patient may get a new pseudonym."
        )
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return bytes.fromhex(digits)


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link fails where a rename would replace a key another process has just made.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _refuse_unknown(names: tuple[str, ...]) -> None:
    known = tuple(field.name for field in fields(Site))
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            raise AnalyticsError(
                f'site.toml: "{name}" is not a setting.{meant} It knows {", ".join(known)}. {MEND}'
            )


def _checked(name: str, value: object) -> object:
    match name:
        case "as_of":
            is_right, expected = _is_day(value), "a date, written 2026-01-31"
            value = date.fromisoformat(value) if is_right and isinstance(value, str) else value
        case "maturity_days":
            is_right, expected = _is_whole(value, least=0), "a whole number of days, 0 or more"
        case "small_cell":
            is_right, expected = _is_whole(value, least=1), "a whole number, 1 or more"
        case "share_with_group":
            is_right, expected = isinstance(value, bool), "true or false, without quotation marks"
        case "memory":
            is_right = isinstance(value, str) and MEMORY.fullmatch(value) is not None
            expected = 'a size in quotation marks, such as "4GB"'
        case _:
            is_right, expected = isinstance(value, str), "text in quotation marks"
    if not is_right:
        raise AnalyticsError(f"site.toml: {name} is {value!r}; expected {expected}. {MEND}")
    return value


def _is_whole(value: object, *, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_day(value: object) -> bool:
    if isinstance(value, str):
        try:
            return len(value) == 10 and bool(date.fromisoformat(value))
        except ValueError:
            return False
    return isinstance(value, date) and not isinstance(value, datetime)
