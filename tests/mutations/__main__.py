"""Break one rule at a time and see that a test notices: `python -m tests.mutations [word ...]`.

Each mutation of `mutations.toml` is made in a copy of the project, and the tests that guard money
run there until one fails. A mutation no test notices has survived: the exit code is 1, and a test
is missing. Words choose the mutations whose rule or file holds one of them; `--jobs` runs so many
copies at once. Tests that are red without any mutation are left out and named.

It takes minutes and is run by hand, after a change of the models or of the tests beside them.

Last run: 2026-11-23, all 68 of the list killed, in several parts while tests were being added.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from .catalogue import PROJECT, Mutation, mutations

# In the order in which they notice most; what only reads the repository is left out.
TESTS = [
    "tests/test_oracle_agrees.py",
    "tests/measures",
    "tests/test_models_golden.py",
    "tests/scenarios",
    "tests/sql",
]
COPIED = ["analytics", "sql", "tests", "data", "pyproject.toml"]
NOT_COPIED = shutil.ignore_patterns("__pycache__", "mutations")
MADE_BY_REFRESH = shutil.ignore_patterns("warehouse", "decks", "site.key")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::.+?|\S+)(?: - .*)?$", re.M)


def main() -> int:
    """Run the mutations asked for and print what became of each; 1 when one survived."""
    asked = _arguments()
    chosen = [one for one in mutations() if _is_asked(one, asked.words)]
    red = failures(None, [])
    for test in red:
        print(f"red without a mutation, left out: {test}")
    with ThreadPoolExecutor(asked.jobs) as pool:
        survived = sum(pool.map(lambda one: _tell(one, red), chosen))
    print(f"{len(chosen)} mutations: {len(chosen) - survived} killed, {survived} survived")
    return 1 if survived else 0


def failures(mutation: Mutation | None, left_out: Iterable[str]) -> list[str]:
    """The tests that fail in a copy of the project, with a mutation the first of them only."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder)
        _copy_project(copy)
        if mutation:
            (copy / mutation.file).write_text(mutation.text(PROJECT), encoding="utf-8")
        options = ["-x"] if mutation else []
        options += [f"--deselect={test}" for test in left_out]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, *TESTS],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "400"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    found = FAILED.findall(done.stdout)
    if done.returncode != (1 if found else 0):
        raise RuntimeError(f"pytest left with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return found


def _tell(mutation: Mutation, red: list[str]) -> bool:
    """Print what became of a mutation; True when no test noticed it."""
    started = monotonic()
    found = failures(mutation, red)
    verdict, by = ("killed", found[0]) if found else ("SURVIVED", mutation.file)
    print(f"{verdict:<9}{mutation.rule}\n         {by} ({monotonic() - started:.0f} s)", flush=True)
    return not found


def _copy_project(target: Path) -> None:
    for name in COPIED:
        if (PROJECT / name).is_dir():
            ignored = MADE_BY_REFRESH if name == "data" else NOT_COPIED
            shutil.copytree(PROJECT / name, target / name, ignore=ignored)
        else:
            shutil.copy2(PROJECT / name, target / name)


def _is_asked(mutation: Mutation, words: list[str]) -> bool:
    return not words or any(word in f"{mutation.rule} {mutation.file}" for word in words)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("words", nargs="*", help="only mutations whose rule or file holds a word")
    parser.add_argument("--jobs", type=int, default=1, help="copies tested at once (1)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
