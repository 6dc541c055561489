"""What a second reading of an article changed: events added, gone, moved, re-dated, re-typed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extract.gazetteer.distances import measure_km

# An event that moved less is told from the same place by another row of the gazetteer.
MOVED_KM = 25.0
KINDS = ("added", "gone", "moved", "placed", "unplaced", "re-dated", "re-typed", "otherwise")
_TOLD = ("event_type", "mode", "status", "date_start", "date_end", "place", "latitude",
         "longitude", "trigger", "sentence")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different about an event.

    `kind` is one of KINDS: moved by more than MOVED_KM, placed where it had no place, unplaced
    where it had one, re-typed in type or mode, otherwise in any other column. `before` is None for
    what was added, `after` for what is gone; else they hold the columns worth telling, and
    `columns` are the names of all that differ. `distance_km` is how far an event moved, None where
    it did not. An event that was widened by a word has another id, `moved_to`.
    """

    kind: str
    event_id: str
    article_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    moved_to: str | None = None
    distance_km: float | None = None
    columns: tuple[str, ...] = ()


def compare_events(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[Difference]:
    """Return what is different between two readings of one article, in text order.

    Rows are those of the store's table of events. Two are the same event where their ids are, or
    else where their triggers overlap.
    """
    old, new = [_plain(row) for row in before], [_plain(row) for row in after]
    pairs = _pair(old, new)
    found = [
        difference
        for first, second in pairs
        for difference in _compare(first, second)
        if first != second
    ]
    known = {id(row) for pair in pairs for row in pair}
    found += [_tell("gone", row, None) for row in old if id(row) not in known]
    found += [_tell("added", None, row) for row in new if id(row) not in known]
    return found


def find_moved_ids(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Return the new ids of events that have another than before."""
    return {
        str(first["event_id"]): str(second["event_id"])
        for first, second in _pair(before, after)
        if first["event_id"] != second["event_id"]
    }


def _pair(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    by_id = {row["event_id"]: row for row in new}
    pairs = [(row, by_id[row["event_id"]]) for row in old if row["event_id"] in by_id]
    same = {row["event_id"] for row, _ in pairs}
    left = [row for row in new if row["event_id"] not in same]
    for row in old:
        if row["event_id"] in same:
            continue
        start, end = row["spans"]["what"]
        for other in left:
            its_start, its_end = other["spans"]["what"]
            if its_start < end and start < its_end:
                pairs.append((row, other))
                left.remove(other)
                break
    return pairs


def _compare(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Difference]:
    kinds = []
    here, there = _spot(first), _spot(second)
    distance = measure_km(*here, *there) if here and there else 0.0
    if distance > MOVED_KM:
        kinds.append("moved")
    if bool(here) != bool(there):
        kinds.append("placed" if there else "unplaced")
    if any(first[name] != second[name] for name in ("date_start", "date_end")):
        kinds.append("re-dated")
    if any(first[name] != second[name] for name in ("event_type", "mode")):
        kinds.append("re-typed")
    columns = tuple(name for name in first if first[name] != second[name])
    return [
        dataclasses.replace(
            _tell(kind, first, second),
            columns=columns,
            distance_km=round(distance, 1) if kind == "moved" else None,
        )
        for kind in kinds or ["otherwise"]
    ]


def _spot(row: Mapping[str, Any]) -> tuple[float, float] | None:
    return None if row["latitude"] is None else (row["latitude"], row["longitude"])


def _tell(
    kind: str, first: Mapping[str, Any] | None, second: Mapping[str, Any] | None
) -> Difference:
    row = first or second or {}
    other_id = second["event_id"] if first and second else row["event_id"]
    return Difference(
        kind=kind,
        event_id=row["event_id"],
        article_id=row["article_id"],
        before=None if first is None else {name: first[name] for name in _TOLD},
        after=None if second is None else {name: second[name] for name in _TOLD},
        moved_to=other_id if other_id != row["event_id"] else None,
    )


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON has it, so that one read back compares equal to one just made."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(row), default=str))
    # The order of telling is no fact of the event.
    plain.pop("position", None)
    return plain
