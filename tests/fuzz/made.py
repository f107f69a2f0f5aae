"""A random nasty site from a seed: `made_site(7)` is the same site for ever."""

from datetime import date

from tests.fuzz.answering import Answering
from tests.fuzz.chance import Chance
from tests.fuzz.contracts import reference_rows
from tests.fuzz.documenting import Documenting, with_policies_and_packages
from tests.fuzz.giving import Giving
from tests.fuzz.mailing import Mailing
from tests.fuzz.paying import Paying
from tests.fuzz.raw_site import RawSite
from tests.fuzz.story import Story

AS_OF_DAYS = (
    *(date(2026, 8, 31),) * 3,
    *(date(2026, 2, 11), date(2026, 3, 1), date(2026, 4, 15), date(2026, 6, 1)),
    date(2027, 1, 31),
)
# Lines a life of a claim comes to, all payers and ranks it was sent to counted.
LINES_A_LIFE = 2.05
ADMINISTRATIONS_A_LIFE = 1.2


def lives_for(lines: int) -> int:
    """How many lives make a site of about so many lines."""
    return round(lines / LINES_A_LIFE)


def lives_that_give(administrations: int) -> int:
    """How many lives make a site of about so many administrations."""
    return round(administrations / ADMINISTRATIONS_A_LIFE)


def made_site(
    seed: int, claims: int = 30, *, is_tidy: bool = False, is_recorded: bool = False
) -> RawSite:
    """The site of a seed, told in about so many claims.

    Takes    is_tidy, for mail in good order: nothing left out of it, sent twice or cut off;
             is_recorded, for administrations beside claims that name vials and diagnoses
    """
    chance = Chance(f"{seed}/{claims}")
    reference = reference_rows(chance)
    if is_recorded:
        reference = with_policies_and_packages(chance, reference)
    answering = Answering(chance, Paying(chance, reference))
    documenting = Documenting(chance, answering) if is_recorded else None
    told = Story(chance, answering, claims, documenting).tell()
    mailing = Mailing(chance, 4 + claims // 50, is_tidy=is_tidy)
    # Where claims name a member alone, records of that member meet them.
    mailing.names_members_alone = is_recorded and chance.maybe(0.5)
    files = mailing.pack(told.claims, told.events)
    return RawSite(
        as_of=chance.of(AS_OF_DAYS),
        files=files,
        reference=reference,
        administrations=Giving(chance).administrations(told.claims) if is_recorded else (),
        maturity_days=chance.of((90, 90, 0, 30)),
    )
