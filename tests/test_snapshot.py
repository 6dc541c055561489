"""The snapshot: what is read from it is the table that was written, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from extract.snapshot import (
    KEPT,
    SCHEMA,
    decode_rows,
    encode_frame,
    open_snapshot,
    read_snapshot,
    write_snapshot,
)
from extract.table import COLUMNS, build_table, check_table, shape_table
from tests.made_events import make_frame, make_hostile_pairs


@pytest.mark.parametrize(
    "frame", [make_frame(150), build_table(make_hostile_pairs()), shape_table([])]
)
def test_a_table_comes_back_as_it_was(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "events.arrow"
    middle = len(frame) // 3
    assert write_snapshot([frame.iloc[:middle], encode_frame(frame.iloc[middle:])], path) == len(
        frame
    )
    back = decode_rows(read_snapshot(path))
    check_table(back)
    pd.testing.assert_frame_equal(back, frame.reset_index(drop=True))


def test_batches_have_every_column() -> None:
    assert SCHEMA.names == list(COLUMNS)


def test_a_snapshot_is_made_once_per_version(tmp_path: Path) -> None:
    asked = []

    def read() -> Iterator[pd.DataFrame]:
        asked.append(1)
        yield make_frame(10)

    for version in ("1", "1", "2", "1"):
        assert len(open_snapshot(read, tmp_path, store="mine", version=version)) == 10
    assert len(asked) == 2


def test_old_versions_are_removed_and_a_mapped_one_can_still_be_read(tmp_path: Path) -> None:
    first = open_snapshot(lambda: [make_frame(10)], tmp_path, store="mine", version="0")
    open_snapshot(lambda: [make_frame(10)], tmp_path, store="other", version="0")
    for version in range(1, 8):
        open_snapshot(lambda: [make_frame(10)], tmp_path, store="mine", version=str(version))
    assert len(list(tmp_path.glob("*-mine-*"))) == KEPT
    assert len(list(tmp_path.glob("*-other-*"))) == 1
    assert decode_rows(first)["event_id"].is_unique


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def read() -> Iterator[pd.DataFrame]:
        yield make_frame(10)
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        open_snapshot(read, tmp_path, store="mine", version="1")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_none_is_made_anew(tmp_path: Path) -> None:
    open_snapshot(lambda: [make_frame(10)], tmp_path, store="mine", version="1")
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes()[:-2000])
    assert len(open_snapshot(lambda: [make_frame(10)], tmp_path, store="mine", version="1")) == 10
