"""What the contract says, how far the answer is off it, and what can be asked, in words."""

from datetime import date, timedelta

from analytics.story import LineStory, Row
from analytics.story_words import DENIED, EVIDENCE, in_words, missed_waste, number, usd

# A term without a first day, a last one or a day of record is kept with these years.
OPEN_YEARS = (1, 9999)
METHODS = {
    "fixed": "${rate} a unit",
    "pct_of_limit": "{rate}% of the CMS payment limit",
    "pct_of_charge": "{rate}% of the charge",
    "asp_plus": "ASP + {rate}%",
    "awp_minus": "AWP - {rate}%",
    "wac_plus": "WAC + {rate}%",
    "capitated": "capitated",
    "case_rate": "case rate",
    "not_covered": "not covered",
}


def contract_said(story: LineStory) -> list[tuple[str, str]]:
    """The term with its clause, and the price with its vintage."""
    line, term = story.outcome, story.contract_term
    said = []
    if term is not None:
        method = METHODS.get(term["method"], term["method"]).format(rate=number(term["rate"]))
        begins = _told(", in force from", term["effective_from"])
        through = _told(" through", term["effective_through"])
        recorded = _told(", recorded", term["recorded_on"])
        said.append(
            (
                "term",
                f"{term['term_id']} of {term['contract_id'] or 'no contract'}: {method}"
                f"{begins}{through}{recorded}",
            )
        )
    if clause := (term or line).get("clause"):
        said.append(("clause", f'"{clause}"'))
    if (expected := line["expected_allowed_usd"]) is None:
        said.append(("price", line["pricing_basis"]))
    else:
        arithmetic = str(line["pricing_basis"]).removeprefix("priced: ")
        said.append(("price", f"{arithmetic} = {usd(expected)} expected"))
    if line.get("charge_limited_usd"):
        said.append(("charge cap", f"took {usd(line['charge_limited_usd'])}; in no gap"))
    if line.get("lag_effect_usd"):
        said.append(("price lag", f"moves {usd(line['lag_effect_usd'])}; in no gap"))
    return said


def _told(words: str, day: date | None) -> str:
    return "" if day is None or day.year in OPEN_YEARS else f"{words} {day}"


def gap_said(story: LineStory) -> list[tuple[str, str]]:
    """The arithmetic of the gap, who owes it, and its causes."""
    line = story.outcome
    if line.get("gap_basis") is None:
        return []
    if line["gap_usd"] is None:
        return [("gap", line["gap_basis"])]
    signed = (
        (line["shortfall_usd"], "short"),
        (-line["overpaid_usd"], "over"),
        (line["denied_expected_usd"], "denied"),
        (line["penny_usd"], "a cent of rounding"),
        (line["pair_offset_usd"], "matched with other lines"),
    )
    parts = [f"{usd(amount)} {name}" for amount, name in signed if amount]
    ends = [usd(line["gap_usd"])] if len(parts) != 1 else []
    ends += [" + ".join(parts)] if parts else []
    arithmetic = (
        f"{usd(line['expected_allowed_usd'])} expected - {usd(line['allowed_usd'])} allowed = "
        f"{' = '.join(ends)}"
    )
    said = [("gap", arithmetic)]
    if line["shortfall_usd"]:
        said.append(
            (
                "who owes it",
                f"{usd(line['payer_owed_usd'])} the payer, {usd(line['patient_owed_usd'])} the "
                "patient",
            )
        )
    if line["unsupported_cut_usd"]:
        said.append(("payment cut", f"{usd(line['unsupported_cut_usd'])} that no law grants"))
    if line["recovered_usd"]:
        said.append(("recovered", f"{usd(line['recovered_usd'])} on {line['recovered_on']}"))
    said += [(in_words(row["cause"]), _cause(row)) for row in story.underpayment_causes]
    notes = {row["identity_note"] for row in story.underpayment_causes if row["identity_note"]}
    return [*said, *(("rests on", note) for note in sorted(notes))]


def _cause(row: Row) -> str:
    detail = f": {row['cause_detail']}" if row["cause_detail"] else ""
    return f"{usd(row['gap_usd'])}{detail}"


def waste_said(treatments: list[Row]) -> list[tuple[str, str]]:
    """The treatment the line is part of, as the waste ledger has it."""
    said = []
    for row in treatments:
        units = [
            f"{number(row[name])} {words}"
            for name, words in (
                ("administered_units", "administered"),
                ("expected_waste_units", "expected as waste"),
                ("billed_waste_units", "billed as waste"),
                ("missed_units", "missed"),
            )
            if row[name] is not None
        ]
        said.append(("finding", in_words(row["finding"])))
        said.append(("units", ", ".join(units)))
        dollars = [
            f"{usd(row[name])} {words}"
            for name, words in (
                ("leakage_usd", f"missed {EVIDENCE.get(row['vial_evidence'], '')}".strip()),
                ("denied_usd", "denied"),
                ("short_paid_usd", "short"),
                ("overbilled_usd", "billed too much"),
                ("structural_usd", "not paid by policy"),
                ("policy_unknown_usd", "waits for the payer's policy"),
            )
            if row[name]
        ]
        if row["finding"] == "missed" and row["leakage_usd"] is None:
            dollars.append("no price for what was missed")
        said += [("dollars", ", ".join(dollars))] if dollars else []
        said += [("how", row["waste_basis"])] if row["waste_basis"] else []
    return said


def medicare_check_said(payment: Row | None) -> list[tuple[str, str]]:
    """What Medicare should have sent, where that was checked."""
    return [(in_words(payment["payment_check"]), payment["check_basis"])] if payment else []


def ask_said(story: LineStory, as_of: date) -> list[tuple[str, str]]:
    """What can be asked of the payer, or must be given back, and until when."""
    line, payer = story.outcome, story.payer or {}
    said = []
    if line.get("ask_usd"):
        said.append(("of the payer", usd(line["ask_usd"])))
    if line.get("past_window_usd"):
        said.append(("past window", f"{usd(line['past_window_usd'])} can no longer be asked for"))
    if said:
        first = story.last_money_date
        said.append(
            ("until", _until("look-back", first, payer.get("look_back_days"), "payment", as_of))
        )
    said += _appeal(line, payer, as_of)
    said += _waste_to_bill(story, as_of)
    if line.get("overpaid_usd"):
        said.append(
            ("refund", f"{usd(line['overpaid_usd'])} above contract; {line['refund_basis']}")
        )
    if listed := story.recovery_worklist:
        until = f"; by {listed['deadline']}" if listed.get("deadline") else ""
        said.append(("worklist", f"{listed.get('evidence') or listed.get('reason')}{until}"))
    return said


def _appeal(line: Row, payer: Row, as_of: date) -> list[tuple[str, str]]:
    if line["outcome"] not in DENIED or line["payer_rank"] != "primary":
        return []
    denied = line.get("denied_expected_usd")
    if denied is not None and not denied:
        return []
    worth = (
        f"{usd(line['charge_usd'])} charged; what is expected for it is not known"
        if denied is None
        else f"{usd(denied)} expected for what was denied, patient share in it"
    )
    first = line["first_paid_date"] if line["initial_outcome"] in DENIED else None
    until = _until("appeal", first, payer.get("appeal_days"), "first answer", as_of)
    return [("appeal", worth), ("until", until)]


def _waste_to_bill(story: LineStory, as_of: date) -> list[tuple[str, str]]:
    """Missed waste is billed within the days the payer takes a claim at all (RULES 23.2)."""
    days = (story.payer or {}).get("filing_days")
    return [
        said
        for row in story.waste_ledger
        if row["finding"] == "missed" and row["leakage_usd"]
        for said in (
            ("bill waste", f"{number(row['missed_units'])} units, {missed_waste(row)}"),
            ("until", _until("filing", row["service_date"], days, "service", as_of)),
        )
    ]


def _until(window: str, first: date | None, days: int | None, event: str, as_of: date) -> str:
    """The last day of a window; it counts as open on that day."""
    if days is None:
        return f"not known: payers.csv tells no {window.replace('-', '_')}_days"
    if first is None:
        return f"the {window} window is {days} days; the day it begins is not told here"
    last = first + timedelta(days=days)
    left = (last - as_of).days
    how = f"{left:,} days left" if left >= 0 else f"{-left:,} days ago"
    return f"{last} ({how}): {window} of {days} days from the {event} of {first}"
