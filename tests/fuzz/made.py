"""A random nasty site from a seed: `made_site(7)` is the same site for ever."""

import csv
from datetime import date
from decimal import Decimal
from functools import cache

from analytics import settings
from analytics.synthetic.x12_records import ClaimLine
from tests.fuzz.answering import Answering, Price
from tests.fuzz.chance import Chance
from tests.fuzz.contracts import reference_rows
from tests.fuzz.mailing import Mailing
from tests.fuzz.raw_site import RawSite, Rows
from tests.fuzz.story import Story

AS_OF_DAYS = (
    *(date(2026, 8, 31),) * 3,
    *(date(2026, 2, 11), date(2026, 3, 1), date(2026, 4, 15), date(2026, 6, 1)),
    date(2027, 1, 31),
)
CMS_CODE_OF = {"J1324": ("J9177", Decimal(4))}


def made_site(seed: int, claims: int = 30) -> RawSite:
    """The site of a seed, told in about so many claims."""
    chance = Chance(f"{seed}/{claims}")
    reference = reference_rows(chance)
    answering = Answering(chance, price_by(reference["contract_terms"]))
    told = Story(chance, answering).tell(claims)
    files = Mailing(chance).pack(told.claims, told.events)
    return RawSite(
        as_of=chance.of(AS_OF_DAYS),
        files=files,
        reference=reference,
        maturity_days=chance.of((90, 90, 0, 30)),
    )


def price_by(terms: Rows) -> Price:
    """A guess at the contract's amount for a line: good enough to make some lines match."""

    def price(payer_id: str, line: ClaimLine) -> Decimal | None:
        fitting = [
            row for row in terms if (row["payer_id"], row["hcpcs"]) == (payer_id, line.hcpcs)
        ]
        if not fitting or not fitting[0]["rate"]:
            return None
        method, rate = fitting[0]["method"], Decimal(fitting[0]["rate"])
        units, charge = Decimal(line.units), Decimal(line.charge_usd)
        if method == "fixed":
            return units * rate
        if method == "pct_of_charge":
            return charge * rate / 100
        quarter = f"{line.service_date.year}Q{(line.service_date.month + 2) // 3}"
        code, times = CMS_CODE_OF.get(line.hcpcs, (line.hcpcs, Decimal(1)))
        limit = _limits().get((quarter, code))
        return limit * times * units * rate / 100 if limit else None

    return price


@cache
def _limits() -> dict[tuple[str, str], Decimal]:
    path = settings.shipped_folders().reference / "payment_limits.csv"
    with path.open(newline="") as file:
        return {
            (row["effective_quarter"], row["hcpcs"]): Decimal(row["payment_limit"])
            for row in csv.DictReader(file)
        }
