"""A tiny site told in claims and remits, and what the published tables then say of it.

A test module keeps one `Mail`: what the practice sent and what payers answered, case by case, each
under a claim number of its own. `publish` writes it as raw X12 beside small reference CSVs and runs
the real refresh, so that a case goes through every byte a site's own mail goes through.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from analytics.refresh import RefreshResult, refresh
from analytics.settings import DataFolder
from analytics.synthetic.x12_writer import (
    Adjustment,
    Claim,
    ClaimLine,
    Envelope,
    Patient,
    Payer,
    Remit,
    RemitClaim,
    RemitLine,
    render_835,
    render_837,
)

AS_OF = date(2026, 8, 31)
FEB_10 = date(2026, 2, 10)
MAR_1 = date(2026, 3, 1)
APR_1 = date(2026, 4, 1)
HOUSE_CODE_COLUMNS = ["hcpcs", "drug", "unit_mg"]
Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Plan:
    """A payer as the site knows it, and how its mail names it."""

    payer_id: str
    line_of_business: str = "commercial"
    filing_code: str = "CI"
    look_back_days: int | None = None

    @property
    def payer(self) -> Payer:
        """The payer as the files name it."""
        return Payer(f"{self.payer_id.upper()} (SYNTHETIC)", f"SYN{self.payer_id.upper()}")


ALDER = Plan("alder")
BIRCH = Plan("birch")
MEDICARE = Plan("medicare", "medicare_ffs", "MB")


def drug(hcpcs: str = "J1324", units: int = 90, charge: str = "180.00", **parts) -> ClaimLine:
    """A billed line; unless told otherwise the base line: 90 units of J1324 for 180.00."""
    return ClaimLine(hcpcs, charge, units, **{"service_date": FEB_10, **parts})


def cas(code: str, amount_usd: str | Decimal, quantity: int | None = None) -> Adjustment:
    """One adjustment, its code as people say it: `CO-45`."""
    group, reason = code.split("-")
    return Adjustment(group, reason, amount_usd, quantity)


def answered(line: ClaimLine, *adjustments: Adjustment, **parts) -> RemitLine:
    """The payer's answer to a billed line: charge less adjustments is paid."""
    return RemitLine(
        line.hcpcs,
        line.charge_usd,
        adjustments=adjustments,
        **{
            "modifiers": line.modifiers,
            "service_date": line.service_date,
            "paid_units": line.units,
            **parts,
        },
    )


def allowed(line: ClaimLine, allowed_usd: str, *cuts: Adjustment, **parts) -> RemitLine:
    """The answer that allows so much; cuts are what of it the payer does not pay itself."""
    rest = Decimal(line.charge_usd) - Decimal(allowed_usd)
    contractual = (cas("CO-45", rest),) if rest else ()
    return answered(line, *contractual, *cuts, **parts)


def at_contract(line: ClaimLine) -> RemitLine:
    """The answer of the base contract: 66.83 allowed, 13.37 of it the patient's coinsurance."""
    return allowed(line, "66.83", cas("PR-2", "13.37"))


def at_old_rate(line: ClaimLine) -> RemitLine:
    """The answer at the old rate of 0.7150: 64.35 allowed, 12.87 of it coinsurance."""
    return allowed(line, "64.35", cas("PR-2", "12.87"))


def answer(claim_number: str, *lines: RemitLine, **parts) -> RemitClaim:
    """A remit claim; unless told otherwise its control number is the claim's own with `ICN-`."""
    parts = {"payer_control_number": f"ICN-{claim_number}", **parts}
    return RemitClaim(claim_number, lines, **parts)


@dataclass
class Mail:
    """What the practice sent and received, in the order the tests tell it."""

    claims: list[Claim] = field(default_factory=list)
    remits: dict[str, list[Remit]] = field(default_factory=dict)

    def bill(self, number: str, *lines: ClaimLine, plan: Plan = ALDER, **parts) -> None:
        """Send a claim two days after its first service, for a patient of its own."""
        usual = {
            "submitted_date": min(line.service_date for line in lines) + timedelta(days=2),
            "patient": patient_of(number),
            "payer": plan.payer,
            "filing_code": plan.filing_code,
        }
        self.claims.append(Claim(number, lines, **{**usual, **parts}))

    def pay(
        self, day: date, *claims: RemitClaim, plan: Plan = ALDER, file: str = "remits.835", **parts
    ) -> None:
        """Receive a remit, in a file it shares with others or in one of its own."""
        number = sum(len(remits) for remits in self.remits.values()) + 1
        named = tuple(
            replace(claim, filing_code=plan.filing_code, patient=patient_of(claim.claim_number))
            for claim in claims
        )
        remit = Remit(day, named, plan.payer, f"SYN{number:04d}", **parts)
        self.remits.setdefault(file, []).append(remit)

    def settle(self, number: str, line: ClaimLine, paid: RemitLine, plan: Plan = ALDER) -> None:
        """Bill one line and receive its one answer 19 days after the service."""
        self.bill(number, line, plan=plan)
        self.pay(line.service_date + timedelta(days=19), answer(number, paid), plan=plan)

    def files(self) -> dict[str, str]:
        """Every raw file by name; each interchange has a control number of its own."""
        texts = {"claims.837": render_837(self.claims)} if self.claims else {}
        for number, (name, remits) in enumerate(self.remits.items(), start=2):
            texts[name] = render_835(remits, Envelope(control_number=number))
        return texts


@dataclass(frozen=True)
class Published:
    """One published run of a site."""

    folder: DataFolder
    result: RefreshResult

    def table(self, name: str) -> pl.DataFrame:
        """A published table."""
        path = self.folder.runs / self.result.run.run_id / f"{name}.parquet"
        return pl.read_parquet(path, glob=False)

    def line(self, claim_id: str, line_number: int = 1, **key: str) -> dict[str, object]:
        """The one row of `drug_line_outcomes`; the primary payer's unless told otherwise."""
        return self.row(
            "drug_line_outcomes",
            **{"claim_id": claim_id, "line_number": line_number, "payer_rank": "primary", **key},
        )

    def outcome(self, claim_id: str, line_number: int = 1, **key: str) -> dict[str, object]:
        """The one row of `claim_line_outcomes`; the primary payer's unless told otherwise."""
        return self.row(
            "claim_line_outcomes",
            **{"claim_id": claim_id, "line_number": line_number, "payer_rank": "primary", **key},
        )

    def waste(self, claim_id: str) -> dict[str, object]:
        """The one row of the waste ledger whose administered line is on this claim."""
        return self.row("waste_ledger", claim_id=claim_id)

    def row(self, name: str, **key: object) -> dict[str, object]:
        """The one row of a table that has this key."""
        rows = self.table(name).filter(**key)
        assert rows.height == 1, f"{rows.height} rows of {name} have {key}"
        return rows.row(0, named=True)

    def warning(self, name: str) -> pl.DataFrame:
        """The rows a check found; none where it found nothing."""
        return next(found.rows for found in self.result.findings if found.check.name == name)


def says(row: Mapping[str, object], **expected: object) -> None:
    """Fails unless the row says exactly this; dollars are compared with their cents, as text."""
    found = {name: _shown(row[name], expected[name]) for name in expected}
    assert found == expected, f"\nsays      {found}\nexpected  {expected}"


def total(rows: pl.DataFrame, column: str) -> str:
    """The sum of a column of dollars or units, as text."""
    return str(rows[column].sum())


def payers(*plans: Plan) -> dict[str, Rows]:
    """The reference rows that make the plans known."""
    return {
        "payers": [
            {
                "payer_id": plan.payer_id,
                "payer_name": plan.payer_id.title(),
                "line_of_business": plan.line_of_business,
                "look_back_days": plan.look_back_days,
            }
            for plan in plans
        ],
        "payer_aliases": [{"alias": plan.payer.code, "payer_id": plan.payer_id} for plan in plans],
    }


def term(plan: Plan, hcpcs: str, rate: str, **parts: object) -> dict[str, object]:
    """A contract term: unless told otherwise a fixed rate a unit, in force since 2023."""
    return {
        "term_id": f"{plan.payer_id}:{hcpcs}",
        "contract_id": f"{plan.payer_id}-contract",
        "payer_id": plan.payer_id,
        "hcpcs": hcpcs,
        "method": "fixed",
        "rate": rate,
        "effective_from": "2023-01-01",
        **parts,
    }


def base_terms(plan: Plan = ALDER, **parts: object) -> Rows:
    """The base contract: J1324 at 0.7425, 0.7150 before 2026; its injection 96372 at 40.00."""
    last_year, this_year = {"effective_through": "2025-12-31"}, {"effective_from": "2026-01-01"}
    return [
        term(plan, "J1324", "0.7150", **last_year, **parts),
        term(plan, "J1324", "0.7425", **this_year, **parts),
        term(plan, "96372", "40.00", **parts),
    ]


def pays_waste(plan: Plan, **parts: str) -> dict[str, object]:
    """A policy under which the payer pays for discarded drug billed with JW."""
    return {"payer_id": plan.payer_id, "pays_waste": "yes", "source": "made up", **parts}


def publish(
    folder: Path,
    mail: Mail,
    reference: Mapping[str, Rows],
    more_files: Mapping[str, str] | None = None,
    may_say: tuple[str, ...] = (),
) -> Published:
    """Write the site's files, run the refresh, and give what was published.

    Takes    may_say, parts of the sentences about what cannot be read that the case is about
    """
    (folder / "raw").mkdir(parents=True)
    (folder / "reference").mkdir()
    (folder / "site.toml").write_text(f'practice_name = "Synthetic"\nas_of = {AS_OF}\n')
    for name, text in {**mail.files(), **(more_files or {})}.items():
        (folder / "raw" / name).write_text(text, newline="")
    for name, rows in reference.items():
        write_reference(folder, name, rows)
    return refreshed(folder, may_say=may_say)


def refreshed(folder: Path, as_of: date | None = None, may_say: tuple[str, ...] = ()) -> Published:
    """Refresh a site whose files are in place; it must publish."""
    data = DataFolder(folder)
    result = refresh(data, as_of=as_of)
    stopped = [found for found in result.findings if found.stops_publish]
    slips = [said for said in result.problems if not any(part in said for part in may_say)]
    assert not slips, slips
    assert result.run is not None, stopped
    assert result.status != "stopped", stopped
    return Published(data, result)


def write_reference(folder: Path, name: str, rows: Rows) -> None:
    """One reference CSV; without rows it is the header of a file that replaces the shipped one."""
    names = list(dict.fromkeys(column for row in rows for column in row)) or HOUSE_CODE_COLUMNS
    with (folder / "reference" / f"{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)


def patient_of(claim_number: str) -> Patient:
    """An invented patient of the claim's own, so that no two cases meet in the waste ledger."""
    return Patient(member_id=f"SYN{claim_number}", first_name=claim_number)


def _shown(value: object, expected: object) -> object:
    """The value as the test wrote it: decimals and dates as text."""
    is_written_out = isinstance(value, Decimal | date) and isinstance(expected, str)
    return str(value) if is_written_out else value
