"""The single values of a column whose cells may hold several, such as "Iran; Russia"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extract.coded import split_values
from view.columns import EventColumns, Mask


@dataclass(frozen=True, eq=False)
class Values:
    """A column by its single values.

    `names` are the values; `codes` tells which cell a row holds, -1 for none; cell
    `pairs[0][i]` holds value `pairs[1][i]`, each pair once. `cells` is the number of cells.
    """

    names: tuple[str, ...]
    codes: NDArray[np.int32]
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]]
    cells: int

    def count(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many of some rows hold each value."""
        held = np.bincount(self.codes[rows] + 1, minlength=self.cells + 1)[1:]
        counts = np.zeros(len(self.names), dtype=np.int64)
        np.add.at(counts, self.pairs[1], held[self.pairs[0]])
        return counts

    def count_periods(
        self, rows: NDArray[np.int64], periods: NDArray[np.int64], size: int
    ) -> NDArray[np.int64]:
        """Return counts per value and period; `periods` numbers the period of each of the rows."""
        held = np.bincount(
            (self.codes[rows].astype(np.int64) + 1) * size + periods,
            minlength=(self.cells + 1) * size,
        ).reshape(-1, size)[1:]
        counts = np.zeros((len(self.names), size), dtype=np.int64)
        np.add.at(counts, self.pairs[1], held[self.pairs[0]])
        return counts


def read_values(columns: EventColumns, names: Iterable[str]) -> tuple[Values, ...]:
    """Return the single values of some columns, with one numbering of the values for them all."""
    coded = [columns.coded[name] for name in names]
    split = [[tuple(dict.fromkeys(split_values(cell))) for cell in one.values] for one in coded]
    every = tuple(dict.fromkeys(value for cells in split for cell in cells for value in cell))
    number = {value: at for at, value in enumerate(every)}
    found = []
    for one, cells in zip(coded, split, strict=True):
        held = [(at, number[value]) for at, cell in enumerate(cells) for value in cell]
        pairs = np.array(held, dtype=np.int64).reshape(-1, 2)
        found.append(Values(every, one.codes, (pairs[:, 0], pairs[:, 1]), len(cells)))
    return tuple(found)


def find_dated(
    columns: EventColumns, mask: Mask, *, span: int
) -> tuple[NDArray[np.int64], int, int]:
    """Return the rows whose days are few enough for a period, and how many are not, or undated."""
    rows = np.flatnonzero(mask)
    starts = columns.start[rows]
    dated = starts != np.iinfo(np.int64).min
    sure = dated & (columns.end[rows] - starts < span)
    return rows[sure], int(np.count_nonzero(dated & ~sure)), int(np.count_nonzero(~dated))
