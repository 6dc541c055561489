"""The symbols of the map: places and clusters of places with what they hold, as columns.

    mask -> events per place -> clusters of the zoom level -> those in some tiles

All is counted by numpy over codes; a symbol is a number in each of a dozen lists. Where the
places are few, the symbols of all zoom levels are made at once, each with the levels between
which it stands, so that the browser asks for nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.snapshot import take_rows
from view.clusters import DEEPEST, project_pixels
from view.columns import LOOKS, QUAD_OF_TYPE, QUADS, TYPES, EventColumns, Mask
from view.palette import TYPE_STYLES
from view.viewport import TILE_SIDE, Tile, count_tiles
from view.words import date_words

FEW = 250  # places; their symbols of all levels are under 100 kB
HINTS = 3  # newest events told of a place while the pointer is over it
MANY = 120  # places told of at once, from which on one event each must do
LONGEST = 100
KINDS = len(TYPES) * len(LOOKS)
FOREVER = 99

Rows = NDArray[np.integer[Any]]


def count_places(columns: EventColumns, rows: Rows) -> NDArray[np.int64]:
    """Return how many of some rows each place holds."""
    return np.bincount(columns.place[rows] + 1, minlength=len(columns.places) + 1)[1:]


def describe_all_nodes(
    columns: EventColumns, mask: Mask, rows: Rows, *, picked: int = -1
) -> dict[str, Any]:
    """Return the symbols of every zoom level: for few places. `picked` is a place to point out."""
    counts = count_places(columns, rows)
    used = np.flatnonzero(counts)
    group_of = np.full(len(counts), -1, dtype=np.int64)
    group_of[used] = np.arange(len(used))
    table = _count_kinds(columns, rows, group_of, len(used))
    # (first member, size) -> deepest level, shallowest level, index into members, head
    found: dict[tuple[int, int], list[int]] = {}
    members: list[NDArray[np.int64]] = []
    for level in range(DEEPEST + 1, -1, -1):
        heads, inverse = np.unique(columns.tree.at(level)[used], return_inverse=True)
        for at in range(len(heads)):
            own = np.flatnonzero(inverse == at)
            # Clusters are nested, so what has the same first member and size is the same one.
            key = (int(own[0]), len(own))
            if key in found and found[key][1] == level + 1:
                found[key][1] = level
            else:
                deepest = FOREVER if level == DEEPEST + 1 else level
                found[key] = [deepest, level, len(members), int(heads[at])]
                members.append(own)
    order = sorted(found.values(), key=lambda node: node[2])
    nodes = _write_nodes(
        columns,
        mask,
        places=[used[members[node[2]]] for node in order],
        counts=counts,
        kinds=np.array([table[members[node[2]]].sum(axis=0) for node in order]).reshape(-1, KINDS),
        heads=[node[3] for node in order],
        levels=[(node[1], node[0]) for node in order],
        tiles=None,
    )
    nodes["picked"] = [at for at, node in enumerate(order) if picked in used[members[node[2]]]]
    return nodes


def describe_nodes(
    columns: EventColumns, mask: Mask, rows: Rows, *, level: int, tiles: Sequence[Tile]
) -> dict[str, Any]:
    """Return the symbols of one zoom level whose middles lie in some tiles."""
    counts = count_places(columns, rows)
    used = np.flatnonzero(counts)
    latitudes, longitudes = columns.spots["latitude"], columns.spots["longitude"]
    head = columns.tree.at(level)[used]
    size = len(counts)
    held = np.bincount(head, weights=counts[used], minlength=size)
    heads = np.flatnonzero(held)
    middle = [
        np.bincount(head, weights=counts[used] * axis[used], minlength=size)[heads] / held[heads]
        for axis in (latitudes, longitudes)
    ]
    x, y = project_pixels(*middle)
    scale, count = 2.0**level / TILE_SIDE, count_tiles(level)
    tile = np.clip((x * scale).astype(np.int64), 0, count - 1) + count * np.clip(
        (y * scale).astype(np.int64), 0, count - 1
    )
    wanted = np.array([column + count * row for column, row in tiles], dtype=np.int64)
    shown = np.isin(tile, wanted)
    heads, tile = heads[shown], tile[shown]
    # From places to the symbols shown, and from there to the rows that they count.
    number = np.full(size, -1, dtype=np.int64)
    number[heads] = np.arange(len(heads))
    group_of = np.full(size, -1, dtype=np.int64)
    group_of[used] = number[head]
    table = _count_kinds(columns, rows, group_of, len(heads))
    mine = used[group_of[used] >= 0]
    order = np.lexsort((-counts[mine], group_of[mine]))
    mine = mine[order]
    bounds = np.searchsorted(group_of[mine], np.arange(len(heads) + 1))
    position = {int(value): at for at, value in enumerate(wanted)}
    return _write_nodes(
        columns,
        mask,
        places=[mine[bounds[at] : bounds[at + 1]] for at in range(len(heads))],
        counts=counts,
        kinds=table,
        heads=heads.tolist(),
        levels=[(level, level)] * len(heads),
        tiles=[position[value] for value in tile.tolist()],
    )


def _count_kinds(
    columns: EventColumns, rows: Rows, group_of: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """Return how many events of each kind each group holds, as a table of size by KINDS."""
    place = columns.place[rows]
    groups = np.append(group_of, -1)[place]
    inside = groups >= 0
    keys = groups[inside] * KINDS + columns.kind[rows[inside]]
    return np.bincount(keys, minlength=size * KINDS).reshape(size, KINDS)


def _write_nodes(
    columns: EventColumns,
    mask: Mask,
    *,
    places: list[NDArray[np.int64]],
    counts: NDArray[np.int64],
    kinds: NDArray[np.int64],
    heads: list[int],
    levels: list[tuple[int, int]],
    tiles: list[int] | None,
) -> dict[str, Any]:
    """Return the symbols as lists of one length; `places` are each symbol's own."""
    names, latitudes, longitudes, wide, radii = (
        columns.spots[name] for name in ("name", "latitude", "longitude", "wide", "radius_km")
    )
    table = kinds.reshape(-1, len(TYPES), len(LOOKS))
    by_type, by_look = table.sum(axis=2), table.sum(axis=1)
    quads = np.zeros((len(places), len(QUADS)), dtype=np.int64)
    for quad in range(len(QUADS)):
        quads[:, quad] = by_type[:, quad == QUAD_OF_TYPE].sum(axis=1)
    alone = np.array([len(own) == 1 for own in places], dtype=bool)
    singles = [int(own[0]) for own in places if len(own) == 1]
    hints = tell_latest(columns, mask, singles, at_places=True)
    # All members in one line, each symbol's own from the heaviest down: sums of stretches of it.
    joined = np.concatenate(places) if places else np.array([], dtype=np.int64)
    sizes = np.array([len(own) for own in places], dtype=np.int64)
    first = np.cumsum(sizes) - sizes
    symbol = np.repeat(np.arange(len(places)), sizes)
    order = np.lexsort((-counts[joined], symbol))
    joined = joined[order]
    box: dict[str, NDArray[np.float64]] = {}
    middle = {}
    if places:
        weights = counts[joined]
        total = np.add.reduceat(weights, first)
        for name, axis in (("latitude", latitudes), ("longitude", longitudes)):
            middle[name] = (np.add.reduceat(weights * axis[joined], first) / total).round(4)
            box[f"low {name}"] = np.minimum.reduceat(axis[joined], first).round(4)
            box[f"high {name}"] = np.maximum.reduceat(axis[joined], first).round(4)
    corners = np.column_stack(list(box.values())).tolist() if places else []
    told: dict[str, list[Any]] = {
        "latitude": middle["latitude"].tolist() if places else [],
        "longitude": middle["longitude"].tolist() if places else [],
        "members": sizes.tolist(),
    }
    told |= {name: [] for name in ("name", "lines", "radius", "box")}
    for begin, size, corner in zip(first.tolist(), sizes.tolist(), corners, strict=True):
        place = int(joined[begin])
        if size == 1:
            told["name"].append(names[place])
            told["lines"].append(hints[place])
            told["radius"].append(round(float(radii[place]), 1) if wide[place] else 0)
            told["box"].append(place)
            continue
        largest = joined[begin : begin + min(HINTS, size)]
        more = size - len(largest)
        line = ", ".join(names[largest]) + (f" and {more:,} more" if more else "")
        told["name"].append("")
        told["lines"].append([line[:LONGEST]])
        told["radius"].append(0)
        told["box"].append(corner)
    return {
        "head": heads,
        "from": [low for low, _ in levels],
        "until": [high for _, high in levels],
        **told,
        "n": table.sum(axis=(1, 2)).tolist(),
        "quads": quads.ravel().tolist(),
        "type": np.where(
            alone & ((by_type > 0).sum(axis=1) == 1), by_type.argmax(axis=1), -1
        ).tolist(),
        "main": by_type.argmax(axis=1).tolist(),
        "look": by_look.argmax(axis=1).tolist(),
        "tile": tiles,
    }


def tell_latest(
    columns: EventColumns, mask: Mask, groups: Sequence[int], *, at_places: bool
) -> dict[int, list[str]]:
    """Return the newest few events of some places, or of some nations, as short lines."""
    rows_of = columns.at_place if at_places else columns.in_nation
    hints = HINTS if len(groups) <= MANY else 1
    distinct = list(dict.fromkeys(groups))
    rows = [rows_of.latest(group, mask, hints) for group in distinct]
    every = np.concatenate(rows) if rows else np.array([], dtype=np.int64)
    lines = tell_rows(columns, every)
    told, at = {}, 0
    for group, own in zip(distinct, rows, strict=True):
        told[group] = lines[at : at + len(own)]
        at += len(own)
    return told


def tell_rows(columns: EventColumns, rows: Rows) -> list[str]:
    """Return rows as short lines: when, what kind, the headline."""
    wanted = ["date_start", "date_end", "date_granularity", "title", "trigger"]
    chosen = take_rows(columns.table.select(wanted), rows).to_pydict()
    cells = zip(*(chosen[name] for name in wanted), columns.type[rows], strict=True)
    return [
        f"{date_words(start, end, granularity)} · {TYPE_STYLES[TYPES[kind]].label} · "
        f"{title or trigger or ''}"[:LONGEST]
        for start, end, granularity, title, trigger, kind in cells
    ]
