"""Finished measures read aloud: one sentence each, with what stands beside the figure in it.

Sentences are Markdown, for the top of a notebook. They add up groups where dollars and counts may
be added (payers of one measure) and never where they may not (tiers of waste evidence).
"""

from datetime import date

import polars as pl

from analytics.measures.waste import TIER

# Below this many lines a payer's rate is chance; it is in the total and not named as the highest.
SMALLEST = 11
TIERS = {
    "A": "by administration records",
    "B": "on the NDC quantities billed",
    "C": "by the least-waste theory alone",
}


def identity_in_words(identity: pl.DataFrame) -> str:
    """Which codes mean another drug here than for CMS, and the dollars that rest on it.

    Takes    rows of `code_identity`; a line stands once, with its primary payer
    """
    identity = identity.filter(pl.col("payer_rank") == "primary")
    by_code = (
        identity.filter(pl.col("identity_basis") == "house_code")
        .group_by("hcpcs", "drug", "cms_hcpcs", "cms_descriptor")
        .agg(pl.len().alias("lines"), pl.col("units", "cms_units", "allowed_usd").sum())
        .sort("hcpcs", "drug")
    )
    strangers = identity.filter(pl.col("identity_basis") == "ndc_contradicts_code").height
    contradicted = f" {_count(strangers, 'line')} with the NDC of another drug than the code names."
    more = contradicted if strangers else ""
    if by_code.is_empty():
        return f"No house code decides a drug in these lines.{more}"
    said = " ".join(
        f"**{row['hcpcs']} is read as {row['drug']}, this practice's house code.** CMS lists "
        f"{row['hcpcs']} as “{row['cms_descriptor'] or 'nothing'}” and {row['drug']} as "
        f"{row['cms_hcpcs'] or 'no code'}: {row['units']:,.0f} units billed are "
        f"{row['cms_units']:,.0f} units of {row['cms_hcpcs'] or 'it'}. "
        f"{_count(row['lines'], 'line')} with {_usd(row['allowed_usd'])} allowed rest on "
        "this reading."
        for row in by_code.to_dicts()
    )
    return f"{said}{more}"


def owed_in_words(owed: pl.DataFrame, *, population: str, payer: str = "payer_name") -> str:
    """What payers allowed below contract, what of it came too late, and the payer who owes most.

    Takes    rows of `underpayment_by`, one per payer; `population`, the code or drug of the lines
    """
    if not owed["lines"].sum():
        return (
            f"**Underpayment**: no payment on {population} can be set against a contract price, "
            "so nothing is compared."
        )
    total = (
        f"**Underpayment**: payers owe **{_usd(owed['payer_owed_usd'].sum())}** on {population}, "
        f"{_count(owed['lines'].sum(), 'line')} compared, "
        f"{_usd(owed['shortfall_usd'].sum())} short with the patients' part"
    )
    over = f"{_usd(owed['overpaid_usd'].sum())} allowed above contract offsets none of it."
    beside = f"{_window_in_words(owed)}{over}"
    most = owed.sort("payer_owed_usd", payer, descending=[True, False]).row(0, named=True)
    if not most["payer_owed_usd"]:
        return f"{total}. {beside}"
    rate = (
        f", and falls {most['underpayment_rate']:.1%} short of its contract on {population}"
        if most["lines"] >= SMALLEST
        else ""
    )
    return f"{total}; {most[payer]} owes most, {_usd(most['payer_owed_usd'])}{rate}. {beside}"


def waste_in_words(leakage: pl.DataFrame) -> str:
    """Billable waste that was not billed, each tier of evidence by itself.

    Takes    rows of `waste_leakage_by`
    """
    tiers = (
        leakage.group_by(TIER)
        .agg(
            pl.col("leakage_usd", "treatments").sum(),
            pl.col("leaking_treatments", "unpriced_treatments").sum(),
        )
        .sort(TIER, nulls_last=True)
    )
    known = tiers.filter(pl.col(TIER).is_not_null())
    unknown = tiers.filter(pl.col(TIER).is_null())["treatments"].sum()
    untold = f" The vials of {_count(unknown, 'treatment')} cannot be told." if unknown else ""
    if known.is_empty():
        return f"**Waste**: no treatment whose vials can be told.{untold}"
    said = [
        f"**{_usd(row['leakage_usd'])}** {TIERS[row[TIER]]} "
        f"({_count(row['leaking_treatments'], 'treatment')}; "
        f"{row['unpriced_treatments']:,} more missed without a price)"
        for row in known.to_dicts()
    ]
    return f"**Waste never billed**: {'; '.join(said)}. These are never added.{untold}"


def denied_in_words(denials: pl.DataFrame, *, payer: str = "payer_name") -> str:
    """How many lines were denied, what is at stake, and the payer with the highest rate.

    Takes    rows of `denial_rate_by`, one per payer
    """
    denied, answered = denials["denied_lines"].sum(), denials["adjudicated_lines"].sum()
    if not answered:
        return "**Denials**: no line is old enough to be counted."
    total = (
        f"**Denials** ({denials['definition'][0]}): {denied:,} of {_count(answered, 'line')}, "
        f"**{denied / answered:.1%}**, with {_usd(denials['denied_expected_usd'].sum())} expected "
        "at contract"
    )
    enough = denials.filter(
        (pl.col("adjudicated_lines") >= SMALLEST) & (pl.col("denied_lines") > 0)
    )
    if enough.is_empty():
        return f"{total}."
    most = enough.sort("denial_rate", payer, descending=[True, False]).row(0, named=True)
    return (
        f"{total}; {most[payer]} highest, {most['denial_rate']:.1%} (95% interval "
        f"{most['interval_low']:.1%} to {most['interval_high']:.1%})."
    )


def uncompared_in_words(owed: pl.DataFrame) -> str:
    """The dollars that no figure above can speak of.

    Takes    rows of `underpayment_by`
    """
    return (
        f"**Without a price**: {_count(owed['unpriced_lines'].sum(), 'line')}, "
        f"{_usd(owed['unpriced_charge_usd'].sum())} charged and "
        f"{_usd(owed['unpriced_allowed_usd'].sum())} allowed, not priced; `pricing_basis` "
        f"says why. **Not compared**: {_count(owed['not_compared_lines'].sum(), 'line')}, "
        f"{_usd(owed['not_compared_allowed_usd'].sum())} allowed, that cannot be compared line by "
        "line; `gap_basis` says why. None of these dollars is in any rate."
    )


def files_in_words(files: pl.DataFrame, balances: pl.DataFrame, *, as_of: date) -> str:
    """What was received and what became of it, to the segment, and how many remits balance.

    Takes    rows of `load_ledger` and of `remit_balances`; the date of the run
    """
    if files.is_empty():
        return f"As of **{as_of}**: no file was received, so nothing below can say anything."
    parts = ["segments_loaded", "segments_rejected", "segments_duplicate", "segments_not_ours"]
    loaded, rejected, repeated, strange = (files[part].sum() for part in parts)
    off = balances.filter(~pl.col("balanced")).height
    return (
        f"As of **{as_of}**: {_count(files.height, 'file')} with "
        f"**{files['segments'].sum():,} segments** received: {loaded:,} loaded, {rejected:,} "
        f"rejected, {repeated:,} duplicate, {strange:,} not ours. "
        f"{_count(balances.height, 'remit')}, {off:,} of which {'does' if off == 1 else 'do'} "
        "not balance."
    )


def _window_in_words(owed: pl.DataFrame) -> str:
    """What came too late to ask and what is left, a blank behind; nothing if all is in time."""
    past, ask = owed["past_window_usd"].sum(), owed["ask_usd"].sum()
    if not past:
        return ""
    # Both hold the cuts of payment the law does not grant, which are no part of what is owed: so
    # much of them as is above what the same line was overpaid (RULES 9.6).
    cuts = past + ask - owed["payer_owed_usd"].sum()
    more = f" and {_usd(cuts)} of unsupported payment cuts" if cuts else ""
    return (
        f"Of all that is owed{more}, {_usd(past)} is past the look-back window and {_usd(ask)} "
        "can still be asked for. "
    )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _usd(amount: object) -> str:
    # The sum of no rows is an integer zero, that of decimals a decimal: both read as dollars.
    return f"${amount or 0:,.2f}"
