"""What was billed, what the payer answered, and what the papers show, in words."""

from analytics.story import LineStory, Row
from analytics.story_words import in_words, number, usd

STATES = {"live": "", "cancelled": " (taken back later)", "reversal": " (takes a payment back)"}


def billed_said(line: Row) -> list[tuple[str, str]]:
    """The line as sent, and the bytes it came from."""
    modifiers = f" {line['modifiers']}" if line["modifiers"] else ""
    drug = f", {line['drug']}" if line.get("drug") else ""
    ndc = f", NDC {line['ndc11']}" if line.get("ndc11") else ""
    waste = "; discarded drug (JW)" if line.get("is_waste_line") else ""
    offset = line["source_offset"]
    place = "" if offset is None else f" at byte {offset:,}"
    sent = f", sent {line['submitted_date']}" if line["submitted_date"] else ""
    units = number(line["billed_units"])
    unit = "unit" if units == "1" else "units"
    return [
        ("line", f"{units} {unit} of {line['hcpcs']}{modifiers}{drug}{ndc}{waste}"),
        ("charge", f"{usd(line['charge_usd'])} for {line['service_date']}{sent}"),
        ("bytes", f"{line['source_file']}{place}"),
    ]


def code_said(identity: Row | None) -> list[tuple[str, str]]:
    """What the figures rest on where a code may mean another drug than CMS says."""
    if identity is None:
        return []
    said = [(in_words(identity["finding"]), identity["finding_detail"] or _convention(identity))]
    if identity["cms_hcpcs"] and identity["cms_units"] is not None:
        said.append(
            (
                "same dose",
                f"{number(identity['units'])} units of {identity['hcpcs']} are "
                f"{number(identity['cms_units'])} units of {identity['cms_hcpcs']}",
            )
        )
    if identity["expected_if_cms_units_usd"] is not None:
        said.append(
            (
                "rests on it",
                f"{usd(identity['expected_allowed_usd'])} expected as billed; "
                f"{usd(identity['expected_if_cms_units_usd'])} were they units of "
                f"{identity['cms_hcpcs']}; {usd(identity['allowed_usd'])} allowed",
            )
        )
    return said


def _convention(identity: Row) -> str:
    meaning = identity["cms_descriptor"]
    cms = f'CMS lists it as "{meaning}"' if meaning else "CMS does not list it"
    own = f" and the drug as {identity['cms_hcpcs']}" if identity["cms_hcpcs"] else ""
    return f"{identity['hcpcs']} is read as {identity['drug']}; {cms}{own}"


def answers_said(story: LineStory) -> list[tuple[str, str]]:
    """Each answer of the payer in turn, money moved beside the claims, and where it ended."""
    said = [(str(answer["payment_date"]), _answer(answer)) for answer in story.answers]
    for moved in story.provider_adjustments:
        taken = "taken" if moved["amount_usd"] > 0 else "given"
        said.append(
            (
                str(moved["payment_date"]),
                f"beside the claims (PLB {moved['reason_code']}): {usd(abs(moved['amount_usd']))} "
                f"{taken}; {moved['source_file']} at byte {moved['source_offset']:,}",
            )
        )
    line = story.outcome
    outcome = f"{in_words(line['initial_outcome'])} at first, {in_words(line['outcome'])} now"
    if line["initial_outcome"] == line["outcome"]:
        outcome = in_words(line["outcome"])
    if line["outcome"] == "open" and line["open_days"] is not None:
        outcome += f" for {line['open_days']:,} days"
    reason = "; ".join(str(line[name]) for name in ("final_reason", "denial_reason") if line[name])
    liable = f"; falls on the {line['liability']}" if line["liability"] else ""
    return [*said, ("outcome", f"{outcome}{f' ({reason})' if reason else ''}{liable}")]


def _answer(answer: Row) -> str:
    where = f"{answer['source_file']} at byte {answer['source_offset']:,}"
    state = STATES.get(answer["event_state"], f" ({in_words(answer['event_state'])})")
    status = f"status {answer['status_code']}{state}"
    line = answer["line"]
    if line is None:
        return f"{status}: {usd(answer['claim_paid_usd'])} paid on the whole claim; {where}"
    units = line["stated_paid_units"]
    paid_for = f" for {number(units)} units of {line['remit_hcpcs']}" if units is not None else ""
    reason = "-".join(part for part in (line["reason_group"], line["reason_code"]) if part)
    because = f", {reason}" if reason else ""
    return (
        f"{status}: {usd(line['paid_usd'])} paid{paid_for}, {usd(line['patient_usd'])} patient, "
        f"{usd(line['allowed_usd'])} allowed{because}; {where}"
    )


def allowed_said(line: Row) -> list[tuple[str, str]]:
    """Allowed as the parts make it, and as the payer states it."""
    if line["allowed_usd"] is None:
        return []
    parts = [f"{usd(line['paid_usd'])} paid", f"{usd(line['patient_usd'])} patient share"]
    for name, words in (
        ("payment_only_usd", "cut of the payment alone"),
        ("paid_to_patient_usd", "paid to the patient"),
    ):
        if line[name]:
            parts.append(f"{usd(line[name])} {words}")
    said = [("by its parts", f"{' + '.join(parts)} = {usd(line['allowed_usd'])}")]
    shares = {
        "deductible": line["deductible_usd"],
        "coinsurance": line["coinsurance_usd"],
        "copay": line["copay_usd"],
        "other": line["patient_other_usd"],
    }
    if shown := [f"{usd(amount)} {name}" for name, amount in shares.items() if amount]:
        said.append(("patient share", ", ".join(shown)))
    if line["sequestration_usd"]:
        said.append(("sequestration", f"{usd(line['sequestration_usd'])}, of the cut"))
    for name, words in (("interest_usd", "interest"), ("prior_payer_usd", "prior payer")):
        if line[name]:
            said.append((words, f"{usd(line[name])}, in no sum above"))
    reported = line["allowed_reported_usd"]
    if reported is None:
        said.append(("as reported", "the payer states no allowed amount (AMT B6)"))
    else:
        differs = reported - line["allowed_usd"]
        same = "the same" if not differs else f"{usd(differs)} against the parts"
        said.append(("as reported", f"{usd(reported)} by the payer (AMT B6), {same}"))
    return said


def documentation_said(gaps: list[Row]) -> list[tuple[str, str]]:
    """What is not met and cannot be told by its reason, then what is met."""
    met = [in_words(row["check"]) for row in gaps if row["result"] == "met"]
    by_reason: dict[tuple[str, str], list[str]] = {}
    for row in gaps:
        if row["result"] != "met":
            found = by_reason.setdefault((row["result"], row["reason"]), [])
            found.append(in_words(row["check"]))
    said = [
        (in_words(result), f"{', '.join(checks)}: {reason}")
        for (result, reason), checks in by_reason.items()
    ]
    return [*said, ("met", ", ".join(met))] if met else said
