"""The events table as the page reads it: codes in arrays, so that filtering never makes objects.

Made once for a table and shared by map, timeline, list and counts. A filter is a mask over
the rows; everything that is drawn is counted from a mask with a few numpy passes. The texts
stay in the mapped snapshot, and `take_rows` brings those that are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from extract.coded import DATELESS, LONG, CodedTable, Mask, split_values
from extract.plover import EVENT_TYPES
from extract.records import Precision
from extract.snapshot import decode_rows, encode_frame
from extract.snapshot import take_rows as take_table_rows
from extract.table import COLUMNS
from view.clusters import ClusterTree, build_tree
from view.palette import LOOK_LABELS, QUAD_COLOURS, STATUS_LOOKS, TYPE_STYLES

__all__ = ["DATELESS", "LOOKS", "QUADS", "QUAD_OF_TYPE", "TYPES", "EventColumns", "Groups",
           "Mask", "find_row", "order_rows", "read_columns", "take_records",
           "take_rows"]  # fmt: skip

TYPES = tuple(TYPE_STYLES)
QUADS = tuple(QUAD_COLOURS)
LOOKS = tuple(LOOK_LABELS)
QUAD_OF_TYPE = np.array([QUADS.index(EVENT_TYPES[name].quad_class.value) for name in TYPES])
AREAS = tuple(
    precision.value
    for precision in (Precision.DISTRICT, Precision.PROVINCE, Precision.REGION, Precision.SEA)
)
# Days fit beside the number of a group in one sorting key: 2,800 years each side of 1970.
_DAY_BITS = 21
_FURTHEST = 1 << (_DAY_BITS - 1)


@dataclass(frozen=True, eq=False, slots=True)
class Groups:
    """Rows by group, the newest first: those of group g are rows[offsets[g]:offsets[g + 1]]."""

    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]

    def of(self, group: int) -> NDArray[np.int32]:
        """Return the rows of a group, none for a number that stands for no group."""
        if not 0 <= group < len(self.offsets) - 1:
            return self.rows[:0]
        return self.rows[self.offsets[group] : self.offsets[group + 1]]

    def latest(self, group: int, mask: Mask, limit: int) -> NDArray[np.int32]:
        """Return the newest few rows of a group under the mask."""
        rows = self.of(group)
        # Most groups are seen whole; only where the filter is narrow is all of one looked at.
        head = rows[: 8 * limit]
        found = head[mask[head]]
        if len(found) < limit and len(rows) > len(head):
            found = rows[mask[rows]]
        return found[:limit]


@dataclass(frozen=True, eq=False)
class EventColumns:
    """An events table with the codes that drawing needs, row by row.

    `table` is the table itself in Arrow, `coded` its columns as codes. `type`, `look` index
    into TYPES and LOOKS, `kind` is type * len(LOOKS) + look. `place` indexes into `places`, -1
    where the event has no spot or area of its own (no place, or a whole country). `start` and
    `end` are days since 1970, `DATELESS` where unknown; a lone end is taken as the start too.
    `places` has one row per distinct place with name, latitude, longitude, precision, radius_km;
    `at_place` the rows of each, `tree` which of them stand together at a zoom level.
    `countrywide` marks rows placed only in a country; `nations` are the codes of those
    countries and `in_nation` the rows of each.
    """

    table: pa.Table
    coded: CodedTable
    type: NDArray[np.int16]
    look: NDArray[np.int16]
    kind: NDArray[np.uint8]
    place: NDArray[np.int32]
    places: pd.DataFrame
    at_place: Groups
    tree: ClusterTree
    countrywide: Mask
    nations: tuple[str, ...]
    in_nation: Groups
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def spots(self) -> dict[str, NDArray[Any]]:
        """The columns of `places` as arrays, and `wide`: larger than a town, with an extent."""
        arrays = {str(name): self.places[name].to_numpy(dtype=None) for name in self.places}
        arrays["name"] = np.array(self.places["name"].tolist(), dtype=object)
        area = np.isin(self.places["precision"].to_numpy().astype(str), AREAS)
        return arrays | {"wide": area & (arrays["radius_km"] > 0)}

    @cached_property
    def place_order(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The numbers of the places from south to north, and from west to east."""
        axes = ("latitude", "longitude")
        south, west = (np.argsort(self.spots[axis], kind="stable") for axis in axes)
        return south, west

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The whole table as a data frame: for small tables, as in tests."""
        return decode_rows(self.table)


def read_columns(table: pa.Table | pd.DataFrame) -> EventColumns:
    """Return the codes of an events table, a snapshot's or a data frame; the order is kept."""
    if isinstance(table, pd.DataFrame):
        table = pa.Table.from_batches([encode_frame(table)])
    coded = CodedTable.of_arrow(table)
    start, end = coded.days
    types = {name: code for code, name in enumerate(TYPES)}
    looks = {status: LOOKS.index(look) for status, look in STATUS_LOOKS.items()}
    kind_type = _recode(coded, "event_type", types)
    kind_look = _recode(coded, "status", looks)
    countrywide = coded["place_precision"].among([Precision.COUNTRY.value])
    place, places = _number_places(coded, countrywide)
    counts = np.bincount(place + 1, minlength=len(places) + 1)[1:]
    nations, in_nation = _group_nations(coded, countrywide, start)
    return EventColumns(
        table=table,
        coded=coded,
        type=kind_type,
        look=kind_look,
        kind=(kind_type * len(LOOKS) + kind_look).astype(np.uint8),
        place=place,
        places=places,
        at_place=group_rows(place, np.arange(len(place), dtype=np.int32), start, len(places)),
        tree=build_tree(places["latitude"].to_numpy(), places["longitude"].to_numpy(), counts),
        countrywide=countrywide,
        nations=nations,
        in_nation=in_nation,
        start=start,
        end=end,
    )


def take_rows(
    columns: EventColumns, rows: NDArray[np.integer] | Mask, names: Sequence[str] = tuple(COLUMNS)
) -> pd.DataFrame:
    """Return some rows as a data frame of `extract.table` with a plain running index.

    `rows` are numbers, whose order is kept, or a mask. `names` are the columns that are looked
    at, all where it is left out: forty columns take longer than sixty rows.
    """
    chosen = np.asarray(rows)
    if chosen.dtype == bool:
        chosen = np.flatnonzero(chosen)
    return decode_rows(take_table_rows(columns.table.select(list(names)), chosen))


def take_records(
    columns: EventColumns, rows: NDArray[np.integer], names: Sequence[str]
) -> list[dict[str, Any]]:
    """Return some rows as plain values in the order of `rows`: days as dates, None for unknown.

    For what a page shows: a data frame of a hundred rows takes longer than all that is done with
    it. `names` are columns whose cells are texts, numbers, days or lists of texts.
    """
    found: list[dict[str, Any]] = take_table_rows(
        columns.table.select(list(names)), rows
    ).to_pylist()
    return found


def find_row(columns: EventColumns, event_id: str | None) -> int | None:
    """Return the row of an event, None where there is none of that id."""
    if not event_id or not event_id.isascii():
        return None
    row = pc.index(columns.table.column("event_id"), pa.scalar(event_id)).as_py()
    return int(row) if row >= 0 else None


def order_rows(
    columns: EventColumns, mask: Mask, *, by: str = "date_start", descending: bool = True
) -> NDArray[np.int64]:
    """Return the rows under the mask in the order of a column; unknown cells are always last.

    Equal cells keep the order of the table. `by` is a column of `extract.table`.
    """
    rows = np.flatnonzero(mask)
    dtype = COLUMNS[by]
    if by in ("date_start", "date_end"):
        days = columns.start if by == "date_start" else columns.end
        keys, unknown = days[rows].astype(np.float64), days[rows] == DATELESS
    elif by in LONG or by in ("event_id", "url") or dtype == "datetime64[s]":
        cells = columns.table.column(by).take(pa.array(rows))
        keys = pc.rank(cells, tiebreaker="dense").to_numpy().astype(np.float64)
        unknown = np.asarray(cells.is_null().to_numpy(), dtype=bool)
    elif dtype in ("Int64", "Float64"):
        keys = columns.coded.numbers(by)[rows]
        unknown = np.isnan(keys)
    else:
        coded = columns.coded[by]
        ranks = np.argsort(np.argsort(np.array(coded.values, dtype=object), kind="stable"))
        codes = coded.codes[rows]
        unknown = codes < 0
        keys = np.append(ranks, 0)[codes].astype(np.float64)
    keys = np.where(unknown, np.inf, -keys if descending else keys)
    return rows[np.argsort(keys, kind="stable")]


def group_rows(
    groups: NDArray[np.int32], rows: NDArray[np.int32], start: NDArray[np.int64], size: int
) -> Groups:
    """Return rows by group, the newest first; `groups` has a number per row, -1 for none."""
    kept = groups >= 0
    groups, rows = groups[kept].astype(np.int64), rows[kept]
    age = _FURTHEST - 1 - np.clip(start[rows], -_FURTHEST, _FURTHEST - 1)
    order = np.argsort((groups << _DAY_BITS) + age, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=size))])
    return Groups(offsets.astype(np.int64), rows[order])


def _recode(coded: CodedTable, column: str, codes: dict[str, int]) -> NDArray[np.int16]:
    found = coded[column]
    table = np.array([codes[value] for value in found.values], dtype=np.int16)
    return np.asarray(table[found.codes], dtype=np.int16)


def _number_places(coded: CodedTable, countrywide: Mask) -> tuple[NDArray[np.int32], pd.DataFrame]:
    """Number the distinct places in the order in which they first come."""
    latitude, longitude = coded.numbers("latitude"), coded.numbers("longitude")
    radius = np.nan_to_num(coded.numbers("radius_km"), nan=0.0)
    name, precision = coded["place"], coded["place_precision"]
    place = np.full(len(coded), -1, dtype=np.int32)
    rows = np.flatnonzero(~np.isnan(latitude) & ~countrywide)
    # One number for all that makes a place: two of a million agree by chance once in 40 million.
    key = np.zeros(len(rows), dtype=np.uint64)
    for values in (name.codes, precision.codes, latitude, longitude, radius):
        bits = (values[rows].astype(np.float64) + 0.0).view(np.uint64)
        key = (key ^ bits) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    numbers, _ = pd.factorize(key)
    place[rows] = numbers
    first = np.full(int(numbers.max()) + 1 if len(numbers) else 0, -1, dtype=np.int64)
    first[numbers[::-1]] = rows[::-1]
    names = np.array([*name.values, "unnamed place"], dtype=object)
    return place, pd.DataFrame(
        {
            "name": names[name.codes[first]] if len(first) else np.array([], dtype=object),
            "latitude": latitude[first],
            "longitude": longitude[first],
            "precision": np.array([*precision.values, ""], dtype=object)[precision.codes[first]],
            "radius_km": radius[first],
        }
    )


def _group_nations(
    coded: CodedTable, countrywide: Mask, start: NDArray[np.int64]
) -> tuple[tuple[str, ...], Groups]:
    cells = coded["country"]
    values = [split_values(cell) for cell in cells.values]
    nations = tuple(dict.fromkeys(code for cell in values for code in cell))
    number = {code: at for at, code in enumerate(nations)}
    rows = np.flatnonzero(countrywide).astype(np.int32)
    groups, members = [], []
    # A cell names a country or two: one pass for the first of each, one for the second, ...
    for turn in range(max(map(len, values), default=0)):
        table = np.array(
            [number[cell[turn]] if turn < len(cell) else -1 for cell in values] + [-1],
            dtype=np.int32,
        )
        groups.append(table[cells.codes[rows]])
        members.append(rows)
    if not groups:
        return nations, Groups(np.zeros(len(nations) + 1, dtype=np.int64), rows[:0])
    return nations, group_rows(np.concatenate(groups), np.concatenate(members), start, len(nations))
