"""The README as its own commands make it: every block with what its commands really print.

After a figure has moved on purpose, `python tests/readme_output.py` writes the README anew.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
MADE_BY_REFRESH = shutil.ignore_patterns("warehouse", "decks", "site.key")
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
PYTHON = re.compile(r"^```python\n(.*?)^```\n\n```text\n.*?^```$", re.M | re.S)
LEFT_OUT = "[...]"
RUN_ID = re.compile(r"\b\d{8}T\d{6}Z-[0-9a-f]{8}\b")


def readme_as_run(readme: str, folder: Path) -> str:
    """The README with fresh output in every block, its commands run in order.

    Takes    an empty folder; the sample is copied into it, as `data/sample`
    """
    copy_sample(folder / "data" / "sample")
    readme = CONSOLE.sub(lambda block: _console_block(block[1], folder), readme)
    return PYTHON.sub(lambda block: _python_block(block[1], folder), readme)


def copy_sample(target: Path) -> None:
    """A copy of `data/sample` as it is shipped, without what a refresh has made in it."""
    shutil.copytree(PROJECT / "data" / "sample", target, ignore=MADE_BY_REFRESH)


def run_python(*arguments: str, cwd: Path) -> str:
    """What this Python prints, or an error with all it said."""
    # A terminal's width and colours would change what is printed.
    plain = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, **plain},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = f"{done.stdout}\n{done.stderr}"
        raise AssertionError(f"{shlex.join(arguments)} left with {done.returncode}:\n{said}")
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"


def _console_block(block: str, folder: Path) -> str:
    commands = re.findall(r"^\$ (analytics .*)$", block, re.M)
    shown = [f"$ {line}\n{run_python('-m', *shlex.split(line), cwd=folder)}" for line in commands]
    return f"```console\n{_as_long_as(block, RUN_ID.sub('RUN', ''.join(shown)))}```"


def _as_long_as(block: str, shown: str) -> str:
    """The output, without its middle where the README leaves that out in a line `[...]`."""
    before, left_out, after = block.partition(f"{LEFT_OUT}\n")
    if not left_out:
        return shown
    lines = shown.splitlines(keepends=True)
    tail = len(after.splitlines())
    return "".join([*lines[: len(before.splitlines())], left_out, *lines[len(lines) - tail :]])


def _python_block(code: str, folder: Path) -> str:
    return f"```python\n{code}```\n\n```text\n{run_python('-c', code, cwd=folder)}```"


if __name__ == "__main__":
    page = PROJECT / "README.md"
    with tempfile.TemporaryDirectory() as scratch:
        fresh = readme_as_run(page.read_text(encoding="utf-8"), Path(scratch))
    page.write_text(fresh, encoding="utf-8")
