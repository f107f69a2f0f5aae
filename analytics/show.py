"""One claim line's whole story on one screen: drawn on a terminal, plain when piped, or JSON."""

from dataclasses import asdict
from decimal import Decimal

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from analytics.payer_tables import printable
from analytics.story import ClaimStory, LineStory, Row
from analytics.story_sections import Section, headline, sections
from analytics.story_words import number, usd

LABEL_WIDTH = 16
WIDEST = 120
PLAIN_WIDTH = 110
SHOWN = ("charge_usd", "allowed_usd", "expected_allowed_usd", "ask_usd")
SUMS = ("charge_usd", "allowed_usd", "paid_usd", "expected_allowed_usd", "gap_usd", "ask_usd")


def print_story(claim: ClaimStory, *, with_lines: bool) -> None:
    """The story of the line at each payer; with_lines, all lines of the claim in brief first."""
    out = Console(markup=False, highlight=False, soft_wrap=True)
    is_drawn = out.is_terminal
    out.width = min(out.width, WIDEST) if is_drawn else PLAIN_WIDTH
    if with_lines:
        _print_lines(out, claim)
    for story in claim.stories:
        if is_drawn:
            out.print(_drawn(claim, story, out.width), soft_wrap=False)
        else:
            _print_plain(out, claim, story)
    out.print(f"run {claim.run_id} as of {claim.as_of}")


def story_as_json(claim: ClaimStory) -> dict[str, object]:
    """The same as `print_story`, for a program: rows as their tables have them."""
    said = asdict(claim)
    for told, story in zip(said["stories"], claim.stories, strict=True):
        told["headline"] = headline(story)
        told["sections"] = [asdict(part) for part in sections(story, claim.as_of)]
    return {**said, "sums": _sums(claim.lines)}


def _sums(lines: list[Row]) -> dict[str, dict[str, Decimal | None]]:
    """Sums per rank, since every payer answers the same charge; null where no line has it."""
    ranks = dict.fromkeys(row["payer_rank"] for row in lines)
    return {
        rank: {
            name: _sum([row.get(name) for row in lines if row["payer_rank"] == rank])
            for name in SUMS
        }
        for rank in ranks
    }


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal("0.00")) if known else None


def _print_lines(out: Console, claim: ClaimStory) -> None:
    table = Table(title=f"claim {printable(claim.claim_id)}", title_justify="left", box=box.SIMPLE)
    for heading in ("line", "payer", "code", "units", "charge", "allowed", "expected", "ask"):
        is_figure = heading not in ("payer", "code")
        table.add_column(heading, justify="right" if is_figure else "left", no_wrap=is_figure)
    table.add_column("outcome")
    for row in claim.lines:
        name = row["payer_name"] or row["payer_id"] or "payer not known"
        rank = "" if row["payer_rank"] == "primary" else f" ({row['payer_rank']})"
        code = " ".join(part for part in (row["hcpcs"], row["modifiers"]) if part)
        table.add_row(
            str(row["line_number"]),
            printable(f"{name}{rank}"),
            printable(code),
            number(row["billed_units"]),
            *(_cell(row.get(column)) for column in SHOWN),
            row["outcome"].replace("_", " "),
        )
    table.add_section()
    for rank, summed in _sums(claim.lines).items():
        table.add_row("", f"all, {rank}", "", "", *(_cell(summed[column]) for column in SHOWN), "")
    with out.capture() as drawn:
        out.print(table)
    for line in drawn.get().splitlines():
        out.out(line.rstrip(), highlight=False)


def _cell(amount: Decimal | None) -> str:
    return "-" if amount is None else usd(amount)


def _title(claim: ClaimStory, story: LineStory) -> str:
    line = story.outcome
    business = (line["line_of_business"] or "line of business not known").replace("_", " ")
    name = line["payer_name"] or line["payer_id"] or "payer not known"
    return printable(
        f"{claim.claim_id} line {claim.line_number}: {name}, {business}, {line['payer_rank']}"
    )


def _drawn(claim: ClaimStory, story: LineStory, width: int) -> Panel:
    parts: list[object] = [Text(printable(headline(story)), style=f"bold {_colour(story)}")]
    for part in sections(story, claim.as_of):
        parts += [Rule(Text(part.title, style="bold"), align="left", style="dim"), _grid(part)]
    title = Text(_title(claim, story), style="bold")
    return Panel(Group(*parts), title=title, title_align="left", box=box.ROUNDED, width=width)


def _grid(part: Section) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=LABEL_WIDTH, style="dim")
    grid.add_column(ratio=1, overflow="fold")
    for label, sentence in part.said:
        grid.add_row(printable(label), printable(sentence))
    return grid


def _colour(story: LineStory) -> str:
    """Colour repeats what the words say; it says nothing alone."""
    line = story.outcome
    if line.get("ask_usd") or line.get("shortfall_usd") or line.get("denied_expected_usd"):
        return "dark_orange"
    return "blue"


def _print_plain(out: Console, claim: ClaimStory, story: LineStory) -> None:
    out.print(_title(claim, story))
    out.print(printable(headline(story)))
    for part in sections(story, claim.as_of):
        out.print(f"{part.title}:")
        for label, sentence in part.said:
            out.print(f"  {printable(label)}: {printable(sentence)}")
