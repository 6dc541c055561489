"""Places that would overlap on the screen, joined into clusters, for every zoom level at once.

Each place starts alone at the deepest zoom level; going up level by level, what comes nearer
than `RADIUS` pixels is joined. A node lives from one zoom level to another, so the browser
opens and closes clusters by itself, and what is sent grows with the places, not with the
levels: n places never make more than 2n - 1 nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHALLOWEST, DEEPEST = 1, 12
RADIUS = 40.0
TILE = 256.0


@dataclass(frozen=True, slots=True)
class Node:
    """A place or a cluster of places, shown from zoom level `shallow` to `deep`, inclusive.

    `members` are indices into the arrays the nodes were made from. The position of a cluster
    is the weighted middle of its places, of a single place its own.
    """

    latitude: float
    longitude: float
    members: tuple[int, ...]
    shallow: int
    deep: int


def project_pixels(
    latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x and y in Web Mercator pixels at zoom level 0, poles cut at 85 degrees."""
    x = (longitudes + 180.0) / 360.0 * TILE
    sine = np.sin(np.radians(np.clip(latitudes, -85.0, 85.0)))
    y = (0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)) * TILE
    return x, y


def cluster_places(
    latitudes: NDArray[np.float64],
    longitudes: NDArray[np.float64],
    weights: NDArray[np.int64],
) -> list[Node]:
    """Return the nodes of all zoom levels for some places, each place in one node per level.

    The arrays are of one length: degrees, degrees, and how many events each place holds.
    Heavier places are the seeds that lighter ones join.
    """
    x, y = project_pixels(latitudes, longitudes)
    groups: list[tuple[int, ...]] = [(index,) for index in range(len(x))]
    born = [DEEPEST] * len(groups)
    middles = np.column_stack([x, y]) if len(x) else np.empty((0, 2))
    loads = weights.astype(np.float64)
    nodes: list[Node] = []

    def close(at: int, shallow: int) -> None:
        members = groups[at]
        index = np.array(members)
        share = weights[index] / weights[index].sum()
        nodes.append(
            Node(
                float(latitudes[index] @ share),
                float(longitudes[index] @ share),
                members,
                shallow,
                born[at],
            )
        )

    for zoom in range(DEEPEST - 1, SHALLOWEST - 1, -1):
        joined = _join_near(middles, loads, reach=RADIUS / 2.0**zoom)
        if len(joined) == len(groups):
            continue
        for parts in joined:
            if len(parts) > 1:
                for part in parts:
                    close(part, zoom + 1)
        born = [zoom if len(parts) > 1 else born[parts[0]] for parts in joined]
        groups = [tuple(m for part in parts for m in groups[part]) for parts in joined]
        middles = np.array(
            [np.average(middles[parts], axis=0, weights=loads[parts]) for parts in joined]
        )
        loads = np.array([loads[parts].sum() for parts in joined])
    for at in range(len(groups)):
        close(at, 0)
    return nodes


def _join_near(
    middles: NDArray[np.float64], loads: NDArray[np.float64], *, reach: float
) -> list[list[int]]:
    """Return groups of indices that lie within `reach` of their heaviest member."""
    cells: dict[tuple[int, int], list[int]] = {}
    keys = [(int(cx), int(cy)) for cx, cy in np.floor(middles / reach)]
    for index, key in enumerate(keys):
        cells.setdefault(key, []).append(index)
    taken = np.zeros(len(middles), dtype=bool)
    groups = []
    for seed in np.argsort(-loads, kind="stable"):
        if taken[seed]:
            continue
        taken[seed] = True
        group = [int(seed)]
        column, row = keys[seed]
        for cell in [(column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
            for other in cells.get(cell, ()):
                if not taken[other]:
                    step = middles[other] - middles[seed]
                    if step @ step <= reach * reach:
                        taken[other] = True
                        group.append(other)
        groups.append(group)
    return groups
