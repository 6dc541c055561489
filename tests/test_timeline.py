"""The timeline: stacks only of what is sure, bars for the rest, and nothing lost on the way."""

from __future__ import annotations

import datetime
import json
from itertools import combinations

import pytest

from extract.records import Granularity
from extract.table import build_table, shape_table
from tests.made_columns import days, everything
from tests.made_events import make_article, make_event, make_frame
from view.columns import EventColumns, read_columns
from view.periods import SPANS
from view.timeline import (
    FEWEST,
    STRIPS,
    count_timeline,
    describe_timeline,
    limit_look,
    read_stretch,
    tabulate_periods,
)


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


@pytest.mark.parametrize("period", SPANS)
def test_every_event_is_in_a_stack_or_a_bar_or_undated(columns: EventColumns, period: str) -> None:
    for whole in (True, False):
        counted = count_timeline(columns, everything(columns), period=period, whole=whole)
        bars = counted.bars
        total = counted.counts.sum() + bars.counts.sum() + bars.hidden + counted.undated
        assert total == len(columns)
        assert counted.overview.sum() + counted.undated == len(columns)


def test_a_look_counts_what_lies_in_it(columns: EventColumns) -> None:
    look = (days("2023-01-01"), days("2023-03-31"))
    counted = count_timeline(columns, everything(columns), look=look)
    assert counted.period == "day"
    seen = (counted.edges[:-1] >= look[0]) & (counted.edges[1:] <= look[1] + 1)
    exact = (columns.start == columns.end) & (columns.start >= look[0]) & (columns.end <= look[1])
    assert counted.counts[seen].sum() == exact.sum() > 0
    assert (
        counted.before == ((columns.end < look[0]) & (columns.end > days("1900-01-01"))).sum()
    )  # the undated are not before anything
    assert counted.reach == count_timeline(columns, everything(columns)).reach


def test_what_may_be_any_day_of_a_year_is_a_bar() -> None:
    columns = columns_of(("2024-01-01", "2024-12-31"), ("2024-05-01", "2024-05-01"))
    counted = count_timeline(columns, everything(columns), period="month")
    assert counted.counts.sum() == 1
    assert counted.bars.starts.tolist() == [days("2024-01-01")]
    assert counted.bars.ends.tolist() == [days("2024-12-31")]
    assert describe_timeline(counted)["bars"][0]["when"] == "2024"


def test_bars_share_a_lane_only_where_they_do_not_meet(columns: EventColumns) -> None:
    bars = count_timeline(columns, everything(columns), period="day").bars
    assert len(bars.starts) > 5
    for one, other in combinations(range(len(bars.starts)), 2):
        if bars.lanes[one] == bars.lanes[other]:
            apart = bars.ends[one] < bars.starts[other] or bars.ends[other] < bars.starts[one]
            assert apart


def test_stretches_without_a_free_lane_are_counted() -> None:
    columns = columns_of(*[(f"2020-01-0{day}", f"2020-12-1{day}") for day in range(1, 9)])
    counted = count_timeline(columns, everything(columns), period="month")
    assert len(counted.bars.starts) == 5
    assert counted.bars.hidden == 3


def test_a_thin_tail_is_outside_the_first_look_but_not_silent() -> None:
    late = [(f"2024-{month:02}-10",) * 2 for month in range(1, 13)] * 4
    columns = columns_of(("1990-05-05", "1990-05-05"), *late)
    counted = count_timeline(columns, everything(columns))
    assert counted.look[0] >= days("2023-06-01")
    assert counted.before == 1
    assert counted.reach[0] == days("1990-05-05")
    assert counted.overview[0] == 1
    assert len(counted.overview) <= STRIPS
    whole = count_timeline(columns, everything(columns), whole=True)
    assert whole.look[0] <= days("1990-05-05")
    assert whole.counts.sum() == len(columns)


def test_a_single_day_does_not_fill_the_chart() -> None:
    columns = columns_of(("2024-06-12", "2024-06-12"))
    first, last = count_timeline(columns, everything(columns)).look
    assert last - first + 1 >= FEWEST


def test_a_thousand_years_are_decades() -> None:
    columns = columns_of(("1453-05-29", "1453-05-29"), ("2024-06-12", "2024-06-12"))
    counted = count_timeline(columns, everything(columns), whole=True)
    assert counted.period == "decade"
    assert counted.counts.sum() == 2


def test_it_stands_on_nothing(columns: EventColumns) -> None:
    nothing = read_columns(shape_table([]))
    for one, mask in ((columns, ~everything(columns)), (nothing, everything(nothing))):
        counted = count_timeline(one, mask)
        assert counted.empty
        assert json.loads(json.dumps(describe_timeline(counted)))["types"] == []
        assert tabulate_periods(counted).empty


def test_the_browser_is_sent_plain_values(columns: EventColumns) -> None:
    counted = count_timeline(columns, everything(columns))
    sent = json.loads(json.dumps(describe_timeline(counted, brush=(1, None), window=(2, 3))))
    assert len(sent["when"]) == len(sent["edges"]) - 1
    assert sum(sum(kind["counts"]) for kind in sent["types"]) == counted.counts.sum()
    assert sent["brush"] == [1, None]
    assert sent["window"] == [2, 3]


def test_the_table_says_what_the_chart_says(columns: EventColumns) -> None:
    counted = count_timeline(columns, everything(columns), whole=True)
    table = tabulate_periods(counted)
    assert table["Events"].sum() == counted.counts.sum() + counted.bars.counts.sum()
    kinds = [name for name in table if name not in ("Certainty", "When", "Events")]
    assert (table[kinds].sum(axis=1) == table["Events"]).all()
    assert (table["Certainty"] == "some time in").sum() == len(counted.bars.starts)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"days": [3, 5], "turn": 1}, (3, 5)),
        ({"days": [5.2, 2.9]}, (3, 5)),
        ({"days": None}, None),
        (None, None),
        ([1, 1], (1, 1)),
    ],
)
def test_a_stretch_from_the_browser_is_days(sent: object, read: object) -> None:
    assert read_stretch(sent) == read


@pytest.mark.parametrize("sent", ["x", {"days": [1]}, {"days": [1e12, 2]}, {"days": ["a", "b"]}])
def test_nonsense_from_the_browser_is_refused(sent: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - float() words its own complaint
        read_stretch(sent)


@pytest.mark.parametrize("look", [(0, 0), (-1e7, 1e7), (9e6, 9.1e6), (-9e6, -8.9e6)])
def test_a_look_stays_within_the_calendar(look: tuple[float, float]) -> None:
    first, last = limit_look(*look)
    assert days("1000-01-01") <= first < last <= days("2199-12-31")
    columns = columns_of(("2024-06-12", "2024-06-12"))
    assert describe_timeline(count_timeline(columns, everything(columns), look=(first, last)))
