"""What a chart of each rate says: its title with the figure, its subtitle, its labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.errors import UsageError


@dataclass(frozen=True)
class Finding:
    """The words around one rate; braces are filled from the row of the payer it is about."""

    measure: str
    count: str
    title: str
    nobody: str
    monthly: str
    subtitle: str
    axis: str
    detail: str
    nothing: str
    source: str


FINDINGS = {
    "underpayment_rate": Finding(
        measure="underpayment_rate",
        count="lines",
        title="{payer} falls {rate} short of its contract on {population}",
        nobody="No payer falls short of its contract on {population}",
        monthly="{population}: {rate} below contract in {month}, at most {top} ({top_month})",
        subtitle="Shortfall as a share of expected dollars, primary lines compared, {period}",
        axis="Shortfall, % of expected dollars",
        detail="${shortfall_usd:,.2f} of ${expected_usd:,.2f}, {lines:,} lines",
        nothing="no priced line to compare",
        source="837 claims and 835 remits, priced at contract terms",
    ),
    "denial_rate": Finding(
        measure="denial_rate",
        count="adjudicated_lines",
        title="{payer} denies {rate} of its {population} lines",
        nobody="No payer denies a {population} line",
        monthly="{population}: {rate} denied in {month}, at most {top} ({top_month})",
        subtitle="Denied share of mature adjudicated primary lines ({definition}), {period}",
        axis="Denied, % of adjudicated lines",
        detail="{denied_lines:,} of {adjudicated_lines:,} lines",
        nothing="no mature adjudicated line",
        source="837 claims and 835 remits",
    ),
}


def finding_of(measure: str) -> Finding:
    """The words for a rate.

    Raises   UsageError for a rate no chart has words for, naming those there are
    """
    if measure in FINDINGS:
        return FINDINGS[measure]
    raise UsageError(
        f"no chart has words for {measure!r}; there are words for {', '.join(FINDINGS)}. "
        "Choose one of these."
    )


def percent(rate: float) -> str:
    """A rate as people read it; a small one never looks like none.

    >>> percent(0.0371), percent(0.0002), percent(0.0)
    ('3.7%', 'under 0.1%', '0.0%')
    """
    return "under 0.1%" if 0 < rate < 0.0005 else f"{rate:.1%}"


def title_of(
    finding: Finding,
    rows: Sequence[Mapping[str, object]],
    about: Mapping[str, object] | None,
    *,
    payer: str,
    population: str,
) -> str:
    """The finding as a sentence with its figure, from the row the chart is about.

    Takes    the rows that have a rate, and the one the chart is about, None when that payer has too
             few lines; `payer`, the column with its name; `population`, a code or drug

    >>> birch = {"payer_name": "Birch", "underpayment_rate": 0.0371}
    >>> words = FINDINGS["underpayment_rate"]
    >>> title_of(words, [birch], birch, payer="payer_name", population="J1324")
    'Birch falls 3.7% short of its contract on J1324'
    """
    if about is None:
        return f"Too few {population} lines to show a rate"
    nobody = not any(row[finding.measure] for row in rows)
    sentence = finding.nobody if nobody else finding.title
    return sentence.format(
        payer=about[payer], rate=percent(about[finding.measure]), population=population
    )
