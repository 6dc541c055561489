"""An events table as distinct values and a number per row, so that a filter is arithmetic.

    Arrow column -> Coded: each distinct cell once, and for every row which of them it holds

News repeats itself: a million events have a few thousand actors and sources. Whatever is asked
of a cell is asked once per distinct cell, and the answers are spread over the rows by numpy.
"""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
# A column of a table in Arrow, whose types its package does not tell.
Column: TypeAlias = Any

SEPARATOR = re.compile(r"\s*[;|]\s*")
JOINT = "|"
# Days since 1970 of an event without a date.
DATELESS = int(np.iinfo(np.int64).min)
# Texts long and seldom twice the same: they are searched where they lie.
LONG = ("title", "sentence")
# Title and sentence without accents, where they have any: a column of snapshots alone.
FOLDED = "folded"
REMEMBERED = 64  # searched words, at an eighth of a byte per event


@dataclass(frozen=True, eq=False, slots=True)
class Coded:
    """A column: `values` are its distinct cells, `codes` an index into them per row, -1 for NA."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]

    def spread(self, answers: Iterable[bool] | Mask, *, unknown: bool = False) -> Mask:
        """Return for every row the answer of its cell; `unknown` is the answer of NA."""
        told: Mask = np.fromiter((*answers, unknown), dtype=bool, count=len(self.values) + 1)
        return np.asarray(told[self.codes])

    def test(self, ask: Callable[[tuple[str, ...]], bool]) -> Mask:
        """Return for every row what `ask` says of the single values of its cell, False for NA."""
        return self.spread(ask(split_values(value)) for value in self.values)

    def among(self, wanted: Iterable[str], *, unknown: bool = False) -> Mask:
        """Return the rows whose whole cell is one of those wanted."""
        chosen = set(wanted)
        return self.spread((value in chosen for value in self.values), unknown=unknown)


def encode(column: Column) -> Coded:
    """Return a text column as codes; the cells of a list column are joined by "|", "" is NA."""
    if pa.types.is_list(column.type):
        column = pc.binary_join(column, JOINT)
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
    codes = whole.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
    return Coded(tuple(whole.dictionary.to_pylist()), codes)


class CodedTable:
    """An events table in Arrow whose columns are encoded when first asked for.

    `read` returns a column of `extract.table` by its name; `size` is the number of rows.
    """

    def __init__(self, read: Callable[[str], Column], size: int) -> None:
        self._read, self._size = read, size
        self._coded: dict[str, Coded] = {}
        self._numbers: dict[str, NDArray[np.float64]] = {}
        self._days: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
        self._found: OrderedDict[str, NDArray[np.uint8]] = OrderedDict()

    @classmethod
    def of_arrow(cls, table: pa.Table) -> CodedTable:
        """Return the coded columns of a snapshot."""
        return cls(
            lambda name: table.column(name) if name in table.column_names else None, len(table)
        )

    @classmethod
    def of_frame(cls, frame: pd.DataFrame) -> CodedTable:
        """Return the coded columns of a data frame of `extract.table`."""

        def read(name: str) -> Column:
            if name == FOLDED:
                return None
            cells = frame[name]
            if cells.dtype == object:
                lists = [list(split_values(cell)) for cell in cells]
                return pa.chunked_array([pa.array(lists, pa.list_(pa.string()))])
            if pd.api.types.is_datetime64_any_dtype(cells.dtype):
                return pa.chunked_array([pa.array(cells).cast(pa.date32())])
            return pa.chunked_array([pa.array(cells, from_pandas=True)])

        return cls(read, len(frame))

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, name: str) -> Coded:
        found = self._coded.get(name)
        if found is None:
            found = self._coded[name] = encode(self._read(name))
        return found

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a column of numbers, not a number where unknown."""
        found = self._numbers.get(name)
        if found is None:
            column = self._read(name).cast(pa.float64())
            found = self._numbers[name] = np.asarray(
                pc.fill_null(column, float("nan")).to_numpy(), dtype=np.float64
            )
        return found

    @property
    def days(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first and last day of every event since 1970; a lone one stands for both."""
        if self._days is None:
            start, end = (
                pc.fill_null(
                    self._read(name).cast(pa.int32()).cast(pa.int64()), DATELESS
                ).to_numpy()
                for name in ("date_start", "date_end")
            )
            self._days = (
                np.where(start == DATELESS, end, start),
                np.where(end == DATELESS, start, end),
            )
        return self._days

    def find_word(self, word: str, columns: Iterable[str]) -> Mask:
        """Return the rows in one of whose columns a word stands, blind to case and accents.

        `word` is folded and has no blank. Answers are remembered, as a search stays while other
        filters change.
        """
        try:
            word.encode()
        except UnicodeEncodeError:  # half a character, which an address may hold and no text does
            return np.zeros(self._size, dtype=bool)
        known = self._found.get(word)
        if known is not None:
            return np.unpackbits(known, count=self._size).view(bool)
        found: Mask = np.zeros(self._size, dtype=bool)
        for name in columns:
            if name in LONG:
                found |= _contains(self._read(name), word)
            else:
                coded = self[name]
                found |= coded.spread(word in fold_text(value) for value in coded.values)
        folded = self._read(FOLDED)
        for column in [folded] if folded is not None else map(self._fold, LONG):
            found |= _contains(column, word)
        self._found[word] = np.packbits(found)
        while len(self._found) > REMEMBERED:
            self._found.popitem(last=False)
        return found

    def _fold(self, name: str) -> Column:
        return fold_column(self._read(name))


def fold_column(column: Column) -> Column:
    """Return a text column without case and accents, NA where it is plain ASCII.

    What `fold_text` does to one text, done in Arrow to all; an ASCII text needs no folding to
    be searched blind to case.
    """
    plain = pc.fill_null(pc.string_is_ascii(column), True)
    column = pc.if_else(plain, pa.scalar(None, pa.string()), column.cast(pa.string()))
    column = pc.utf8_lower(column)
    for sign, plain_sign in (("ß", "ss"), ("ς", "σ"), ("ı", "i")):
        column = pc.replace_substring(column, sign, plain_sign)
    return pc.replace_substring_regex(pc.utf8_normalize(column, form="NFKD"), r"\p{Mn}+", "")


def fold_text(text: str) -> str:
    """Return text without case and accents, for comparing."""
    if text.isascii():
        return text.lower()
    # The Turkish letter without a dot is no "i" with an accent to Unicode, but is to a reader.
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def split_values(cell: object) -> tuple[str, ...]:
    """Return the single values of a cell: a list, or text joined by ";" or "|"; () for NA."""
    if isinstance(cell, str):
        return tuple(part for part in SEPARATOR.split(cell) if part)
    if isinstance(cell, (list, tuple, set, frozenset)):
        return tuple(str(part) for part in cell)
    return ()


def _contains(column: Column, word: str) -> Mask:
    # Blind to case, Arrow searches with an automaton that is three times as fast as its plain one.
    told = pc.match_substring(column, word, ignore_case=True)
    return np.asarray(pc.fill_null(told, False).to_numpy(), dtype=bool)
