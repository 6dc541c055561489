"""The timeline: stacks only of what is sure, bars for the rest, and a brush in whole days."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from extract.records import Granularity
from extract.table import build_table, shape_table
from tests.made_events import make_article, make_event, make_frame
from view.columns import EventColumns, Mask, read_columns
from view.timeline import (
    BRUSH,
    PERIODS,
    choose_period,
    count_before,
    count_periods,
    draw_timeline,
    find_reach,
    read_brush,
    tabulate_periods,
)


def everything(columns: EventColumns) -> Mask:
    return np.ones(len(columns), dtype=bool)


@pytest.fixture(scope="module")
def columns() -> EventColumns:
    return read_columns(make_frame(150))


def columns_of(*spans: tuple[str, str]) -> EventColumns:
    events = []
    for number, (start, end) in enumerate(spans):
        article = make_article(number, "It happened.")
        first, last = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
        event = make_event(article, start=first, end=last, granularity=Granularity.DAY)
        events.append((article, [event]))
    return read_columns(build_table(events))


@pytest.mark.parametrize("period", PERIODS)
def test_every_event_is_in_a_stack_or_a_bar_or_undated(columns: EventColumns, period: str) -> None:
    data = count_periods(columns, everything(columns), period=period)
    total = int(data.stacks["count"].sum() + data.bars["count"].sum() + data.undated)
    assert total == len(columns)
    assert (data.stacks["period"] < data.stacks["period_end"]).all()
    assert (data.stacks["top"] - data.stacks["bottom"] == data.stacks["count"]).all()


@pytest.mark.parametrize(
    ("period", "day", "first", "after"),
    [
        ("day", "2024-02-29", "2024-02-29", "2024-03-01"),
        ("week", "2024-03-03", "2024-02-26", "2024-03-04"),
        ("week", "2024-03-04", "2024-03-04", "2024-03-11"),
        ("month", "2024-02-29", "2024-02-01", "2024-03-01"),
        ("quarter", "2024-12-31", "2024-10-01", "2025-01-01"),
        ("year", "1969-07-20", "1969-01-01", "1970-01-01"),
        ("quarter", "1969-12-31", "1969-10-01", "1970-01-01"),
        ("week", "1969-12-28", "1969-12-22", "1969-12-29"),
    ],
)
def test_periods_begin_where_the_calendar_does(
    period: str, day: str, first: str, after: str
) -> None:
    columns = columns_of((day, day))
    row = count_periods(columns, everything(columns), period=period).stacks.iloc[0]
    assert row["period"] == pd.Timestamp(first, tz="UTC")
    assert row["period_end"] == pd.Timestamp(after, tz="UTC")


def test_what_may_be_any_day_of_a_year_is_a_bar() -> None:
    columns = columns_of(("2024-01-01", "2024-12-31"), ("2024-05-01", "2024-05-01"))
    data = count_periods(columns, everything(columns), period="month")
    assert data.stacks["count"].sum() == 1
    assert data.bars["when"].tolist() == ["2024"]
    assert data.bars["end"].tolist() == [pd.Timestamp("2025-01-01", tz="UTC")]


def test_bars_share_a_lane_only_where_they_do_not_meet() -> None:
    columns = columns_of(
        ("2020-01-01", "2020-12-31"), ("2020-06-01", "2021-05-31"), ("2021-01-01", "2021-12-31")
    )
    bars = count_periods(columns, everything(columns), period="month").bars
    assert bars["lane"].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("days", "period"), [(0, "day"), (60, "day"), (300, "week"), (2000, "month"), (9000, "quarter")]
)
def test_the_finest_readable_period_is_taken(days: int, period: str) -> None:
    starts = np.linspace(0, days / 0.9, 50)
    assert choose_period(starts, starts) == period


def test_a_thin_tail_is_left_out_unless_asked_for() -> None:
    late = [(f"2024-{month:02}-10",) * 2 for month in range(1, 13)] * 4
    columns = columns_of(("1990-05-05", "1990-05-05"), *late)
    data = count_periods(columns, everything(columns), period="month")
    assert find_reach(data)[0] == pd.Timestamp("1990-05-01", tz="UTC")
    shorter = find_reach(data, whole=False)
    assert shorter[0] >= pd.Timestamp("2023-01-01", tz="UTC")
    assert count_before(data, shorter[0]) == 1


def test_a_single_day_does_not_fill_the_chart() -> None:
    columns = columns_of(("2024-06-12", "2024-06-12"))
    first, last = find_reach(count_periods(columns, everything(columns)))
    assert (last - first).days >= 15


def test_the_chart_stands_on_any_data(columns: EventColumns) -> None:
    nothing = read_columns(shape_table([]))
    for one, mask in ((columns, everything(columns)), (columns, ~everything(columns))):
        assert "layer" in draw_timeline(count_periods(one, mask)).to_dict()
    empty = count_periods(nothing, everything(nothing))
    assert "layer" in draw_timeline(empty).to_dict()
    assert tabulate_periods(empty).empty


def test_the_table_says_what_the_chart_says(columns: EventColumns) -> None:
    data = count_periods(columns, everything(columns))
    table = tabulate_periods(data)
    assert table["Events"].sum() == data.stacks["count"].sum() + data.bars["count"].sum()
    kinds = [name for name in table if name not in ("", "When", "Events")]
    assert (table[kinds].sum(axis=1) == table["Events"]).all()
    assert (table[""] == "some time in").sum() == data.bars["when"].nunique()


def moment(text: str) -> float:
    return pd.Timestamp(text, tz="UTC").timestamp() * 1000


@pytest.mark.parametrize(
    ("limits", "days"),
    [
        (("2024-03-01", "2024-04-01"), ("2024-03-01", "2024-03-31")),
        (("2024-03-01 13:00", "2024-03-05 02:00"), ("2024-03-01", "2024-03-05")),
        (("2024-04-01", "2024-03-01"), ("2024-03-01", "2024-03-31")),
        (("2024-03-01", "2024-03-01"), ("2024-03-01", "2024-03-01")),
    ],
)
def test_a_brush_means_whole_days(limits: tuple[str, str], days: tuple[str, str]) -> None:
    state = {"selection": {BRUSH: {"period": [moment(limits[0]), moment(limits[1])]}}}
    assert read_brush(state) == (pd.Timestamp(days[0]), pd.Timestamp(days[1]))


@pytest.mark.parametrize("state", [None, {}, {"selection": {}}, {"selection": {BRUSH: {}}}])
def test_no_brush_is_none(state: object) -> None:
    assert read_brush(state) is None
