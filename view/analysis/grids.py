"""A table of counts in rows and columns, to be shaded, clicked and taken home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from view.palette import SHADES

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Line:
    """A row or column: what it is called, and what to filter by; no `key` where it is a rest."""

    label: str
    key: str = ""


@dataclass(frozen=True)
class Grid:
    """Counts with a name for every row and column.

    `corner` names the rows. `marks` points some cells out, which is told by `marked`. `notes`
    say what is not in it.
    """

    corner: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    counts: Counts
    notes: tuple[str, ...] = ()
    marks: NDArray[np.bool_] | None = None
    marked: str = ""
    noun: str = "event"


def rank_breaks(counts: Counts) -> list[int]:
    """Return the least count of each shade: equal steps of the logarithm, lowest to highest.

    News comes in heavy tails; on even steps all but a few cells would look empty.
    """
    held = counts[counts > 0]
    if not held.size:
        return []
    low, high = int(held.min()), int(held.max())
    if high - low < len(SHADES):
        return list(range(low, high + 1))
    steps = np.geomspace(low, high, len(SHADES) + 1)[:-1]
    return sorted({round(step) for step in steps})


def describe_grid(grid: Grid, *, label: str) -> dict[str, Any]:
    """Return what figures.js draws of a grid, as plain values."""
    return {
        "kind": "grid",
        "label": label,
        "corner": grid.corner,
        "noun": grid.noun,
        "rows": [{"label": line.label, "key": line.key} for line in grid.rows],
        "columns": [{"label": line.label, "key": line.key} for line in grid.columns],
        "counts": grid.counts.tolist(),
        "marks": None if grid.marks is None else grid.marks.tolist(),
        "marked": grid.marked,
        "breaks": rank_breaks(grid.counts),
        "shades": [
            {"light": shade.light, "lightInk": shade.light_ink, "dark": shade.dark,
             "darkInk": shade.dark_ink}
            for shade in SHADES
        ],
        "notes": list(grid.notes),
    }  # fmt: skip


def tabulate_grid(grid: Grid) -> pd.DataFrame:
    """Return a grid as a table, with the total of each row."""
    names = _tell_apart([line.label for line in grid.columns])
    table = pd.DataFrame(grid.counts, columns=names)
    table.insert(0, grid.corner, [line.label for line in grid.rows])
    table.insert(1, "Total", grid.counts.sum(axis=1))
    return table


def _tell_apart(names: list[str]) -> list[str]:
    """Return names of which none stands twice, nor is the same as the total."""
    seen: dict[str, int] = {"Total": 1}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told
