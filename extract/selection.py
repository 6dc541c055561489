"""Which events to show: one filter for the page and for the command line.

    Selection + coded columns -> a mask per field -> one mask

An empty field does not restrict. Fields are joined by "and", the values of one field by "or".
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from extract.coded import DATELESS, CodedTable, Mask, fold_text, split_values
from extract.records import Precision

__all__ = ["NO_PLACE", "SEARCHED", "Selection", "fold_text", "mask_fields", "read_area",
           "select_events", "split_values"]  # fmt: skip

# The columns that free text is looked for in.
SEARCHED = ("title", "sentence", "place", "actor", "recipient", "trigger", "source", "admin1")
ACTING = ("actor", "actor_code", "recipient", "recipient_code")
NO_PLACE = "none"
MOST_CORNERS = 200  # of an area, so that an address with one stays an address
EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Selection:
    """What to keep of an events table.

    `countries` are ISO 3166-1 alpha-3 codes: an event is kept when any of its countries is
    among them. `start` and `end` are inclusive days: an event is kept when its own days touch
    them, and one without a date is dropped as soon as either is given. `actors` are names or
    codes of those who act or are acted upon, or the first word of a code ("IRN" keeps
    "IRN MIL"). `precisions` may hold "none" for the events without a place. `text` is looked
    for word by word, blind to case and accents, in the title, the sentence and the names.
    `area` are three or more corners (latitude, longitude) of a polygon on the flat map: an
    event is kept when the middle of its place lies inside. One placed only in a country as a
    whole is dropped, as nobody knows whether it happened there. `doers` and `recipients` are
    names of one side alone: those who act, and those acted upon.
    """

    countries: tuple[str, ...] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    text: str = ""
    area: tuple[tuple[float, float], ...] = ()
    doers: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is restricted."""
        return not any(getattr(self, field.name) for field in fields(self))


def select_events(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return the rows that the selection keeps, in their order, with their index.

    The frame is one of `extract.table`; its columns and dtypes stay, and it is not changed.
    """
    keep: Mask = np.ones(len(frame), dtype=bool)
    for mask in mask_fields(CodedTable.of_frame(frame), selection).values():
        keep &= mask
    return frame.loc[keep]


def mask_fields(table: CodedTable, selection: Selection) -> dict[str, Mask]:
    """Return a mask for each field that restricts; "dates" stands for start and end together."""
    masks: dict[str, Mask] = {}
    for field, column, wanted in (
        ("types", "event_type", selection.types),
        ("statuses", "status", selection.statuses),
        ("sources", "source", selection.sources),
    ):
        if wanted:
            masks[field] = table[column].among(wanted)
    if selection.precisions:
        masks["precisions"] = table["place_precision"].among(
            selection.precisions, unknown=NO_PLACE in selection.precisions
        )
    if selection.countries:
        chosen = set(selection.countries)
        masks["countries"] = table["country"].test(lambda codes: not chosen.isdisjoint(codes))
    if selection.actors:
        masks["actors"] = _has_actor(table, selection.actors)
    for field, column, wanted in (
        ("doers", "actor", selection.doers),
        ("recipients", "recipient", selection.recipients),
    ):
        if wanted:
            masks[field] = _is_named(table, column, wanted)
    if words := fold_text(selection.text).split():
        found = [table.find_word(word, SEARCHED) for word in words]
        masks["text"] = np.logical_and.reduce(found)
    if selection.start is not None or selection.end is not None:
        masks["dates"] = _has_days(table, selection.start, selection.end)
    if selection.area:
        masks["area"] = _lies_inside(table, selection.area)
    return masks


def read_area(text: str) -> tuple[tuple[float, float], ...]:
    """Return the corners that a text tells of: "latitude,longitude" with blanks between.

    Longitudes may go on beyond 180 by half a turn, for an area across the antimeridian. Raises
    ValueError, saying why, where the text tells of no polygon on the earth.
    """
    corners = []
    for written in text.split():
        try:
            latitude, longitude = map(float, written.split(","))
        except ValueError as error:
            raise ValueError(f"{written!r} is no corner; write latitude,longitude") from error
        if not (abs(latitude) <= 90 and abs(longitude) <= 360):
            raise ValueError(f"{written!r} is not on the earth; write the latitude first")
        corners.append((round(latitude, 4), round(longitude, 4)))
    if not 3 <= len(corners) <= MOST_CORNERS:
        raise ValueError(f"an area has 3 to {MOST_CORNERS} corners, not {len(corners)}")
    return tuple(corners)


def contain_points(
    area: tuple[tuple[float, float], ...],
    latitudes: NDArray[np.float64],
    longitudes: NDArray[np.float64],
) -> Mask:
    """Return which points lie in a polygon, by how often a line to the east crosses its edges.

    Degrees; a polygon drawn across the antimeridian has longitudes beyond 180, and holds the
    points there too. A point that is not a number lies nowhere.
    """
    corners = np.asarray(area, dtype=np.float64)
    inside: Mask = np.zeros(len(latitudes), dtype=bool)
    south, west = corners.min(axis=0)
    north, east = corners.max(axis=0)
    for turn in (-360.0, 0.0, 360.0):
        x = longitudes + turn
        near = np.flatnonzero(
            (latitudes >= south) & (latitudes <= north) & (x >= west) & (x <= east)
        )
        crossings = np.zeros(len(near), dtype=np.int64)
        for (y1, x1), (y2, x2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            if y1 == y2:
                continue
            across = np.flatnonzero((y1 > latitudes[near]) != (y2 > latitudes[near]))
            # Of these the part of the edge is between 0 and 1, however short the edge: no overflow.
            part = (latitudes[near[across]] - y1) / (y2 - y1)
            crossings[across] += x[near[across]] < x1 + part * (x2 - x1)
        inside[near] |= crossings % 2 == 1
    return inside


def _has_actor(table: CodedTable, wanted: tuple[str, ...]) -> Mask:
    names = {fold_text(name) for name in wanted}

    def matches(values: tuple[str, ...]) -> bool:
        folded = [fold_text(value) for value in values]
        return any(value in names or value.split(" ")[0] in names for value in folded)

    def is_named(values: tuple[str, ...]) -> bool:
        return any(fold_text(value) in names for value in values)

    found: Mask = np.zeros(len(table), dtype=bool)
    for column in ACTING:
        found |= table[column].test(matches if column.endswith("code") else is_named)
    return found


def _is_named(table: CodedTable, column: str, wanted: tuple[str, ...]) -> Mask:
    names = {fold_text(name) for name in wanted}
    return table[column].test(lambda values: any(fold_text(value) in names for value in values))


def _has_days(table: CodedTable, start: datetime.date | None, end: datetime.date | None) -> Mask:
    first, last = table.days
    kept: Mask = first != DATELESS
    if start is not None:
        kept &= last >= (start - EPOCH).days
    if end is not None:
        kept &= first <= (end - EPOCH).days
    return kept


def _lies_inside(table: CodedTable, area: tuple[tuple[float, float], ...]) -> Mask:
    countrywide = table["place_precision"].among([Precision.COUNTRY.value])
    inside = contain_points(area, table.numbers("latitude"), table.numbers("longitude"))
    return np.asarray(inside & ~countrywide, dtype=bool)
