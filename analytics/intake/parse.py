"""Bytes in, raw tables out: files are joined into texts, and each text is parsed in one pass.

Small files are joined into texts of about two and a half megabytes, big ones are read in parts of
that size. What a text yields is handed on at once, so memory holds a few texts and the spine of the
batch, never its tables.
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

from analytics.intake.claims_837 import read_claims
from analytics.intake.elements import unattached
from analytics.intake.kinds import Kind, kind_by_head, kind_without_x12
from analytics.intake.parts import FileParts, Part
from analytics.intake.raw_tables import FILES, RAW_TABLES, REJECTS, TRANSACTIONS
from analytics.intake.reasons import UNKNOWN_REASON
from analytics.intake.remits_835 import read_remits
from analytics.intake.segments import (
    Piece,
    Segments,
    is_cut_off,
    is_known,
    join_pieces,
    read_segments,
)
from analytics.intake.transactions import (
    CLAIM_TYPES,
    CLAIMS,
    REMITS,
    OpenFile,
    count_by_file,
    join_strays,
    number_transactions,
    read_spine,
    settle,
    stray_rejects,
    transactions_table,
)
from analytics.intake.vectors import at, compact, repeated
from analytics.intake.x12 import canonical

TEXT_BYTES = 5 << 19
WORKERS = 2
_BEFORE_ISA = (
    "text stands before the first ISA; it was not read; "
    "if it is part of the interchange, ask the sender for the file again"
)
_NO_ISA = (
    "No ISA stands before its segments, so its delimiters were taken from the segments themselves."
)
Tables = dict[str, pl.DataFrame]


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
class _Text:
    """Parts of files that are parsed in one pass, each with the number of its file."""

    parts: list[tuple[int, Part]] = field(default_factory=list)
    size: int = 0


@dataclass(frozen=True)
class _Read:
    """What a text says by itself, without knowing the files before it."""

    segments: Segments
    spine: pl.DataFrame


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
        """The raw tables in parts, a text's rows at a time; transactions and rejects come last."""
        reading: deque[Future[_Read]] = deque()
        parsing: deque[Future[Tables]] = deque()
        with ThreadPoolExecutor(WORKERS) as pool:
            for text in self._texts(contents):
                reading.append(pool.submit(_read_text, text))
                if len(reading) == WORKERS:
                    parsing.append(self._parse_first(pool, reading))
                # No more texts than that are in hand, so memory has an end.
                if len(reading) + len(parsing) > WORKERS:
                    yield self._kept(parsing.popleft().result())
            while reading:
                parsing.append(self._parse_first(pool, reading))
            for parsed in parsing:
                yield self._kept(parsed.result())
        yield self._settled()

    def _parse_first(
        self, pool: ThreadPoolExecutor, reading: deque[Future[_Read]]
    ) -> Future[Tables]:
        """The oldest text read is parsed; all before it are known by now."""
        read = reading.popleft().result()
        self._spines.append(read.spine)
        numbered, self._open = number_transactions(read.spine, self._open)
        whose = numbered.select(
            "transaction_number",
            claim_type=pl.col("transaction_type").replace_strict(
                CLAIM_TYPES, default=None, return_dtype=pl.String
            ),
            file_sha256=self._sha256s().gather(numbered["file"]),
        )
        return pool.submit(_parse_text, self.site_key, read, whose)

    def _texts(self, contents: Iterable[Content]) -> Iterator[_Text]:
        text = _Text()
        for received in contents:
            number = self._number(received)
            for part in self._parts(number, received):
                text.parts.append((number, part))
                text.size += len(part.content)
                if text.size >= self.text_bytes:
                    yield text
                    text = _Text()
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

    def _kept(self, tables: Tables) -> Tables:
        self._rejects.append(compact(tables.pop(REJECTS)))
        return tables

    def _sha256s(self) -> pl.Series:
        return pl.Series("file_sha256", self._shas, dtype=pl.String)

    def _settled(self) -> Tables:
        transactions = RAW_TABLES[TRANSACTIONS].to_frame()
        if self._spines:
            spine = settle(join_strays(pl.concat(self._spines)))
            spine = spine.with_columns(file_sha256=self._sha256s().gather(spine["file"]))
            transactions = _finished(TRANSACTIONS, transactions_table(spine))
            self._rejects.append(_finished(REJECTS, stray_rejects(spine)))
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
    tables = {
        name: pl.concat([schema.to_frame(), *[part[name] for part in parts if name in part]])
        for name, schema in RAW_TABLES.items()
    }
    row = files_row(source_file, sha256, len(content), None, batch.summaries[sha256])
    return tables | {FILES: pl.DataFrame([row], schema=RAW_TABLES[FILES])}


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


def _read_text(text: _Text) -> _Read:
    pieces, contents = [], []
    for number, part in text.parts:
        content = canonical(part.content, part.delimiters)
        pieces.append(Piece(number, part.start, is_cut_off(content)))
        contents.append(content)
    segments = read_segments(join_pieces(contents), pieces)
    return _Read(segments, compact(read_spine(segments, pieces)))


def _parse_text(site_key: bytes, read: _Read, whose: pl.DataFrame) -> Tables:
    """The tables of a text, and under `REJECTS` what of it could not be read.

    Takes    whose, per transaction of the text, in order: what its rows say of where they are from
    """
    segments = read.segments
    types = read.spine.filter(pl.col("kind") == "transaction")["st_type"]
    tables, rejects = {}, [_unknown_segments(segments, types)]
    for transaction_type, parse in ((REMITS, read_remits), (CLAIMS, read_claims)):
        is_wanted = (types == transaction_type).fill_null(False)
        if is_wanted.any():
            wanted = pl.concat([repeated(False, 1, pl.Boolean), is_wanted])[segments.tx]
            found, lost = parse(segments, wanted, site_key)
            tables |= found
            rejects.append(lost)
    tables[REJECTS] = pl.concat(rejects)
    return {
        name: _finished(name, rows.hstack(at(whose, rows["tx"] - 1)))
        for name, rows in tables.items()
    }


def _unknown_segments(segments: Segments, types: pl.Series) -> pl.DataFrame:
    """A reject row for each segment in a remit or claims transaction whose id X12 does not have."""
    is_read = types.is_in([REMITS, CLAIMS]).fill_null(False)
    is_inside = pl.concat([repeated(False, 1, pl.Boolean), is_read])[segments.tx]
    is_unknown = is_inside & ~is_known(segments.id)
    rows = segments.of(is_unknown).with_columns(tx=segments.tx.filter(is_unknown))
    return unattached(rows, UNKNOWN_REASON)


def _finished(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in the columns and types of their table."""
    columns = {column: rows[column] for column in RAW_TABLES[name]}
    return pl.DataFrame(
        {
            column: found if found.dtype == kind else found.cast(kind)
            for (column, kind), found in zip(
                RAW_TABLES[name].items(), columns.values(), strict=True
            )
        }
    )
