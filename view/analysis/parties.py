"""Who does something to whom: the actors with the most events, the others folded together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from view.analysis.grids import Grid, Line
from view.analysis.values import Values
from view.columns import Mask

MOST = 12
_OTHERS, _UNNAMED = -1, -2


def count_parties(mask: Mask, actors: Values, recipients: Values, *, most: int = MOST) -> Grid:
    """Count the events under the mask by actor (rows) and recipient (columns).

    An event of several actors counts for each of them; all beyond the first `most` are one row
    or column, and so are events that name nobody.
    """
    rows = np.flatnonzero(mask)
    sides = []
    for side in (actors, recipients):
        counts = side.count(rows)
        ranked = np.argsort(-counts, kind="stable")[:most]
        sides.append(ranked[counts[ranked] > 0])
    signs = [_sign_cells(side, top) for side, top in zip((actors, recipients), sides, strict=True)]
    (who, who_groups), (whom, whom_groups) = signs
    width = len(whom_groups)
    kinds = who[actors.codes[rows]] * width + whom[recipients.codes[rows]]
    table = np.bincount(kinds, minlength=len(who_groups) * width).reshape(-1, width)
    spread = _matrix(who_groups, len(sides[0])).T @ table @ _matrix(whom_groups, len(sides[1]))
    lines: list[tuple[Line, ...]] = []
    for axis, (side, top) in enumerate(zip((actors, recipients), sides, strict=True)):
        others = int(np.count_nonzero(side.count(rows))) - len(top)
        named = [Line(side.names[at], side.names[at]) for at in top]
        rest = spread.sum(axis=1 - axis)[len(top) :] > 0
        kept = np.concatenate([np.ones(len(top), dtype=bool), rest])
        every = [*named, Line(f"{others:,} others"), Line("nobody named")]
        lines.append(tuple(line for line, keep in zip(every, kept, strict=True) if keep))
        spread = np.compress(kept, spread, axis=axis)
    return Grid(
        corner="Who, to whom",
        rows=lines[0],
        columns=lines[1],
        counts=spread,
        notes=(
            f"The {most} actors and recipients with the most events; the others together. "
            "An event of several actors counts once for each.",
        ),
    )


def _sign_cells(
    side: Values, top: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[tuple[int, ...]]]:
    """Number the cells by which of the top values they hold; the last number is that of NA."""
    place = {int(value): at for at, value in enumerate(top)}
    held: list[set[int]] = [set() for _ in range(side.cells)]
    for cell, value in zip(*(part.tolist() for part in side.pairs), strict=True):
        held[cell].add(place.get(value, _OTHERS))
    groups = [tuple(sorted(cell)) or (_UNNAMED,) for cell in held] + [(_UNNAMED,)]
    distinct = list(dict.fromkeys(groups))
    number = {group: at for at, group in enumerate(distinct)}
    return np.array([number[group] for group in groups], dtype=np.int64), distinct


def _matrix(groups: list[tuple[int, ...]], size: int) -> NDArray[np.int64]:
    """Return which group holds which line: the top ones, then the others, then nobody."""
    matrix = np.zeros((len(groups), size + 2), dtype=np.int64)
    for at, group in enumerate(groups):
        for line in group:
            matrix[at, {_OTHERS: size, _UNNAMED: size + 1}.get(line, line)] = 1
    return matrix
