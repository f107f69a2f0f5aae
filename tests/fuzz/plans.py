"""The payers, drugs, codes and days of a made-up site."""

from dataclasses import dataclass
from datetime import date

OTHER_NPI, OTHER_TAX_ID = "1888888885", "888888888"
CODES = (
    *("J1324",) * 5,
    *("J9177", "J9271", "J9299", "J9355", "J1745") * 2,
    *("J9999", "96413", "J7777", "J9181", "J9187", "A9900", "J9303"),
)
DRUG_OF = {
    "J1324": "enfortumab vedotin-ejfv",
    "J9177": "enfortumab vedotin-ejfv",
    "J9271": "pembrolizumab",
    "J9299": "nivolumab",
    "J9355": "trastuzumab",
    "J1745": "infliximab",
    "J9303": "panitumumab",
}
NDCS = {
    "enfortumab vedotin-ejfv": ("51144-0020-01", "51144003001"),
    "pembrolizumab": ("00006302602",),
    "nivolumab": ("0003-3772-11", "00003377412", "00003373413"),
    "trastuzumab": ("50242013201", "50242013468"),
    "infliximab": ("57894-030-01",),
    "panitumumab": ("55513095401",),
}
SERVICE_DAYS = (
    *(date(2026, 1, 14), date(2026, 2, 10), date(2026, 2, 11), date(2026, 3, 31)) * 4,
    *(date(2025, 11, 20), date(2025, 12, 31), date(2026, 4, 1), date(2026, 10, 2)) * 2,
    *(date(2021, 6, 1), date(2022, 5, 5), date(2019, 3, 3), date(2026, 9, 30)),
)
FILING_CODES = {
    "commercial": "CI",
    "medicaid": "MC",
    "medicare_ffs": "MB",
    "medicare_advantage": "16",
}


@dataclass(frozen=True)
class Plan:
    """A payer as the site knows it, and the names its mail may give it."""

    payer_id: str
    payer_name: str
    line_of_business: str
    aliases: tuple[str, ...] = ()
    is_known: bool = True

    @property
    def filing_code(self) -> str:
        """The claim filing code that says its line of business."""
        return FILING_CODES[self.line_of_business]


PLANS = (
    Plan("alder", "Alder Health", "commercial", ("SYNALDER", "ALDER HLTH")),
    Plan("birch", "Birch Mutual", "commercial", ("SYNBIRCH",)),
    Plan("cedar", "Cedar Care", "medicaid", ("SYNCEDAR",)),
    Plan("medicare", "Medicare Contractor", "medicare_ffs", ("SYNMEDI", "MAC J1")),
    Plan("dogwood", "Dogwood Advantage", "medicare_advantage", ("SYNDOG",)),
    Plan("elm", "Elm Nobody Knows", "commercial", ("SYNELM",), is_known=False),
)
