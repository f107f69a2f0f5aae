"""One reader on one input in a process of its own: what it took, as a line of JSON.

It runs under the interpreter the reader is installed for, so it imports nothing of the project
but in our own turn. What each does is told in `WHAT`, for they do not do the same.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

WHAT = {
    "analytics": "bytes on disk to all raw tables as Parquet on disk",
    "floor": "polars splits the text into one column of segments",
    "oxedi": "835 to typed tables in memory",
    "openx12": "text to Python objects in memory",
    "edi-835-parser": "835 to Python objects in memory",
    "pyx12": "segments checked against the guide, nothing kept",
}


def _files(path: Path) -> list[Path]:
    return sorted(path.iterdir()) if path.is_dir() else [path]


def _analytics(path: Path) -> Callable[[], object]:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    files = importlib.import_module("analytics.intake.files")
    folder = Path(tempfile.mkdtemp(prefix="benchmark-", dir=path.parent))
    if path.is_dir():
        raw = path
    else:
        raw = folder / "raw"
        raw.mkdir()
        (raw / path.name).hardlink_to(path)
    return lambda: files.intake_raw(raw, folder / "store", site_key=b"benchmark")


def _floor(path: Path) -> Callable[[], object]:
    polars = importlib.import_module("polars")

    def split() -> None:
        for file in _files(path):
            polars.read_csv(
                file,
                separator="\x01",
                eol_char="~",
                has_header=False,
                quote_char=None,
                infer_schema=False,
                truncate_ragged_lines=True,
            )

    return split


def _oxedi(path: Path) -> Callable[[], object]:
    oxedi = importlib.import_module("oxedi")
    return lambda: [oxedi.parse_file(str(file)).tables for file in _files(path)][-1:]


def _openx12(path: Path) -> Callable[[], object]:
    name = "x837p" if path.suffix == ".837" else "x835"
    reader = importlib.import_module(f"openx12.{name}")
    return lambda: [reader.parse(file.read_text()) for file in _files(path)][-1:]


def _edi_835_parser(path: Path) -> Callable[[], object]:
    reader = importlib.import_module("edi_835_parser")
    return lambda: [reader.parse(str(file)) for file in _files(path)][-1:]


def _pyx12(path: Path) -> Callable[[], object]:
    for module in ("error_handler", "params", "x12context"):
        importlib.import_module(f"pyx12.{module}")
    pyx12 = sys.modules["pyx12"]

    def check() -> None:
        for file in _files(path):
            errors = pyx12.error_handler.errh_null()
            with file.open(encoding="ascii") as text:
                reader = pyx12.x12context.X12ContextReader(pyx12.params.params(), errors, text)
                for _ in reader.iter_segments():
                    pass

    return check


READERS = {
    "analytics": _analytics,
    "floor": _floor,
    "oxedi": _oxedi,
    "openx12": _openx12,
    "edi-835-parser": _edi_835_parser,
    "pyx12": _pyx12,
}


def main() -> None:
    name, path = sys.argv[1], Path(sys.argv[2]).resolve()
    try:
        read = READERS[name](path)
    except ImportError as trouble:
        print(json.dumps({"missing": trouble.name}))
        return
    with contextlib.redirect_stdout(io.StringIO()):
        started, worked = time.perf_counter(), time.process_time()
        read()
        seconds, worked = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu_seconds": worked, "peak_mb": peak}))


if __name__ == "__main__":
    main()
