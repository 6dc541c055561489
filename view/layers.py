"""The other ways to look at the same events: heat, countries, areas; each with its scale.

Heat counts what lies at a spot or town where it lies, and spreads what is known to a larger
place over all of it. Countries count every event that touches them, also those that are known
no closer. Areas are the places larger than a town, as large as they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.coded import DATELESS, split_values
from view.clusters import project_pixels
from view.columns import LOOKS, TYPES, EventColumns, Mask
from view.names import name_country
from view.nodes import KINDS, LONGEST, Rows, count_places, tell_latest
from view.viewport import TILE_SIDE, Tile, count_tiles

POINTS, HEAT, COUNTRIES, MONTHLY, AREA = "points", "heat", "countries", "monthly", "areas"
LAYERS: dict[str, str] = {
    POINTS: "Events",
    HEAT: "Heat",
    COUNTRIES: "Countries",
    MONTHLY: "Countries per month",
    AREA: "Areas",
}
# From few to many, of one even step in lightness, told apart by every kind of colour vision and
# in grey; dark pages turn it round.
RAMP = ("#f9e6a5", "#f3bd67", "#e58b4d", "#c85a51", "#8f386d", "#4a2263")
CELL = 8  # pixels of a heat cell, a third of the width of its glow
MOST_AREAS = 400  # drawn at once, those with the most events; the legend says how many are left out
DAYS_PER_MONTH = 365.2425 / 12


def make_scale(values: NDArray[np.float64]) -> list[float]:
    """Return the lower bounds of at most six classes for some counts, in steps of 1, 2 and 5.

    They reach up to the largest value; where six such steps are too few for the range, steps
    are left out from below, as the lowest class holds whatever is smaller.
    """
    above = values[values > 0]
    if not len(above):
        return []
    top = float(above.max())
    low = float(above.min())
    steps = [
        factor * 10.0**power
        for power in range(math.floor(math.log10(low)), math.floor(math.log10(top)) + 1)
        for factor in (1, 2, 5)
    ]
    reached = [step for step in steps if low < step <= top]
    count = len(RAMP) - 1
    if len(reached) > count:
        # every second or third step keeps the scale readable over a long range
        stride = math.ceil(len(reached) / count)
        reached = reached[::-1][::stride][::-1]
    return [0.0, *(float(f"{step:.6g}") for step in reached)]


def describe_heat(
    columns: EventColumns, rows: Rows, *, level: int, tiles: Sequence[Tile]
) -> dict[str, Any]:
    """Return the counts of heat cells in some tiles, and the larger places that touch them.

    `x` and `y` are cells of `CELL` pixels at the zoom level. Each of `wide` is latitude,
    longitude, radius in km, events.
    """
    counts = count_places(columns, rows)
    latitudes, longitudes, wide, radii = (
        columns.spots[name] for name in ("latitude", "longitude", "wide", "radius_km")
    )
    x, y = project_pixels(latitudes, longitudes)
    scale, count = 2.0**level, count_tiles(level)
    spots = np.flatnonzero((counts > 0) & ~wide)
    per_tile = TILE_SIDE // CELL
    column = np.clip((x[spots] * scale / CELL).astype(np.int64), 0, count * per_tile - 1)
    row = np.clip((y[spots] * scale / CELL).astype(np.int64), 0, count * per_tile - 1)
    wanted = np.array([tile[0] + count * tile[1] for tile in tiles], dtype=np.int64)
    tile = column // per_tile + count * (row // per_tile)
    shown = np.isin(tile, wanted)
    cells, inverse = np.unique(column[shown] + (row[shown] << 32), return_inverse=True)
    held = np.bincount(inverse, weights=counts[spots[shown]], minlength=len(cells))
    areas = np.flatnonzero((counts > 0) & wide)
    return {
        "cell": CELL,
        "x": (cells & 0xFFFFFFFF).tolist(),
        "y": (cells >> 32).tolist(),
        "n": held.astype(np.int64).tolist(),
        "wide": [
            [
                round(float(latitudes[at]), 3),
                round(float(longitudes[at]), 3),
                round(float(radii[at]), 1),
                int(counts[at]),
            ]
            for at in areas[np.argsort(-counts[areas], kind="stable")][: 2 * MOST_AREAS]
        ],
    }


def describe_choropleth(
    columns: EventColumns, rows: Rows, *, months: float | None = None
) -> dict[str, Any]:
    """Return how many of some rows touch each country, or how many per month, with the scale."""
    counts = count_countries(columns, rows)
    codes = list(counts)
    values = np.array([counts[code] for code in codes], dtype=np.float64)
    if months is not None:
        values = values / max(months, 1.0)
    return {
        "code": codes,
        "name": [name_country(code) for code in codes],
        "n": [counts[code] for code in codes],
        "value": [float(f"{value:.3g}") if months is not None else int(value) for value in values],
        "scale": make_scale(values),
        "per": "month" if months is not None else "",
        "months": round(months, 1) if months is not None else None,
    }


def count_countries(columns: EventColumns, rows: Rows) -> dict[str, int]:
    """Return how many of some rows touch each country, the most first."""
    coded = columns.coded["country"]
    held = np.bincount(coded.codes[rows] + 1, minlength=len(coded.values) + 1)[1:]
    counts: dict[str, int] = {}
    for cell in np.flatnonzero(held).tolist():
        for code in split_values(coded.values[cell]):
            counts[code] = counts.get(code, 0) + int(held[cell])
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def count_months(columns: EventColumns, rows: Rows) -> float:
    """Return how many months lie between the first and the last day of some rows, at least one."""
    start = columns.start[rows]
    dated = start != DATELESS
    if not dated.any():
        return 1.0
    first, last = int(start[dated].min()), int(columns.end[rows][dated].max())
    return max(1.0, (last - first + 1) / DAYS_PER_MONTH)


def describe_areas(columns: EventColumns, mask: Mask, rows: Rows) -> dict[str, Any]:
    """Return the larger places with their extent as lists of one length, the largest first."""
    counts = count_places(columns, rows)
    places = columns.spots
    radii = places["radius_km"]
    found = np.flatnonzero((counts > 0) & places["wide"])
    found = found[np.argsort(-counts[found], kind="stable")]
    kept = found[:MOST_AREAS]
    kept = kept[np.argsort(-radii[kept], kind="stable")]
    number = np.full(len(counts), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    groups = np.append(number, -1)[columns.place[rows]]
    inside = groups >= 0
    table = np.bincount(
        groups[inside] * KINDS + columns.kind[rows[inside]], minlength=len(kept) * KINDS
    ).reshape(len(kept), len(TYPES), len(LOOKS))
    hints = tell_latest(columns, mask, kept.tolist(), at_places=True)
    names = places["name"]
    return {
        "place": kept.tolist(),
        "latitude": places["latitude"][kept].round(4).tolist(),
        "longitude": places["longitude"][kept].round(4).tolist(),
        "radius": radii[kept].round(1).tolist(),
        "n": counts[kept].tolist(),
        "type": table.sum(axis=2).argmax(axis=1).tolist() if len(kept) else [],
        "look": table.sum(axis=1).argmax(axis=1).tolist() if len(kept) else [],
        "name": [str(names[at])[:LONGEST] for at in kept],
        "lines": [hints[int(at)] for at in kept],
        "scale": make_scale(counts[kept].astype(np.float64)),
        "left": len(found) - len(kept),
    }


def describe_nations(columns: EventColumns, mask: Mask) -> dict[str, Any]:
    """Return the events placed only in a country as a whole, per country, as lists."""
    reached = np.concatenate([[0], np.cumsum(mask[columns.in_nation.rows])])
    counts = np.diff(reached[columns.in_nation.offsets])
    shown = np.flatnonzero(counts)
    hints = tell_latest(columns, mask, shown.tolist(), at_places=False)
    return {
        "code": [columns.nations[at] for at in shown],
        "name": [name_country(columns.nations[at]) for at in shown],
        "n": counts[shown].tolist(),
        "lines": [hints[int(at)] for at in shown],
    }
