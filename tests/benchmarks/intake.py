"""How fast the X12 intake is, and in how much memory, beside other readers.

Run it with `python -m tests.benchmarks.intake`; a busy machine tells nothing.

Every reader runs in a process of its own, in turns, several rounds; the least time counts, as what
disturbs only adds. Slow readers get a smaller input, which the table says. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.contender import WHAT
from tests.benchmarks.made_x12 import write_835, write_837p, write_small_835s

MB = 1_000_000
_CONTENDER = Path(__file__).with_name("contender.py")
_SLOW = ("openx12", "edi-835-parser", "pyx12")


@dataclass(frozen=True)
class Case:
    """One kind of input, and a smaller one of the same kind for slow readers."""

    name: str
    path: Path
    smaller: Path
    readers: tuple[str, ...]

    def input_of(self, reader: str) -> Path:
        return self.smaller if reader in _SLOW else self.path


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu_seconds: float
    peak_mb: float


def main() -> None:
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="x12-benchmark-", dir=arguments.folder))
    try:
        for case in _cases(folder, arguments.share):
            runs = _measure(case, arguments.rounds, arguments.peers_python)
            print("\n".join(_table(case, runs)), flush=True)
    finally:
        shutil.rmtree(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the sizes below, for a quick look"
    )
    parser.add_argument(
        "--peers-python", default=sys.executable, help="an interpreter that has the other readers"
    )
    parser.add_argument("--folder", type=Path, help="where the inputs are made; a disk, not memory")
    return parser.parse_args()


def _cases(folder: Path, share: float) -> Iterator[Case]:
    def size(megabytes: float) -> int:
        return int(megabytes * MB * share)

    of_835 = ("analytics", "floor", "oxedi", "openx12", "edi-835-parser", "pyx12")
    write_835(folder / "small.835", size(2))
    write_837p(folder / "small.837", size(2))
    write_835(folder / "50.835", size(50))
    yield Case("835, one file of 50 MB", folder / "50.835", folder / "small.835", of_835)
    write_837p(folder / "50.837", size(50))
    of_837 = ("analytics", "floor", "openx12", "pyx12")
    yield Case("837P, one file of 50 MB", folder / "50.837", folder / "small.837", of_837)
    write_835(folder / "500.835", size(500))
    few = ("analytics", "floor", "oxedi")
    yield Case("835, one file of 500 MB", folder / "500.835", folder / "small.835", few)
    (folder / "500.835").unlink()
    write_small_835s(folder / "many", int(20_000 * share), 10_000)
    write_small_835s(folder / "some", max(1, int(200 * share)), 10_000)
    yield Case("835, 20,000 files of 10 KB", folder / "many", folder / "some", of_835)


def _measure(case: Case, rounds: int, peers_python: str) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {}
    for _ in range(rounds):
        for reader in case.readers:
            python = sys.executable if reader in ("analytics", "floor") else peers_python
            command = [python, str(_CONTENDER), reader, str(case.input_of(reader))]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            for left in case.path.parent.glob("benchmark-*"):
                shutil.rmtree(left)
            if done.returncode:
                said = (done.stderr.strip() or "nothing").splitlines()[-1]
                print(f"{reader} failed; it said: {said}", file=sys.stderr)
                continue
            told = json.loads(done.stdout.splitlines()[-1])
            if "missing" in told:
                continue
            runs.setdefault(reader, []).append(Run(**told))
    return runs


def _table(case: Case, runs: dict[str, list[Run]]) -> Iterator[str]:
    yield f"\n## {case.name}\n"
    yield "| reader | what it does | MB read | s | MB/s | MB/s per core | peak MB | ours is |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    speeds = {}
    for reader, own in runs.items():
        size = sum(file.stat().st_size for file in _inputs(case.input_of(reader))) / MB
        seconds, cpu = (
            min(getattr(run, name) for run in own) for name in ("seconds", "cpu_seconds")
        )
        speeds[reader] = size / seconds
        ratio = f"{speeds['analytics'] / speeds[reader]:.2f}x" if "analytics" in speeds else ""
        peak = min(run.peak_mb for run in own)
        yield (
            f"| {reader} | {WHAT[reader]} | {size:.1f} | {seconds:.2f} | {size / seconds:.1f} "
            f"| {size / cpu:.1f} | {peak:.0f} | {ratio} |"
        )
    for reader in case.readers:
        if reader not in runs:
            yield f"\n{reader} is not installed or failed, so it is not in this table."


def _inputs(path: Path) -> list[Path]:
    return sorted(path.iterdir()) if path.is_dir() else [path]


if __name__ == "__main__":
    main()
