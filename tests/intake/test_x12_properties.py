"""However transactions are grouped, ordered and written, their rows and counts stay the same."""

from functools import cache

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from small_x12 import ACKNOWLEDGEMENT, CLAIMS, HOSPITAL_CLAIMS, REMIT, Style, interchange

from analytics.intake.parse import Batch, Content, parse_x12, rows_of
from analytics.intake.raw_tables import FILES, RAW_TABLES, REJECTS, TRANSACTIONS
from analytics.intake.texts import Tables

TRANSACTION = st.sampled_from([REMIT, CLAIMS, HOSPITAL_CLAIMS, ACKNOWLEDGEMENT])
DELIMITERS = st.permutations(["*", "|", "^", ">", ":", "\x1d", "\x1f", "~", "'", "\x1c", "!"])
LINE_BREAK = st.sampled_from(["", "\n", "\r\n", "\n  "])
ENVELOPE = ["isa_control", "gs_date", "gs_time", "gs_control"]


@st.composite
def styles(draw: st.DrawFn) -> Style:
    element, component, terminator, *_ = draw(DELIMITERS)
    return Style(element, component, terminator, draw(LINE_BREAK))


@st.composite
def files(draw: st.DrawFn) -> list[list[tuple[list[str], Style]]]:
    """Files of interchanges of transactions, each interchange in its own style."""
    one = st.tuples(st.lists(TRANSACTION, min_size=1, max_size=3), styles())
    return draw(st.lists(st.lists(one, min_size=1, max_size=3), min_size=1, max_size=4))


def parse_together(contents: list[bytes], text_bytes: int) -> tuple[Tables, Batch]:
    batch = Batch(b"key", text_bytes)
    received = [Content(f"{number:03}", content) for number, content in enumerate(contents)]
    parts = list(batch.parse(received))
    return {name: rows_of(name, parts) for name in RAW_TABLES if name != FILES}, batch


def content_of(file: list[tuple[list[str], Style]]) -> bytes:
    return b"".join(interchange(*transactions, style=style) for transactions, style in file)


@cache
def alone(transaction: str) -> Tables:
    return parse_x12(interchange(transaction), site_key=b"key")


def one_by_one(transactions: list[str], name: str) -> pl.DataFrame:
    """The rows of each transaction alone in a plain file, under its place among all."""
    rows = [
        alone(transaction)[name].with_columns(place=pl.lit(place, pl.Int32))
        for place, transaction in enumerate(transactions)
    ]
    return pl.concat(rows).drop("file_sha256", "transaction_number", "source_offset")


@settings(max_examples=12)
@given(files(), st.sampled_from([1, 2000, 1 << 20]))
def test_transactions_say_the_same_however_they_are_grouped_and_written(
    sent: list[list[tuple[list[str], Style]]], text_bytes: int
):
    contents = [content_of(file) for file in sent]
    tables, _ = parse_together(contents, text_bytes)
    keys = tables[TRANSACTIONS].select("file_sha256", "transaction_number").with_row_index("place")
    transactions = [text for file in sent for some, _ in file for text in some]
    for name, rows in tables.items():
        expected = one_by_one(transactions, name)
        found = rows.join(
            keys.cast({"place": pl.Int32}),
            on=["file_sha256", "transaction_number"],
            how="inner",
            maintain_order="left",
        )
        drop = ["file_sha256", "transaction_number", "source_offset"]
        found = found.sort("place", maintain_order=True).drop(drop)
        ignored = ENVELOPE if name == TRANSACTIONS else []
        assert_frame_equal(found.drop(ignored), expected.drop(ignored), check_column_order=False)


@settings(max_examples=12)
@given(files(), st.sampled_from([1, 2000, 1 << 20]))
def test_segments_received_are_those_of_the_parts_to_the_segment(
    sent: list[list[tuple[list[str], Style]]], text_bytes: int
):
    tables, batch = parse_together([content_of(file) for file in sent], text_bytes)
    for number, file in enumerate(sent):
        summary = batch.summaries[f"{number:03}"]
        own = tables[TRANSACTIONS].filter(pl.col("file_sha256") == f"{number:03}")
        frames = sum(2 + 2 * len(transactions) for transactions, _ in file)
        assert summary.segments == own["segments"].sum() + frames
        foreign = [
            sum(text == ACKNOWLEDGEMENT for text in transactions) * 2
            + 2 * all(text == ACKNOWLEDGEMENT for text in transactions)
            for transactions, _ in file
        ]
        assert summary.segments_not_ours == sum(foreign)
        assert summary.segments_rejected == 0
    assert tables[REJECTS].height == 0


@settings(max_examples=30)
@given(st.binary(max_size=200), st.integers(0, 400), styles())
def test_damaged_bytes_never_stop_a_refresh_and_every_segment_is_still_counted(
    noise: bytes, at: int, style: Style
):
    content = interchange(REMIT, CLAIMS, style=style)
    place = at * len(content) // 400
    tables = parse_x12(content[:place] + noise + content[place + len(noise) :])
    row = tables[FILES].row(0, named=True)
    counted = tables[TRANSACTIONS]["segments"].sum() + row["segments_rejected"]
    assert counted + row["segments_not_ours"] <= row["segments"]
