"""Bytes in, raw tables out: files are joined into texts, and each text is parsed in one pass.

Small files are joined into texts of about four megabytes, big ones are read in parts of that size.
What a text yields is handed on at once, so memory holds a few texts and the spine of the batch,
never its tables.
"""

from __future__ import annotations

import hashlib
import io
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import BinaryIO

import polars as pl

from analytics.intake.kinds import Kind, kind_by_head, kind_without_x12
from analytics.intake.parts import FileParts, Part
from analytics.intake.raw_tables import FILES, RAW_TABLES, REJECTS, TRANSACTIONS
from analytics.intake.texts import ParsedText, Tables, Text, finished, parse_text
from analytics.intake.transactions import (
    CLAIM_TYPES,
    OpenFile,
    count_by_file,
    join_strays,
    number_transactions,
    settle,
    stray_rejects,
    transactions_table,
)
from analytics.intake.vectors import compact

TEXT_BYTES = 1 << 22
WORKERS = 2
_BEFORE_ISA = (
    "text stands before the first ISA; it was not read; "
    "if it is part of the interchange, ask the sender for the file again"
)
_NO_ISA = (
    "No ISA stands before its segments, so its delimiters were taken from the segments themselves."
)


@dataclass(frozen=True)
class Content:
    """The unpacked bytes of a file, whole or as a stream, or the reason why there are none."""

    file_sha256: str
    content: bytes | BinaryIO = b""
    unreadable: str | None = None


@dataclass(frozen=True)
class Summary:
    """What became of a file as a whole: a row of `raw_x12__files` without its path."""

    kind: str
    segments: int
    segments_rejected: int
    segments_not_ours: int
    reason: str | None
    transactions_cut_off: int = 0
    segments_duplicate: int = 0


@dataclass
class Batch:
    """The files parsed together; `summaries` is filled when `parse` is exhausted."""

    site_key: bytes
    text_bytes: int = TEXT_BYTES
    summaries: dict[str, Summary] = field(default_factory=dict)
    _shas: list[str] = field(default_factory=list)
    _spines: list[pl.DataFrame] = field(default_factory=list)
    _rejects: list[pl.DataFrame] = field(default_factory=list)
    _open: OpenFile | None = None
    _without_isa: set[int] = field(default_factory=set)

    def parse(self, contents: Iterable[Content]) -> Iterator[Tables]:
        """The raw tables in parts, a text's rows at a time; transactions and rejects come last.

        Returns  tables of `RAW_TABLES`, in which `file_sha256` may be categorical
        """
        parsing: deque[Future[ParsedText]] = deque()
        with ThreadPoolExecutor(WORKERS) as pool:
            for text in self._texts(contents):
                parsing.append(pool.submit(parse_text, self.site_key, text))
                # One waits for whoever is done first; no more are in hand, so memory has an end.
                if len(parsing) > WORKERS:
                    yield self._numbered(parsing.popleft().result())
            while parsing:
                yield self._numbered(parsing.popleft().result())
        yield self._settled()

    def _numbered(self, parsed: ParsedText) -> Tables:
        """The tables of the next text; all before it are known by now."""
        self._spines.append(parsed.spine)
        numbered, self._open = number_transactions(parsed.spine, self._open)
        claim_types = [CLAIM_TYPES.get(one) for one in numbered["transaction_type"]]
        whose = pl.DataFrame(
            {
                "file_sha256": self._sha256s(pl.Categorical())[numbered["file"]],
                "transaction_number": numbered["transaction_number"],
                "claim_type": pl.Series(claim_types, dtype=pl.String),
            }
        )
        tables = {
            name: finished(name, _with_origin(name, rows, whose), pl.Categorical())
            for name, rows in parsed.tables.items()
        }
        self._rejects.append(compact(finished(REJECTS, tables.pop(REJECTS))))
        return tables

    def _texts(self, contents: Iterable[Content]) -> Iterator[Text]:
        text = Text()
        for received in contents:
            number = self._number(received)
            for part in self._parts(number, received):
                text.parts.append((number, part))
                text.size += len(part.content)
                if text.size >= self.text_bytes:
                    yield text
                    text = Text()
        if text.parts:
            yield text

    def _parts(self, number: int, received: Content) -> Iterator[Part]:
        """The parts of a file; none where it is refused, which is noted."""
        content = received.content
        parts = FileParts(
            io.BytesIO(content) if isinstance(content, bytes) else content, self.text_bytes
        )
        is_read = False
        for part in parts:
            # A document may show an interchange, and what it shows is not what it holds.
            if received.unreadable or (not is_read and kind_by_head(parts.head)):
                continue
            if not is_read and parts.has_text_before:
                self._reject(received, "segment", _BEFORE_ISA)
            if parts.has_no_isa:
                self._without_isa.add(number)
            is_read = True
            yield part
        if not is_read:
            self._refuse(received, parts)

    def _number(self, received: Content) -> int:
        self._shas.append(received.file_sha256)
        return len(self._shas) - 1

    def _refuse(self, received: Content, parts: FileParts) -> None:
        reason = received.unreadable
        kind = Kind("not_x12", reason) if reason else kind_without_x12(parts.head, parts.size)
        self.summaries[received.file_sha256] = Summary(kind.name, 0, 0, 0, kind.reason)
        if kind.is_rejected:
            self._reject(received, "file", kind.reason)

    def _reject(self, received: Content, piece: str, reason: str) -> None:
        row = {
            "file_sha256": received.file_sha256,
            "piece": piece,
            "segments": 0,
            "reason": reason,
            "source_offset": 0,
        }
        self._rejects.append(pl.DataFrame([row], schema=RAW_TABLES[REJECTS]))

    def _sha256s(self, kind: pl.DataType) -> pl.Series:
        return pl.Series("file_sha256", self._shas, dtype=kind)

    def _settled(self) -> Tables:
        transactions = RAW_TABLES[TRANSACTIONS].to_frame()
        if self._spines:
            spine = settle(join_strays(pl.concat(self._spines)))
            spine = spine.with_columns(file_sha256=self._sha256s(pl.String())[spine["file"]])
            transactions = finished(TRANSACTIONS, transactions_table(spine))
            self._rejects.append(finished(REJECTS, stray_rejects(spine)))
            for file, *counts in count_by_file(spine).select("file", *_SUMMARY).iter_rows():
                summary = Summary(*counts)
                if file in self._without_isa:
                    said = " ".join(filter(None, (_NO_ISA, summary.reason)))
                    summary = replace(summary, reason=said)
                self.summaries[self._shas[file]] = summary
        rejects = pl.concat([RAW_TABLES[REJECTS].to_frame(), *self._rejects])
        return {TRANSACTIONS: transactions, REJECTS: rejects}


_SUMMARY = (
    *("kind", "segments", "segments_rejected", "segments_not_ours", "reason"),
    "transactions_cut_off",
)


# Asked of every file at every refresh, so the names are sorted out once.
_OF_SUMMARY = tuple(one.name for one in fields(Summary) if one.name in RAW_TABLES[FILES])


def parse_x12(
    content: bytes, *, source_file: str = "", site_key: bytes = b"", text_bytes: int = TEXT_BYTES
) -> Tables:
    """Every raw X12 table of one file's unpacked bytes.

    >>> parse_x12(b"a note")["raw_x12__files"]["kind"].item()
    'not_x12'
    """
    sha256 = hashlib.sha256(content).hexdigest()
    batch = Batch(site_key, text_bytes)
    parts = list(batch.parse([Content(sha256, content)]))
    tables = {name: rows_of(name, parts) for name in RAW_TABLES}
    row = files_row(source_file, sha256, len(content), None, batch.summaries[sha256])
    return tables | {FILES: pl.DataFrame([row], schema=RAW_TABLES[FILES])}


def _with_origin(name: str, rows: pl.DataFrame, whose: pl.DataFrame) -> pl.DataFrame:
    """Rows with those columns of their transaction, the `tx`-th of `whose`, that the table has."""
    nth = rows["tx"] - 1
    return rows.hstack([told[nth] for told in whose if told.name in RAW_TABLES[name]])


def rows_of(name: str, parts: Iterable[Tables]) -> pl.DataFrame:
    """All rows of a table in the types of `RAW_TABLES`, from the parts `Batch.parse` gives."""
    found = [finished(name, part[name]) for part in parts if name in part]
    return pl.concat([RAW_TABLES[name].to_frame(), *found])


def files_row(
    source_file: str, sha256: str, size: int, received_at: datetime | None, summary: Summary
) -> dict[str, object]:
    """One row of `raw_x12__files`."""
    return {
        "source_file": source_file,
        "file_sha256": sha256,
        "bytes": size,
        "received_at": received_at,
        **{name: getattr(summary, name) for name in _OF_SUMMARY},
    }
