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

from extract.plover import EVENT_TYPES
from extract.records import Precision, Status
from extract.selection import NO_PLACE, Selection, select_events, split_values
from view.columns import EventColumns, Mask
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
        if isinstance(value, tuple) and value:
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
        else:
            known = _CODEBOOKS.get(field)
            found[field] = tuple(
                dict.fromkeys(value for value in values if known is None or value in known)
            )
    return Selection(**found)  # type: ignore[arg-type]


def _read_day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Facet:
    """The values of one field over a table: which row holds which value.

    `values` are ordered by how many events they have, the most first; `rows` and `codes` are
    of one length, a row standing once for each of its values.
    """

    values: tuple[str, ...]
    rows: NDArray[np.int64]
    codes: NDArray[np.int64]

    def count(self, mask: Mask) -> dict[str, int]:
        """Return how many events under the mask have each value, zeros included."""
        counts = np.bincount(self.codes[mask[self.rows]], minlength=len(self.values))
        return dict(zip(self.values, counts.tolist(), strict=True))


def read_facets(columns: EventColumns) -> dict[str, Facet]:
    """Return the facet of every field in `CHOICES`; made once for a table."""
    return {field: _read_facet(columns.frame, field) for field in CHOICES}


def _read_facet(frame: pd.DataFrame, field: str) -> Facet:
    parts = []
    for column in _COLUMNS[field]:
        cells = frame[column]
        if field in ("countries", "actors"):
            parts.append(cells.map(split_values).explode().dropna())
        elif field == "precisions":
            parts.append(cells.fillna(NO_PLACE))
        else:
            parts.append(cells.dropna())
    pairs = pd.concat(parts).astype(str)
    table = pd.DataFrame({"row": pairs.index.to_numpy(), "value": pairs.to_numpy()})
    table = table.drop_duplicates()
    values = tuple(
        table["value"].value_counts().rename_axis("value").reset_index(name="n")
        .sort_values(["n", "value"], ascending=[False, True])["value"]
    )  # fmt: skip
    places = {value: code for code, value in enumerate(values)}
    return Facet(
        values,
        table["row"].to_numpy(dtype=np.int64),
        table["value"].map(places).to_numpy(dtype=np.int64),
    )


def make_masks(columns: EventColumns, selection: Selection) -> dict[str, Mask]:
    """Return a mask for each field that restricts; "dates" stands for start and end together."""
    masks: dict[str, Mask] = {}
    for field in (*CHOICES, "text"):
        value = getattr(selection, field)
        if value:
            masks[field] = _mask(columns, Selection(**{field: value}))
    if selection.start or selection.end:
        masks["dates"] = _mask(columns, Selection(start=selection.start, end=selection.end))
    return masks


def _mask(columns: EventColumns, selection: Selection) -> Mask:
    mask = np.zeros(len(columns), dtype=bool)
    mask[select_events(columns.frame, selection).index.to_numpy()] = True
    return mask


def join_masks(columns: EventColumns, masks: Mapping[str, Mask], *, without: str = "") -> Mask:
    """Return the rows that all masks keep, but for the one of the field `without`.

    Leaving a field out gives the events that its own choices are counted over.
    """
    joined = np.ones(len(columns), dtype=bool)
    for field, mask in masks.items():
        if field != without:
            joined &= mask
    return joined


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
    shown = columns.frame.loc[mask]
    return Coverage(
        shown=len(shown),
        total=len(columns),
        articles=articles,
        mapped=int(shown["latitude"].notna().sum()),
        placeless=int(shown["latitude"].isna().sum()),
        dateless=int((shown["date_start"].isna() & shown["date_end"].isna()).sum()),
    )


def list_unmapped(columns: EventColumns, mask: Mask) -> pd.DataFrame:
    """Return the shown events that the map or the timeline leaves out, each with its reason."""
    shown = columns.frame.loc[mask]
    placeless = shown["latitude"].isna()
    dateless = shown["date_start"].isna() & shown["date_end"].isna()
    left = shown.loc[placeless | dateless].copy()
    reason = np.where(
        placeless[left.index],
        np.where(
            shown.loc[left.index, "place"].notna(),
            "the place has no coordinates",
            "the text names no place for it that could be resolved",
        ),
        "",
    )
    late = np.where(dateless[left.index], "the text gives no date that could be resolved", "")
    left.insert(
        0, "reason", [" and ".join(filter(None, pair)) for pair in zip(reason, late, strict=True)]
    )
    return left[["reason", "event_type", "trigger", "sentence", "title", "source", "event_id"]]
