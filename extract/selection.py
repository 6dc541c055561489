"""Which events to show: one filter for the page and for the command line.

    Selection + events table -> events table

An empty field does not restrict. Fields are joined by "and", the values of one field by "or".
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd

# The columns that free text is looked for in.
SEARCHED = ("title", "sentence", "place", "actor", "recipient", "trigger", "source", "admin1")
ACTING = ("actor", "actor_code", "recipient", "recipient_code")
NO_PLACE = "none"
SEPARATOR = re.compile(r"\s*[;|]\s*")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Selection:
    """What to keep of an events table.

    `countries` are ISO 3166-1 alpha-3 codes: an event is kept when any of its countries is
    among them. `start` and `end` are inclusive days: an event is kept when its own days touch
    them, and one without a date is dropped as soon as either is given. `actors` are names or
    codes of those who act or are acted upon, or the first word of a code ("IRN" keeps
    "IRN MIL"). `precisions` may hold "none" for the events without a place. `text` is looked
    for word by word, blind to case and accents, in the title, the sentence and the names.
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

    @property
    def empty(self) -> bool:
        """Whether nothing is restricted."""
        return not any(getattr(self, field.name) for field in fields(self))


def select_events(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return the rows that the selection keeps, in their order, with their index.

    The frame is one of `extract.table`; its columns and dtypes stay, and it is not changed.
    """
    keep: Mask = np.ones(len(frame), dtype=bool)
    for column, wanted in (
        ("event_type", selection.types),
        ("status", selection.statuses),
        ("source", selection.sources),
    ):
        if wanted:
            keep &= frame[column].isin(list(wanted)).to_numpy(dtype=bool)
    if selection.precisions:
        keep &= _has_precision(frame["place_precision"], selection.precisions)
    if selection.countries:
        chosen = set(selection.countries)
        keep &= _test_values(frame["country"], lambda codes: not chosen.isdisjoint(codes))
    if selection.start is not None:
        last = frame["date_end"].fillna(frame["date_start"])
        keep &= (last >= pd.Timestamp(selection.start)).to_numpy(dtype=bool)
    if selection.end is not None:
        first = frame["date_start"].fillna(frame["date_end"])
        keep &= (first <= pd.Timestamp(selection.end)).to_numpy(dtype=bool)
    if selection.actors:
        keep &= _has_actor(frame, selection.actors)
    for word in fold_text(selection.text).split():
        found: Mask = np.zeros(len(frame), dtype=bool)
        for column in SEARCHED:
            found |= _test_values(frame[column], _contains(word))
        keep &= found
    return frame.loc[keep]


def split_values(cell: object) -> tuple[str, ...]:
    """Return the single values of a cell: a list, or text joined by ";" or "|"; () for NA."""
    if isinstance(cell, str):
        return tuple(part for part in SEPARATOR.split(cell) if part)
    if isinstance(cell, (list, tuple, set, frozenset)):
        return tuple(str(part) for part in cell)
    return ()


def fold_text(text: str) -> str:
    """Return text without case and accents, for comparing."""
    # The Turkish letter without a dot is no "i" with an accent to Unicode, but is to a reader.
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _has_precision(column: pd.Series, wanted: tuple[str, ...]) -> Mask:
    kept = column.isin([value for value in wanted if value != NO_PLACE])
    if NO_PLACE in wanted:
        kept |= column.isna()
    return kept.to_numpy(dtype=bool)


def _has_actor(frame: pd.DataFrame, wanted: tuple[str, ...]) -> Mask:
    names = {fold_text(name) for name in wanted}

    def matches(values: tuple[str, ...]) -> bool:
        folded = [fold_text(value) for value in values]
        return any(value in names or value.split(" ")[0] in names for value in folded)

    def is_named(values: tuple[str, ...]) -> bool:
        return any(fold_text(value) in names for value in values)

    found: Mask = np.zeros(len(frame), dtype=bool)
    for column in ACTING:
        found |= _test_values(frame[column], matches if column.endswith("code") else is_named)
    return found


def _contains(word: str) -> Callable[[tuple[str, ...]], bool]:
    return lambda values: any(word in fold_text(value) for value in values)


def _test_values(column: pd.Series, test: Callable[[tuple[str, ...]], bool]) -> Mask:
    """Ask the test once per distinct cell, which columns of news have few of."""
    answers: dict[Hashable, bool] = {}
    results: Mask = np.zeros(len(column), dtype=bool)
    for number, cell in enumerate(column.tolist()):
        key = tuple(cell) if isinstance(cell, (list, set)) else cell
        answer = answers.get(key)
        if answer is None:
            answer = answers[key] = test(split_values(cell))
        results[number] = answer
    return results
