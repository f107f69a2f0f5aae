"""One claim line's whole story, read from the tables of a run: rows as they stand, none computed.

The tables people read come first. What only the steps before them know (each answer of a payer, the
row of the contract, the payer's windows) is read from the same run.
"""

import difflib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from analytics.errors import UsageError
from analytics.settings import DataFolder
from analytics.warehouse.runs import Run, run_file

Row = dict[str, object]
LINE = ("claim_id", "line_number", "payer_id", "payer_rank")
RANKS = ("primary", "secondary", "tertiary")
RESULTS = ("not_met", "cannot_tell", "met")
NEAREST = 3
# Ids around the place the asked one would have: enough for a slip in its last letters.
NEIGHBOURS = 200


@dataclass(frozen=True)
class LineStory:
    """What the run knows of one line at one payer; each part is rows of the table it names."""

    outcome: Row
    answers: list[Row]
    provider_adjustments: list[Row]
    contract_term: Row | None
    underpayment_causes: list[Row]
    waste_ledger: list[Row]
    documentation_gaps: list[Row]
    code_identity: Row | None
    medicare_payment: Row | None
    payer: Row | None
    last_money_date: date | None
    recovery_worklist: Row | None


@dataclass(frozen=True)
class ClaimStory:
    """The lines of a claim in brief, and the story of one of them at each payer, primary first."""

    run_id: str
    as_of: date
    claim_id: str
    line_number: int
    lines: list[Row]
    stories: list[LineStory]


def read_claim_story(
    folder: DataFolder, run: Run, claim_id: str, line_number: int | None = None
) -> ClaimStory:
    """The story of one claim line.

    Takes    line_number, or None for the line with the most money: to ask for, past its window,
             denied, or missed as waste; then the largest charge
    Raises   UsageError for a claim or a line the run does not have, naming those that come nearest
    Source   claim_line_outcomes, drug_line_outcomes, underpayment_causes, waste_ledger,
             documentation_gaps, code_identity, medicare_payments, provider_adjustments
    """
    reader = _Reader(folder, run, claim_id)
    lines = reader.lines()
    if not lines:
        raise UsageError(_unknown_claim(reader))
    numbers = sorted({row["line_number"] for row in lines})
    if line_number is None:
        line_number = _line_with_most_money(lines, reader)
    if line_number not in numbers:
        raise UsageError(
            f"claim {claim_id} has no line {line_number} in run {run.run_id}; found "
            f"{', '.join(map(str, numbers))}. Choose one of these."
        )
    told = [row for row in lines if row["line_number"] == line_number]
    stories = [reader.story(row) for row in told]
    return ClaimStory(run.run_id, run.as_of, claim_id, line_number, lines, stories)


class _Reader:
    """The rows of one claim in one run; a table the run does not have has none."""

    def __init__(self, folder: DataFolder, run: Run, claim_id: str) -> None:
        self.folder, self.run, self.claim_id = folder, run, claim_id

    def scan(self, table: str) -> pl.LazyFrame:
        return pl.scan_parquet(run_file(self.folder, self.run, table), glob=False)

    def rows(self, table: str, *where: pl.Expr, **key: object) -> list[Row]:
        """The rows with this key, in the order of the table's own key."""
        if table not in self.run.tables:
            return []
        found = self.scan(table).filter(*where, **key).sort(self.run.tables[table].key)
        return found.collect().to_dicts()

    def row(self, table: str, **key: object) -> Row | None:
        return next(iter(self.rows(table, **key)), None)

    def lines(self) -> list[Row]:
        """Every line at every payer; a drug line with the columns drug lines have besides."""
        drug_lines = {
            tuple(row[name] for name in LINE): row
            for row in self.rows("drug_line_outcomes", claim_id=self.claim_id)
        }
        lines = self.rows("claim_line_outcomes", claim_id=self.claim_id)
        lines = [drug_lines.get(tuple(row[name] for name in LINE), row) for row in lines]
        return sorted(
            lines,
            key=lambda row: (
                row["line_number"],
                RANKS.index(row["payer_rank"]) if row["payer_rank"] in RANKS else len(RANKS),
                row["payer_id"],
            ),
        )

    def story(self, line: Row) -> LineStory:
        key = {name: line[name] for name in LINE}
        gaps = self.rows("documentation_gaps", **key)
        summed = self.row("int_line_outcomes_net_of_reversals", **key) or {}
        return LineStory(
            outcome=line,
            answers=self.answers(line),
            provider_adjustments=self.rows(
                "provider_adjustments", linked_claim_id=self.claim_id, payer_id=line["payer_id"]
            ),
            contract_term=self.contract_term(line),
            underpayment_causes=self.rows("underpayment_causes", **key),
            waste_ledger=self.waste(line),
            documentation_gaps=sorted(gaps, key=lambda row: RESULTS.index(row["result"])),
            code_identity=self.row("code_identity", **key),
            medicare_payment=self.row("medicare_payments", **key),
            payer=self.row("stg_ref__payers", payer_id=line["payer_id"]),
            last_money_date=summed.get("last_money_date"),
            recovery_worklist=self.row("recovery_worklist", **key),
        )

    def answers(self, line: Row) -> list[Row]:
        """Each remit claim of the payer in turn, with what it says of the line."""
        key = {name: line[name] for name in ("claim_id", "payer_id", "payer_rank")}
        of_line = {
            row["remit_claim_id"]: row
            for row in self.rows("int_event_lines", **key, line_number=line["line_number"])
        }
        events = self.rows("int_remit_events_in_order", **key)
        events.sort(key=lambda row: row["event_order"])
        named = (
            "payment_date",
            "status_code",
            "event_state",
            "payer_control_number",
            "source_file",
            "source_offset",
        )
        return [
            {
                **{name: event[name] for name in named},
                "claim_paid_usd": event["paid_usd"],
                "line": of_line.get(event["remit_claim_id"]),
            }
            for event in events
        ]

    def contract_term(self, line: Row) -> Row | None:
        if line["payer_rank"] != "primary":
            return None
        key = {name: line[name] for name in ("claim_id", "line_number", "payer_id")}
        found = self.row("int_lines_with_term", **key)
        if not found or found["row_id"] is None:
            return None
        return self.row("stg_ref__contract_terms", row_id=found["row_id"])

    def waste(self, line: Row) -> list[Row]:
        """The treatment the line is part of; its lines may stand on several claims."""
        if line.get("drug") is None:
            return []
        listed = pl.concat_str(pl.lit(" "), "claim_ids", pl.lit(" "))
        return self.rows(
            "waste_ledger",
            (pl.col("claim_id") == self.claim_id)
            | listed.str.contains(f" {self.claim_id} ", literal=True),
            pl.col("patient_key").eq_missing(pl.lit(line["patient_key"], dtype=pl.String)),
            **{name: line[name] for name in ("payer_id", "payer_rank", "service_date", "drug")},
        )


def _line_with_most_money(lines: list[Row], reader: _Reader) -> int:
    def worth(row: Row) -> tuple[Decimal, Decimal, Decimal, int]:
        names = ("ask_usd", "past_window_usd", "denied_expected_usd")
        own = sum((row.get(name) or Decimal() for name in names), Decimal())
        missed = Decimal()
        if not row.get("is_waste_line"):
            missed = sum((w["leakage_usd"] or Decimal() for w in reader.waste(row)), Decimal())
        return own, missed, row["charge_usd"] or Decimal(), -row["line_number"]

    return max(lines, key=worth)["line_number"]


def _unknown_claim(reader: _Reader) -> str:
    ids = reader.scan("claim_line_outcomes").select("claim_id").unique().sort("claim_id").collect()
    if ids.is_empty():
        return (
            f"there is no claim {reader.claim_id}; run {reader.run.run_id} holds none. Put claims "
            "into raw/ and run: analytics refresh"
        )
    claims = ids["claim_id"]
    nearest = _nearest_ids(claims, reader.claim_id)
    found = f"the nearest are {', '.join(nearest)}" if nearest else "none comes near"
    return (
        f"there is no claim {reader.claim_id} in run {reader.run.run_id}; {found}. "
        f"An id is the account number as sent (CLM01) and looks like {claims[0]}: look it up there."
    )


def _nearest_ids(claims: pl.Series, asked: str) -> list[str]:
    """The sorted ids most like the one asked for: by any case, or a slip of the keys."""
    same = claims.filter(claims.str.to_lowercase() == asked.lower()).to_list()
    ending = claims.filter(claims.str.ends_with(asked[1:])).to_list() if asked[1:] else []
    place = claims.search_sorted(asked)
    around = claims.slice(max(0, place - NEIGHBOURS // 2), NEIGHBOURS).to_list()
    alike = difflib.get_close_matches(asked, around, n=NEAREST)
    return list(dict.fromkeys([*same, *ending[:NEAREST], *alike]))[:NEAREST]
