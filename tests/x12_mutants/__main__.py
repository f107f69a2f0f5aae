"""Damaged X12 by the million: `python -m tests.x12_mutants --count 1000000 --seed 1 --jobs 2`.

Prints each kind of fault once, made small, with the seed that showed it; exit code 1 when there is
one. A batch that does not end within two minutes stops the run with the stack it hangs in.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from time import monotonic

from tests.x12_mutants.checked import Fault
from tests.x12_mutants.running import BATCH, checked_batch
from tests.x12_mutants.shrinking import kind_of, shrunk


def main() -> int:
    """Damage, check and report; 1 when something was found."""
    asked = _arguments()
    seeds = range(asked.seed, asked.seed + -(-asked.count // BATCH))
    seen: dict[str, int] = {}
    started = monotonic()
    # Spawned, not forked: polars keeps threads, and a fork would keep their locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(asked.jobs, mp_context=context) as pool:
        for done, (seed, faults) in enumerate(pool.map(checked_batch, seeds), start=1):
            for fault in faults:
                _tell(seed, fault, seen)
            if done % 50 == 0:
                print(f"{done * BATCH:,} files, {monotonic() - started:,.0f} s", flush=True)
    took = monotonic() - started
    print(f"{len(seeds) * BATCH:,} damaged files, {len(seen)} kinds of fault, {took:,.0f} s")
    for kind, count in seen.items():
        print(f"{count:7,}  {kind}")
    return 1 if seen else 0


def _tell(seed: int, fault: Fault, seen: dict[str, int]) -> None:
    kind = kind_of(fault.sentence)
    seen[kind] = seen.get(kind, 0) + 1
    if seen[kind] == 1:
        small = shrunk(fault)
        print(f"seed {seed}: {small.sentence}\n    {small.mutant.content!r}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.x12_mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="how many files (20,000)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first thousand (1)")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes (2)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
