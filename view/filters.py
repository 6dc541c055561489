"""The reader's filter: to and from the address line, as masks, counts and plain sentences.

    address -> Selection -> masks per field -> one mask; counts per value; what is shown

What a filter means is `extract.selection`'s affair; the page and the command line share it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from extract.coded import DATELESS, Coded, split_values
from extract.plover import EVENT_TYPES
from extract.records import Precision, Status
from extract.selection import NO_PLACE, Selection, mask_fields, read_area
from view.columns import EventColumns, Mask, take_rows
from view.words import count_words

# Field of the selection -> its word in the address. "from" and "to" are inclusive days.
QUERY_NAMES: dict[str, str] = {
    "countries": "country",
    "start": "from",
    "end": "to",
    "types": "type",
    "statuses": "status",
    "actors": "actor",
    "precisions": "precision",
    "sources": "source",
    "text": "q",
    "area": "area",
    "doers": "who",
    "recipients": "whom",
}
CHOICES = ("countries", "types", "statuses", "actors", "precisions", "sources")
_COLUMNS = {
    "countries": ("country",),
    "types": ("event_type",),
    "statuses": ("status",),
    "actors": ("actor", "recipient"),
    "precisions": ("place_precision",),
    "sources": ("source",),
}
_CODEBOOKS: dict[str, frozenset[str]] = {
    "types": frozenset(EVENT_TYPES),
    "statuses": frozenset(status.value for status in Status),
    "precisions": frozenset([*(precision.value for precision in Precision), NO_PLACE]),
}


def write_query(selection: Selection) -> dict[str, list[str]]:
    """Return the parameters of an address that opens the same selection again."""
    query: dict[str, list[str]] = {}
    for field, name in QUERY_NAMES.items():
        value = getattr(selection, field)
        if field == "area":
            if value:
                query[name] = [write_area(value)]
        elif isinstance(value, tuple) and value:
            query[name] = list(value)
        elif isinstance(value, datetime.date):
            query[name] = [value.isoformat()]
        elif isinstance(value, str) and value:
            query[name] = [value]
    return query


def read_query(query: Mapping[str, Sequence[str]]) -> Selection:
    """Return the selection that an address asks for.

    An address is anybody's text: values that no table can hold (a day that is none, a type
    that is not in the codebook) are left out, and so are names that mean nothing here.
    """
    found: dict[str, object] = {}
    for field, name in QUERY_NAMES.items():
        values = [value for value in query.get(name, ()) if value]
        if not values:
            continue
        if field in ("start", "end"):
            found[field] = _read_day(values[0])
        elif field == "text":
            found[field] = values[0]
        elif field == "area":
            found[field] = _read_area(values[0])
        else:
            known = _CODEBOOKS.get(field)
            found[field] = tuple(
                dict.fromkeys(value for value in values if known is None or value in known)
            )
    return Selection(**found)  # type: ignore[arg-type]


def write_area(area: Sequence[tuple[float, float]]) -> str:
    """Return the corners of an area as text: "latitude,longitude" with blanks between."""
    return " ".join(f"{latitude:.4f},{longitude:.4f}" for latitude, longitude in area)


def _read_area(text: str) -> tuple[tuple[float, float], ...]:
    try:
        return read_area(text)
    except ValueError:
        return ()


def _read_day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, eq=False, slots=True)
class Facet:
    """The values of one field over a table: which row holds which value.

    `values` are ordered by how many events they have, the most first. `cells` is a number per
    row, -1 for none; cell `pairs[0][i]` holds value `pairs[1][i]`, each pair once.
    """

    values: tuple[str, ...]
    cells: NDArray[np.int32]
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]]
    size: int

    def count(self, mask: Mask) -> dict[str, int]:
        """Return how many events under the mask have each value, zeros included."""
        return self.count_rows(np.flatnonzero(mask))

    def count_rows(self, rows: NDArray[np.int64] | slice) -> dict[str, int]:
        """Return how many of some rows have each value, zeros included."""
        held = np.bincount(self.cells[rows] + 1, minlength=self.size + 1)[1:]
        cells, values = self.pairs
        counts = np.bincount(values, weights=held[cells], minlength=len(self.values))
        return dict(zip(self.values, counts.astype(np.int64).tolist(), strict=True))


def read_facets(columns: EventColumns) -> dict[str, Facet]:
    """Return the facet of every field in `CHOICES`; made once for a table."""
    return {field: _read_facet(columns, field) for field in CHOICES}


def _read_facet(columns: EventColumns, field: str) -> Facet:
    parts = [columns.coded[name] for name in _COLUMNS[field]]
    names: dict[str, int] = {}
    lists = [_split_cells(part, field, names) for part in parts]
    first = parts[0].codes
    if field == "precisions":
        # no place is a value of its own, the last cell
        first = np.where(first < 0, len(parts[0].values), first).astype(np.int32)
    cells, pairs, size = first, lists[0], len(parts[0].values) + 1
    if len(parts) == 2:
        # Both sides together are a cell, so that an actor on both counts once.
        width = len(parts[1].values) + 1
        both = (first.astype(np.int64) + 1) * width + parts[1].codes + 1
        numbers, distinct = pd.factorize(both)
        cells, size = numbers.astype(np.int32), len(distinct)
        sides = (distinct // width - 1, distinct % width - 1)
        joined = [_spread_pairs(side, pairs) for side, pairs in zip(sides, lists, strict=True)]
        key = np.unique(
            np.concatenate([cell * max(len(names), 1) + value for cell, value in joined])
        )
        pairs = (key // max(len(names), 1), key % max(len(names), 1))
    held = np.bincount(cells + 1, minlength=size + 1)[1:]
    counts = np.bincount(pairs[1], weights=held[pairs[0]], minlength=len(names))
    known = list(names)
    order = sorted(range(len(known)), key=lambda at: (-counts[at], known[at]))
    rank = np.empty(len(known), dtype=np.int64)
    rank[order] = np.arange(len(known))
    kept = [known[at] for at in order if counts[at] > 0]
    seen = rank[pairs[1]] < len(kept)
    return Facet(tuple(kept), cells, (pairs[0][seen], rank[pairs[1]][seen]), size)


def _split_cells(
    coded: Coded, field: str, names: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each (cell, value) of a column, the values numbered in `names`."""
    cells, values = [], []
    for cell, text in enumerate([*coded.values, *([NO_PLACE] if field == "precisions" else [])]):
        single = split_values(text) if field in ("countries", "actors") else (text,)
        for value in dict.fromkeys(single):
            cells.append(cell)
            values.append(names.setdefault(value, len(names)))
    return np.array(cells, dtype=np.int64), np.array(values, dtype=np.int64)


def _spread_pairs(
    side: NDArray[np.int64], pairs: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of new cells, each of which holds the old cell of its number in `side`."""
    cells, values = pairs
    offsets = np.searchsorted(cells, np.arange(int(side.max(initial=-1)) + 2))
    known = np.flatnonzero(side >= 0)
    first, last = offsets[side[known]], offsets[side[known] + 1]
    lengths = last - first
    at = np.repeat(first - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    return np.repeat(known, lengths), values[at + np.arange(int(lengths.sum()))]


def make_masks(columns: EventColumns, selection: Selection) -> dict[str, Mask]:
    """Return a mask for each field that restricts; "dates" stands for start and end together."""
    return mask_fields(columns.coded, selection)


def join_masks(columns: EventColumns, masks: Mapping[str, Mask], *, without: str = "") -> Mask:
    """Return the rows that all masks keep, but for the one of the field `without`.

    Leaving a field out gives the events that its own choices are counted over.
    """
    joined = np.ones(len(columns), dtype=bool)
    for field, mask in masks.items():
        if field != without:
            joined &= mask
    return joined


def count_facets(
    columns: EventColumns, facets: Mapping[str, Facet], masks: Mapping[str, Mask]
) -> dict[str, dict[str, int]]:
    """Return for each field how many events each of its values would show beside the others."""
    whole = np.arange(len(columns)) if masks else slice(None)
    rows = np.flatnonzero(join_masks(columns, masks)) if masks else whole
    counted = {}
    for field, facet in facets.items():
        if field in masks:
            others = {name: mask for name, mask in masks.items() if name != field}
            own = np.flatnonzero(join_masks(columns, others)) if others else slice(None)
            counted[field] = facet.count_rows(own)
        else:
            counted[field] = facet.count_rows(rows)
    return counted


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the articles and events: every shown event is on the map or counted off it."""

    shown: int
    total: int
    articles: int
    mapped: int
    placeless: int
    dateless: int

    @property
    def sentence(self) -> str:
        """What is shown out of what, and what is not on the map."""
        if not self.total:
            return f"No events in {count_words(self.articles, 'article')}."
        lead = (
            f"All {count_words(self.total, 'event')}"
            if self.shown == self.total
            else f"{self.shown:,} of {count_words(self.total, 'event')}"
        )
        parts = [
            f"{lead} from {count_words(self.articles, 'article')}",
            "all on the map" if self.mapped == self.shown else f"{self.mapped:,} on the map",
        ]
        if self.placeless:
            parts.append(f"{self.placeless:,} without a place")
        if self.dateless:
            parts.append(f"{self.dateless:,} without a date")
        return f"{parts[0]}: {', '.join(parts[1:])}."


def measure_coverage(columns: EventColumns, mask: Mask, *, articles: int) -> Coverage:
    """Return the counts for the events under the mask; `articles` is how many were read."""
    placeless, dateless = _lack(columns)
    shown = int(np.count_nonzero(mask))
    without_place = int(np.count_nonzero(mask & placeless))
    return Coverage(
        shown=shown,
        total=len(columns),
        articles=articles,
        mapped=shown - without_place,
        placeless=without_place,
        dateless=int(np.count_nonzero(mask & dateless)),
    )


def find_unmapped(columns: EventColumns, mask: Mask) -> NDArray[np.int64]:
    """Return the rows under the mask that the map or the timeline leaves out."""
    placeless, dateless = _lack(columns)
    return np.flatnonzero(mask & (placeless | dateless))


def list_unmapped(
    columns: EventColumns, mask: Mask, *, limit: int | None = None, first: int = 0
) -> pd.DataFrame:
    """Return the shown events that the map or the timeline leaves out, each with its reason.

    Those from the `first` on, in the order of the table; `limit` says how many, None all.
    """
    rows = find_unmapped(columns, mask)[first : None if limit is None else first + limit]
    placeless, dateless = (lack[rows] for lack in _lack(columns))
    left = take_rows(columns, rows)
    reason = np.where(
        placeless,
        np.where(
            left["place"].notna(),
            "the place has no coordinates",
            "the text names no place for it that could be resolved",
        ),
        "",
    )
    late = np.where(dateless, "the text gives no date that could be resolved", "")
    left.insert(
        0, "reason", [" and ".join(filter(None, pair)) for pair in zip(reason, late, strict=True)]
    )
    return left[["reason", "event_type", "trigger", "sentence", "title", "source", "event_id"]]


def _lack(columns: EventColumns) -> tuple[Mask, Mask]:
    placeless = (columns.place < 0) & ~columns.countrywide
    return placeless, columns.start == DATELESS
