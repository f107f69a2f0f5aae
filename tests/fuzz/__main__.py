"""Random nasty sites, models against oracle: `python -m tests.fuzz --sites 200 --seed 1`.

One big site: `python -m tests.fuzz --lines 20000 --seed 100`, about a minute of one core. It ends
with the rows that agree, table by table, and with what the site shows. `--recorded` adds
administrations, and claims that name vials, diagnoses and numbers; `--administrations 20000` makes
one such site of about so many, some minutes of one core.

Prints each kind of disagreement once, with the seed that showed it first. `--shrink FOLDER` also
takes apart that site until nothing can be left out, and writes it there as text and as a site
folder. Exit code 1 when anything disagreed, a check stopped a refresh, or a model did not build.

Last run: 2026-11-23, one site of 19,844 lines (`--tidy --seed 100`): every line agrees in every
column, and 1,043 of 1,053 causes. The rest is one question of wording: the milligrams of one drug
in the units of another one's code, and whether a type of bill is asked of a candidate. Such sites
hold negative live amounts, which stop a publish by fail_negative_allowed; the tables are compared
all the same. One site of 20,578 administrations (`--administrations 23500 --tidy --seed 700`):
all 14,777 treatments and all 315,541 rows of documentation agree.
"""

import argparse
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from time import monotonic, process_time

from analytics import refresh as refreshing
from analytics.warehouse.models import load_models
from tests.fuzz.compared import Verdict, signature_of, verdict_on
from tests.fuzz.made import lives_for, lives_that_give, made_site
from tests.fuzz.raw_site import RawSite
from tests.fuzz.shrink import shrunk


def main() -> int:
    """Make, compare and report; 1 when something was found."""
    asked = _arguments()
    refreshing.load_models = cache(load_models)  # the SQL is the same for all sites: read it once
    if asked.lines or asked.administrations:
        return _one_big_site(asked)
    seen: dict[str, int] = {}
    lines = 0
    started = monotonic()
    for seed in range(asked.seed, asked.seed + asked.sites):
        site = made_site(seed, asked.claims, is_recorded=asked.recorded)
        verdict = verdict_on(site)
        lines += verdict.lines
        for slip in verdict.slips:
            print(f"seed {seed}: the site itself is wrong: {slip}", flush=True)
        fresh = [kind for kind in verdict.signatures if kind not in seen]
        for kind in verdict.signatures:
            seen[kind] = seen.get(kind, 0) + 1
        for kind in fresh:
            _tell(seed, kind, verdict)
        if asked.shrink:
            _shrink(asked, seed, site, verdict, fresh)
    took = monotonic() - started
    print(f"{asked.sites} sites, {lines} lines, {len(seen)} kinds of disagreement, {took:.0f} s")
    for kind, sites in sorted(seen.items(), key=lambda each: -each[1]):
        print(f"{sites:5} sites  {kind}")
    return 1 if seen else 0


def _one_big_site(asked: argparse.Namespace) -> int:
    """Compare one site of about so many lines; 1 when something was found."""
    started, worked = monotonic(), process_time()
    lives = lives_that_give(asked.administrations) if asked.administrations else None
    site = made_site(
        asked.seed,
        lives or lives_for(asked.lines),
        is_tidy=asked.tidy,
        is_recorded=bool(lives) or asked.recorded,
    )
    given = {row["administration_id"] for row in site.administrations}
    print(f"{len(given)} administrations in {len(site.administrations)} rows", flush=True)
    verdict = verdict_on(site)
    told = Counter(map(signature_of, verdict.differences))
    for kind in (*verdict.slips, *verdict.signatures):
        print(f"{told.get(kind, 1):6} x {kind}")
        if kind in told:
            _tell(asked.seed, kind, verdict)
    for table, rows in verdict.rows.items():
        print(f"{table}: {verdict.agreeing(table)} of {rows} rows agree")
    for name, count in sorted(verdict.shown.items()):
        print(f"{count:6} {name}")
    spent = f"{process_time() - worked:.0f} s of one core, {monotonic() - started:.0f} s in all"
    print(f"{verdict.lines} lines, {len(verdict.differences)} values differ; {spent}")
    return 1 if verdict.signatures else 0


def _tell(seed: int, kind: str, verdict: Verdict) -> None:
    shown = next((each for each in verdict.differences if signature_of(each) == kind), kind)
    print(f"seed {seed}: {shown}", flush=True)


def _shrink(
    asked: argparse.Namespace, seed: int, site: RawSite, verdict: Verdict, kinds: list[str]
) -> None:
    """Write the smallest site for each of these kinds that is asked for."""
    for kind in [kind for kind in kinds if re.search(asked.only, kind)]:
        shown = [each for each in verdict.differences if signature_of(each) == kind]
        number = str(shown[0].key[0]).partition("-")[0] if shown else ""
        small = shrunk(site, lambda tried, kind=kind: kind in verdict_on(tried).signatures, number)
        name = re.sub(r"\W+", "_", f"{seed}_{kind}")[:80]
        shown = "\n".join(map(str, verdict_on(small).differences))
        small.write(asked.shrink / name)
        (asked.shrink / f"{name}.txt").write_text(f"{kind}\n{shown}\n\n{small.told()}\n")
        print(f"seed {seed}: {asked.shrink / name}.txt", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--sites", type=int, default=20, help="how many sites (20)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first (1)")
    parser.add_argument("--claims", type=int, default=30, help="lives of claims a site (30)")
    parser.add_argument("--lines", type=int, help="one site of about so many lines instead")
    parser.add_argument("--administrations", type=int, help="one site of about so many instead")
    parser.add_argument("--recorded", action="store_true", help="sites with administrations")
    parser.add_argument("--tidy", action="store_true", help="with --lines: mail in good order")
    parser.add_argument("--shrink", type=Path, help="write the smallest sites into this folder")
    parser.add_argument("--only", default="", help="shrink only kinds this pattern finds")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
