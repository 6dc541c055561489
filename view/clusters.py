"""Which places stand together on the screen, for every zoom level, reckoned once for a table.

Going up from the deepest zoom level, what comes nearer than `RADIUS` pixels to a heavier place
is joined to it. Which places may stand together does not depend on the filter: filtering,
panning and playing only change the numbers, so that clusters stay where they are and no
request takes longer than a count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHALLOWEST, DEEPEST = 1, 13
RADIUS = 40.0
TILE = 256.0
# Rounds of choosing seeds in one level; after three, one place in ten thousand is left over.
ROUNDS = 3


@dataclass(frozen=True, eq=False, slots=True)
class ClusterTree:
    """The cluster of each place at each zoom level.

    `heads[z]` holds for every place the number of the place that stands for its cluster at
    zoom level z, from 0 to DEEPEST + 1; deeper levels are as the last, where only places on the
    very same spot are together. Clusters are nested: what is together stays so further out.
    """

    heads: NDArray[np.int32]

    def at(self, zoom: int) -> NDArray[np.int32]:
        """Return the head of each place's cluster at a zoom level, whichever it is."""
        return np.asarray(self.heads[min(max(zoom, 0), len(self.heads) - 1)])


def project_pixels(
    latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x and y in Web Mercator pixels at zoom level 0, poles cut at 85 degrees."""
    x = (longitudes + 180.0) / 360.0 * TILE
    sine = np.sin(np.radians(np.clip(latitudes, -85.0, 85.0)))
    y = (0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)) * TILE
    return x, y


def build_tree(
    latitudes: NDArray[np.float64], longitudes: NDArray[np.float64], weights: NDArray[np.int64]
) -> ClusterTree:
    """Return the clusters of some places, heavier places the heads that lighter ones join.

    The arrays are of one length: degrees, degrees, and how many events each place holds.
    """
    size = len(latitudes)
    heads = np.empty((DEEPEST + 2, size), dtype=np.int32)
    x, y = project_pixels(latitudes, longitudes)
    # From the heaviest down, so that a lower number among the groups is a heavier group.
    order = np.argsort(-weights, kind="stable")
    spots = np.round(x[order], 6) + 1j * np.round(y[order], 6)
    _, first, inverse = np.unique(spots, return_index=True, return_inverse=True)
    head_of = first[inverse]  # the place, in order of weight, that each place belongs to
    heads[DEEPEST + 1, order] = order[head_of]
    load = np.bincount(head_of, weights=weights[order], minlength=size)
    middle_x, middle_y = x[order].copy(), y[order].copy()
    for zoom in range(DEEPEST, -1, -1):
        if zoom >= SHALLOWEST:
            groups = np.unique(head_of)
            groups = groups[np.argsort(-load[groups], kind="stable")]
            joined = groups[
                _join_near(middle_x[groups], middle_y[groups], reach=RADIUS / 2.0**zoom)
            ]
            moved = joined != groups
            if moved.any():
                whole = np.bincount(joined, weights=load[groups], minlength=size)
                for middle in (middle_x, middle_y):
                    total = np.bincount(
                        joined, weights=load[groups] * middle[groups], minlength=size
                    )
                    kept = whole > 0
                    middle[kept] = total[kept] / whole[kept]
                load = whole
                becomes = np.arange(size)
                becomes[groups] = joined
                head_of = becomes[head_of]
        heads[zoom, order] = order[head_of]
    return ClusterTree(heads)


def _join_near(
    x: NDArray[np.float64], y: NDArray[np.float64], *, reach: float
) -> NDArray[np.int64]:
    """Return for each point the one it joins, itself where it stays alone or leads.

    Points come from the heaviest down. In each round the points that no heavier one is near
    become seeds, and whatever lies within `reach` of a seed joins the heaviest such.
    """
    joins = np.arange(len(x))
    column, row = np.floor(x / reach).astype(np.int64), np.floor(y / reach).astype(np.int64)
    cell = (column << 32) + row
    # What has nobody in its cell or the eight around it stays alone.
    left = _with_company(cell)
    for _ in range(ROUNDS):
        if len(left) < 2:
            break
        # the heaviest point of each cell, as `left` goes from the heaviest down
        cells, first = np.unique(cell[left], return_index=True)
        lead = left[first]
        seed = lead.copy()
        for near in _neighbours(cells, lead, cells):
            close = (near >= 0) & (near < seed)
            close &= np.hypot(x[near] - x[lead], y[near] - y[lead]) <= reach
            seed = np.where(close, near, seed)
        chosen = seed == lead
        cells, lead = cells[chosen], lead[chosen]
        best = np.full(len(left), len(x), dtype=np.int64)
        for near in _neighbours(cells, lead, cell[left], own=True):
            close = (near >= 0) & (near < best)
            close &= np.hypot(x[near] - x[left], y[near] - y[left]) <= reach
            best = np.where(close, near, best)
        found = best < len(x)
        joins[left[found]] = best[found]
        left = left[~found]
    return joins


def _with_company(cell: NDArray[np.int64]) -> NDArray[np.int64]:
    cells, counts = np.unique(cell, return_counts=True)
    company = counts > 1
    for near in _neighbours(cells, np.arange(len(cells)), cells):
        company |= near >= 0
    return np.flatnonzero(company[np.searchsorted(cells, cell)])


def _neighbours(
    cells: NDArray[np.int64],
    points: NDArray[np.int64],
    asked: NDArray[np.int64],
    *,
    own: bool = False,
) -> list[NDArray[np.int64]]:
    """Return for each of the eight directions the point in the cell there, -1 for none."""
    found = []
    for right in (-1, 0, 1):
        for down in (-1, 0, 1):
            if not own and right == down == 0:
                continue
            wanted = asked + (right << 32) + down
            at = np.minimum(np.searchsorted(cells, wanted), max(len(cells) - 1, 0))
            found.append(
                np.where(cells[at] == wanted, points[at], -1)
                if len(cells)
                else np.full(len(asked), -1)
            )
    return found
