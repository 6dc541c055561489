"""The events table: pages of a hundred in the order asked for, with every text as text."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from extract.table import build_table, shape_table
from tests.made_events import HOSTILE, make_frame, make_hostile_pairs
from view.columns import read_columns
from view.eventtable import (
    HEADS,
    PAGE_ROWS,
    UNSORTED,
    Order,
    answer_order,
    describe_table,
    rank_rows,
    take_page,
)


def test_pages_hold_every_event_once() -> None:
    columns = read_columns(make_frame(250))
    mask = np.ones(250, dtype=bool)
    found: list[str] = []
    for page in range(3):
        told = describe_table(columns, mask, Order(page=page))
        assert (told["first"], told["total"], told["pages"]) == (page * PAGE_ROWS + 1, 250, 3)
        found += [row["id"] for row in told["rows"]]
    assert sorted(found) == sorted(columns.frame["event_id"])
    assert describe_table(columns, mask, Order(page=99))["page"] == 2


@pytest.mark.parametrize("by", [head for head in HEADS if head not in UNSORTED])
@pytest.mark.parametrize("descending", [True, False])
def test_every_head_sorts(by: str, descending: bool) -> None:
    columns = read_columns(make_frame(90))
    told = describe_table(columns, np.ones(90, dtype=bool), Order(by, descending))
    frame = columns.frame.set_index("event_id")
    cells = frame.loc[[row["id"] for row in told["rows"]], by]
    known = cells.dropna()
    assert cells.iloc[len(known) :].isna().all()
    values = list(known)
    assert values == sorted(values, reverse=descending)


def test_cells_say_what_the_event_says() -> None:
    columns = read_columns(build_table(make_hostile_pairs()))
    told = describe_table(
        columns, np.ones(len(columns), dtype=bool), Order(), picked="article902-0"
    )
    assert {row["cells"]["actor"] for row in told["rows"]} == set(HOSTILE)
    assert [row["id"] for row in told["rows"] if row["picked"]] == ["article902-0"]
    assert json.dumps(told)
    assert {row["symbol"] for row in told["rows"]} == set(told["symbols"])


def test_nothing_to_show() -> None:
    told = describe_table(read_columns(shape_table([])), np.zeros(0, dtype=bool), Order())
    assert (told["rows"], told["first"], told["pages"]) == ([], 0, 1)


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ({"by": "place"}, Order("place", False, 0)),
        ({"by": "confidence"}, Order("confidence", True, 0)),
        ({"by": "date_start"}, Order("date_start", False, 0)),
        ({"page": 4}, Order("date_start", True, 4)),
        ({"page": -1}, Order(page=2)),
        ({"by": "__class__"}, Order(page=2)),
        ({"by": "sentence"}, Order(page=2)),
        ("x", Order(page=2)),
        (None, Order(page=2)),
    ],
)
def test_heads_turn_round_and_nonsense_changes_nothing(asked: object, order: Order) -> None:
    assert answer_order(Order(page=2), asked) == order


def test_undated_rows_are_last() -> None:
    columns = read_columns(make_frame(150))
    told = describe_table(columns, np.ones(150, dtype=bool), Order(page=1))
    whens = [row["cells"]["date_start"] for row in told["rows"]]
    undated = int((columns.frame["date_start"].isna() & columns.frame["date_end"].isna()).sum())
    assert undated > 0
    assert whens[-undated:] == ["undated"] * undated
    assert pd.Series(whens[:-undated]).ne("undated").all()


@pytest.mark.parametrize("seed", range(5))
def test_pages_of_a_filter_are_the_order_of_the_whole(seed: int) -> None:
    columns = read_columns(make_frame(300))
    mask = np.random.default_rng(seed).random(300) < 0.6
    ranks = rank_rows(columns, Order("place", True))
    pages = [take_page(ranks, mask, page) for page in range(4)]
    found = np.concatenate(pages)
    assert (np.sort(found) == np.flatnonzero(mask)).all()
    assert (np.diff(ranks[found]) > 0).all()
