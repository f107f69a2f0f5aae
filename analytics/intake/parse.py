"""Bytes in, raw tables out: files are joined into texts, and each text is parsed in one pass.

Small files are joined into texts of about eight megabytes, big ones are cut after an SE. What a
text yields is handed on at once, so memory holds one text and the batch's spine, never its tables.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial

import polars as pl

from analytics.intake.claims_837 import read_claims
from analytics.intake.elements import REJECT
from analytics.intake.kinds import ZIP, Kind, kind_without_x12
from analytics.intake.raw_tables import FILES, RAW_TABLES, REJECTS, TRANSACTIONS
from analytics.intake.remits_835 import read_remits
from analytics.intake.segments import Piece, is_cut_off, join_pieces, read_segments
from analytics.intake.transactions import (
    CLAIM_TYPES,
    CLAIMS,
    REMITS,
    count_by_file,
    read_spine,
    settle,
    stray_rejects,
    transactions_table,
)
from analytics.intake.x12 import (
    Stretch,
    canonical,
    cut_after_transactions,
    find_stretches,
    is_utf8,
)

TEXT_BYTES = 8 << 20
WORKERS = 2
_BEFORE_ISA = (
    "text stands before the first ISA; it was not read; "
    "if it is part of the interchange, ask the sender for the file again"
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Content:
    """The unpacked bytes of a file, or the reason why there are none."""

    file_sha256: str
    content: bytes = b""
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


@dataclass
class _Text:
    """Pieces of files that are parsed in one pass."""

    is_utf8: bool
    pieces: list[Piece] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    size: int = 0


@dataclass(frozen=True)
class _Parsed:
    spine: pl.DataFrame
    tables: Tables
    rejects: pl.DataFrame


@dataclass
class Batch:
    """The files parsed together; `summaries` is filled when `parse` is exhausted."""

    site_key: bytes
    text_bytes: int = TEXT_BYTES
    summaries: dict[str, Summary] = field(default_factory=dict)
    _shas: list[str] = field(default_factory=list)
    _spines: list[pl.DataFrame] = field(default_factory=list)
    _rejects: list[pl.DataFrame] = field(default_factory=list)

    def parse(self, contents: Iterable[Content]) -> Iterator[Tables]:
        """The raw tables in parts, a text's rows at a time; transactions and rejects come last."""
        parse_text = partial(_parse_text, self.site_key)
        with ThreadPoolExecutor(WORKERS) as pool:
            for parsed in _ahead(pool, parse_text, self._texts(contents)):
                yield self._placed(parsed)
        yield self._settled()

    def _texts(self, contents: Iterable[Content]) -> Iterator[_Text]:
        # A file that is not UTF-8 must not change how its neighbours are read.
        waiting = {True: _Text(is_utf8=True), False: _Text(is_utf8=False)}
        for received in contents:
            number = self._number(received)
            # A zip may store a file as it is, and what it stores is not what it holds.
            is_packed = received.content.startswith(ZIP)
            stretches = [] if is_packed else find_stretches(received.content)
            if not stretches or received.unreadable:
                self._refuse(received)
                continue
            self._note_text_before(received, stretches[0].start)
            is_unicode = is_utf8(received.content)
            for start, part in self._pieces(received.content, stretches):
                text = waiting[is_unicode]
                text.pieces.append(Piece(number, start, is_cut_off=is_cut_off(part)))
                text.parts.append(part)
                text.size += len(part)
                if text.size >= self.text_bytes:
                    yield text
                    waiting[is_unicode] = _Text(is_utf8=is_unicode)
        yield from (text for text in waiting.values() if text.pieces)

    def _pieces(self, content: bytes, stretches: list[Stretch]) -> Iterator[tuple[int, bytes]]:
        for stretch in stretches:
            for start, end in cut_after_transactions(content, stretch, self.text_bytes):
                yield start, canonical(content, start, end, stretch.delimiters)

    def _number(self, received: Content) -> int:
        self._shas.append(received.file_sha256)
        return len(self._shas) - 1

    def _refuse(self, received: Content) -> None:
        reason = received.unreadable
        kind = Kind("not_x12", reason) if reason else kind_without_x12(received.content)
        self.summaries[received.file_sha256] = Summary(kind.name, 0, 0, 0, kind.reason)
        if kind.is_rejected:
            self._reject(received, "file", kind.reason)

    def _note_text_before(self, received: Content, start: int) -> None:
        before = received.content[:start].removeprefix(_BYTE_ORDER_MARK)
        if before.strip(b" \t\r\n\x00\x1a"):
            self._reject(received, "segment", _BEFORE_ISA)

    def _reject(self, received: Content, piece: str, reason: str) -> None:
        row = {
            "file_sha256": received.file_sha256,
            "piece": piece,
            "segments": 0,
            "reason": reason,
            "source_offset": 0,
        }
        self._rejects.append(pl.DataFrame([row], schema=RAW_TABLES[REJECTS]))

    def _placed(self, parsed: _Parsed) -> Tables:
        """The tables of a text with the file and transaction each row came from."""
        number = len(self._spines)
        self._spines.append(parsed.spine.with_columns(text=pl.lit(number, pl.Int32)))
        is_own = (pl.col("text") == number) & (pl.col("kind") == "transaction")
        whose = (
            self._spine()
            .filter(is_own)
            .select(
                *["tx", "file", "transaction_number"],
                claim_type=pl.col("transaction_type").replace_strict(
                    CLAIM_TYPES, default=None, return_dtype=pl.String
                ),
            )
            .join(self._files(), on="file", how="left", validate="m:1", maintain_order="left")
        )
        self._rejects.append(_finished(REJECTS, parsed.rejects, whose))
        return {name: _finished(name, rows, whose) for name, rows in parsed.tables.items()}

    def _spine(self) -> pl.DataFrame:
        """The settled spine of all texts so far; a file may reach over several of them."""
        return settle(pl.concat(self._spines).sort("file", "offset"))

    def _files(self) -> pl.DataFrame:
        return pl.DataFrame({"file_sha256": self._shas}, schema={"file_sha256": pl.String}).select(
            file=pl.int_range(pl.len(), dtype=pl.Int32), file_sha256="file_sha256"
        )

    def _settled(self) -> Tables:
        transactions = RAW_TABLES[TRANSACTIONS].to_frame()
        if self._spines:
            spine, files = self._spine(), self._files()
            transactions = _finished(TRANSACTIONS, transactions_table(spine), files, on="file")
            self._rejects.append(_finished(REJECTS, stray_rejects(spine), files, on="file"))
            for file, *counts in count_by_file(spine).select("file", *_SUMMARY).iter_rows():
                self.summaries[self._shas[file]] = Summary(*counts)
        rejects = pl.concat([RAW_TABLES[REJECTS].to_frame(), *self._rejects])
        return {TRANSACTIONS: transactions, REJECTS: rejects}


_SUMMARY = (
    *("kind", "segments", "segments_rejected", "segments_not_ours", "reason"),
    "transactions_cut_off",
)


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
        **{name: cell for name, cell in asdict(summary).items() if name in RAW_TABLES[FILES]},
    }


def _parse_text(site_key: bytes, text: _Text) -> _Parsed:
    """What a text says by itself, without knowing the files before it."""
    rows = read_segments(join_pieces(text.parts), text.pieces, is_utf8=text.is_utf8)
    spine = read_spine(rows)
    types = spine.filter(pl.col("kind") == "transaction").sort("tx")["st_type"]
    inside = rows.filter(pl.col("tx") > 0)
    tables, rejects = {}, [REJECT.to_frame()]
    for transaction_type, read in ((REMITS, read_remits), (CLAIMS, read_claims)):
        is_wanted = pl.lit(types == transaction_type)
        wanted = inside.filter(is_wanted.gather(pl.col("tx") - 1))
        if wanted.height:
            found, lost = read(wanted, site_key)
            tables |= found
            rejects.append(lost)
    return _Parsed(spine, tables, pl.concat(rejects))


def _ahead(
    pool: ThreadPoolExecutor, parse: Callable[[_Text], _Parsed], texts: Iterable[_Text]
) -> Iterator[_Parsed]:
    """Results in order, with no more texts in hand than there are workers."""
    waiting: deque[Future[_Parsed]] = deque()
    for text in texts:
        waiting.append(pool.submit(parse, text))
        if len(waiting) > WORKERS:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _finished(name: str, rows: pl.DataFrame, whose: pl.DataFrame, on: str = "tx") -> pl.DataFrame:
    """Rows with the file they came from, in the columns and types of their table."""
    known = rows.join(whose, on=on, how="left", validate="m:1", maintain_order="left")
    return known.select(pl.col(column).cast(kind) for column, kind in RAW_TABLES[name].items())
