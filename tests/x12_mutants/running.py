"""A batch of damaged files from its seed, checked under a watchdog, for processes of their own."""

from __future__ import annotations

import faulthandler

from tests.x12_mutants.checked import Fault, faults_in
from tests.x12_mutants.mutants import mutants

BATCH = 1000
HANGS_AFTER_SECONDS = 120


def checked_batch(seed: int) -> tuple[int, list[Fault]]:
    """The seed, and what does not hold of its thousand files.

    A batch that hangs ends its process with the stack it hangs in.
    """
    faulthandler.dump_traceback_later(HANGS_AFTER_SECONDS, exit=True)
    try:
        return seed, faults_in(mutants(seed, BATCH), seed)
    finally:
        faulthandler.cancel_dump_traceback_later()
