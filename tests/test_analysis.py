"""The analysis counts what is there: nothing twice, nothing lost unsaid, nothing judged on air."""

from __future__ import annotations

import datetime
import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from extract.records import Granularity
from extract.table import build_table, shape_table
from tests.made_columns import EPOCH, days, everything
from tests.made_events import ACTORS, PLACES, make_article, make_event, make_frame
from view.analysis.arrivals import describe_arrivals, find_arrivals, tabulate_arrivals
from view.analysis.grids import Grid, Line, describe_grid, rank_breaks, tabulate_grid
from view.analysis.nations import count_nations
from view.analysis.parties import count_parties
from view.analysis.reading import count_reading, read_articles
from view.analysis.trends import (
    LONG,
    count_trends,
    describe_trends,
    judge_change,
    tabulate_trends,
)
from view.analysis.values import read_values
from view.columns import DATELESS, TYPES, EventColumns, read_columns, take_rows


@pytest.fixture(scope="module")
def columns() -> EventColumns:
    return read_columns(make_frame(300))


@pytest.fixture(scope="module")
def nothing() -> EventColumns:
    return read_columns(shape_table([]))


def columns_of_weeks(*counts: int, event_type: str = "PROTEST") -> EventColumns:
    """So many events in each of some weeks, the first of which begins on 4 January 2021."""
    pairs = []
    for week, count in enumerate(counts):
        for number in range(count):
            day = datetime.date(2021, 1, 4) + datetime.timedelta(weeks=week, days=number % 7)
            article = make_article(week * 1000 + number, "It happened.")
            pairs.append((article, [make_event(article, event_type=event_type, start=day)]))
    return read_columns(build_table(pairs))


# ---- trends


@pytest.mark.parametrize(
    ("now", "mean", "band"),
    [
        (100, 100.0, "usual"),
        (120, 100.0, "usual"),  # under a quarter
        (130, 100.0, "moderate rise"),
        (160, 100.0, "large rise"),
        (70, 100.0, "moderate fall"),
        (40, 100.0, "large fall"),
        (6, 4.0, "usual"),  # half more, as chance gives
        (9, 4.0, "large rise"),
        (0, 0.0, "usual"),
        (2, 0.0, "usual"),
        (3, 0.0, "large rise"),
        (0, 3.0, "usual"),
    ],
)
def test_a_change_is_judged_by_its_size_and_by_chance(now: int, mean: float, band: str) -> None:
    assert judge_change(now, mean, LONG) == band


def test_the_last_week_stands_against_the_weeks_before() -> None:
    columns = columns_of_weeks(*[10] * 53, 30)
    trends = count_trends(columns, everything(columns), period="week", until=days("2022-01-16"))
    assert trends is not None
    assert trends.when == "10–16 Jan 2022"
    described = describe_trends(trends)
    whole, protest = described["rows"]
    assert protest["key"] == "PROTEST"
    assert protest["counts"] == whole["counts"] == [10] * 52 + [30]
    assert [change["words"] for change in protest["changes"]] == ["large rise", "large rise"]
    assert [change["mean"] for change in protest["changes"]] == [10.0, 10.0]
    table = tabulate_trends(trends)
    assert table.loc[1, "10–16 Jan 2022"] == 30
    assert table.loc[1, "Mean of 52"] == 10
    assert table.loc[1, "3–9 Jan 2022"] == 10


def test_a_short_history_is_not_judged() -> None:
    columns = columns_of_weeks(*[10] * 9, 30)
    trends = count_trends(columns, everything(columns), period="week", until=days("2021-03-14"))
    assert trends is not None
    short, long = describe_trends(trends)["rows"][0]["changes"]
    assert short["words"] == "large rise"
    assert (long["band"], long["mean"]) == (None, None)


def test_a_week_that_is_not_over_is_not_shown_as_a_fall() -> None:
    columns = columns_of_weeks(*[14] * 6, 1)
    trends = count_trends(columns, everything(columns), period="week")
    assert trends is not None
    assert trends.when == "8–14 Feb 2021"
    assert trends.counts[-1, 0] == 14


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_trends_count_every_event_that_fits(columns: EventColumns, period: str) -> None:
    trends = count_trends(columns, everything(columns), period=period)
    assert trends is not None
    assert (trends.counts[:, 0] == trends.counts[:, 1:].sum(axis=1)).all()
    assert len(trends.edges) == LONG + 2
    width = {"day": 1, "week": 7, "month": 31}[period]
    fits = (columns.end - columns.start < width) & (columns.start != DATELESS)
    inside = fits & (columns.start >= trends.edges[0]) & (columns.start < trends.edges[-1])
    assert trends.counts[:, 0].sum() == inside.sum()
    assert trends.vague + trends.undated + fits.sum() == len(columns)
    for at, name in enumerate(TYPES):
        assert trends.counts[:, at + 1].sum() == (inside & (columns.type == at)).sum(), name


# ---- countries


def test_countries_by_month_count_each_event_in_each_of_its_countries(
    columns: EventColumns,
) -> None:
    (countries,) = read_values(columns, ["country"])
    grid = count_nations(columns, everything(columns), countries, name=str.lower, most=5)
    assert grid is not None
    assert [line.label for line in grid.rows[:5]] == [line.key.lower() for line in grid.rows[:5]]
    assert grid.rows[5].key == ""
    assert "more countries" in grid.rows[5].label
    frame = columns.frame
    sure = (frame["date_end"] - frame["date_start"]).dt.days < 31
    for y, line in enumerate(grid.rows[:5]):
        inside = frame["country"].map(lambda codes, key=line.key: key in codes) & sure
        for x, column in enumerate(grid.columns):
            first, last = (pd.Timestamp(EPOCH) + pd.Timedelta(days=int(day))
                           for day in column.key.split(":"))  # fmt: skip
            months = frame["date_start"].between(first, last)
            assert grid.counts[y, x] == (inside & months).sum(), (line, column)
    assert len(grid.columns) == 24
    assert "before these months" in grid.notes[0]


# ---- who to whom


def pairs_of(*parties: tuple[int | None, int | None]) -> EventColumns:
    pairs = []
    for number, (who, whom) in enumerate(parties):
        article = make_article(number, "It happened.")
        event = make_event(
            article,
            actor=None if who is None else ACTORS[who],
            recipient=None if whom is None else ACTORS[whom],
        )
        pairs.append((article, [event]))
    return read_columns(build_table(pairs))


def test_who_to_whom_folds_the_rest_and_tells_the_unnamed() -> None:
    columns = pairs_of((0, 1), (0, 1), (0, 2), (1, 0), (2, 3), (3, 4), (0, None), (None, 1))
    actors, recipients = read_values(columns, ["actor", "recipient"])
    grid = count_parties(everything(columns), actors, recipients, most=2)
    assert [line.label for line in grid.rows] == [
        "Azerbaijan", "Iran", "2 others", "nobody named"
    ]  # fmt: skip
    assert grid.columns[0].label == "Iran"
    assert grid.counts.sum() == len(columns)
    assert grid.counts[0, 0] == 2
    assert [bool(line.key) for line in grid.rows] == [True, True, False, False]


def test_an_event_of_several_actors_counts_for_each() -> None:
    frame = make_frame(3)
    frame["actor"] = pd.Series(["Iran; Russia", "Iran", "Russia"], dtype="string")
    frame["recipient"] = pd.Series(["Houthis"] * 3, dtype="string")
    columns = read_columns(frame)
    actors, recipients = read_values(columns, ["actor", "recipient"])
    grid = count_parties(everything(columns), actors, recipients)
    assert {line.key: count for line, count in zip(grid.rows, grid.counts[:, 0], strict=True)} == {
        "Iran": 2,
        "Russia": 2,
    }


# ---- new actors


def test_actors_are_new_once_and_on_their_first_day() -> None:
    frame = make_frame(4)
    for name, values in {
        "actor": ["Iran", "Houthis", "Iran; Oman", "Russia"],
        "recipient": ["Russia", "Iran", pd.NA, "Iran"],
    }.items():
        frame[name] = pd.Series(values, dtype="string")
    dates = pd.to_datetime(["2024-03-01", "2024-01-01", "2024-02-01", None])
    frame["date_start"] = frame["date_end"] = pd.Series(dates).astype("datetime64[s]")
    columns = read_columns(frame)
    sides = read_values(columns, ["actor", "recipient"])
    within = (days("2024-01-15"), days("2024-12-31"))
    found = find_arrivals(columns, everything(columns), (sides[0], sides[1]), within=within)
    assert found.names == ("Russia", "Oman")
    assert found.days.tolist() == [days("2024-03-01"), days("2024-02-01")]
    assert found.first == (0, 2)
    assert found.events.tolist() == [1, 1]  # an undated event cannot be told to be later
    shown = take_rows(columns, np.array(found.first))
    assert describe_arrivals(found, shown)["rows"][1]["event"] == frame["event_id"][2]
    assert tabulate_arrivals(found, shown)["Actor"].tolist() == ["Russia", "Oman"]


# ---- what was read


def test_reading_tells_the_quiet_from_the_unread() -> None:
    pairs = []
    for number, (source, month) in enumerate([("AFP", 1), ("AFP", 3), ("Turan", 1)]):
        article = make_article(
            number, "It happened.", source=source, published=datetime.date(2024, month, 5)
        )
        event_place = PLACES[0] if source == "AFP" else PLACES[1]
        pairs.append((article, [make_event(article, place=event_place)] * 1))
    columns = read_columns(build_table(pairs))
    silent = [("AFP", days("2024-02-07")), ("Reuters", days("2024-01-07")), (None, None)]
    articles = read_articles(columns, silent)
    mask = columns.frame["country"].map(lambda codes: "AZE" in codes).to_numpy(dtype=bool)
    grid = count_reading(articles, mask, within=None)
    assert grid is not None
    assert [line.label for line in grid.columns] == ["Jan 2024", "Feb 2024", "Mar 2024"]
    rows = {line.key: at for at, line in enumerate(grid.rows)}
    assert grid.counts[rows["AFP"]].tolist() == [1, 1, 1]
    assert grid.counts[rows["Turan"]].tolist() == [1, 0, 0]
    assert grid.counts[rows["Reuters"]].tolist() == [1, 0, 0]
    assert grid.marks is not None
    assert grid.marks[rows["AFP"]].tolist() == [True, False, True]
    assert not grid.marks[rows["Turan"]].any()
    assert "1 articles without a day" in grid.notes[1]
    narrow = count_reading(articles, mask, within=(days("2024-02-01"), days("2024-02-29")))
    assert narrow is not None
    assert narrow.counts.sum() == 1


def test_an_article_of_many_events_is_read_once() -> None:
    article = make_article(1, "It happened.")
    events = [make_event(article, number=number) for number in range(5)]
    articles = read_articles(read_columns(build_table([(article, events)])), [])
    assert len(articles.source) == 1


# ---- all of them


def test_figures_stand_on_nothing(nothing: EventColumns) -> None:
    mask = everything(nothing)
    countries, actors, recipients = read_values(nothing, ["country", "actor", "recipient"])
    assert count_trends(nothing, mask, period="week") is None
    assert count_nations(nothing, mask, countries, name=str) is None
    assert count_parties(mask, actors, recipients).rows == ()
    assert find_arrivals(nothing, mask, (actors, recipients), within=(0, 9)).names == ()
    assert count_reading(read_articles(nothing, []), mask, within=None) is None


def test_figures_are_plain_values(columns: EventColumns) -> None:
    mask = everything(columns)
    countries, *_ = read_values(columns, ["country"])
    actors, recipients = read_values(columns, ["actor", "recipient"])
    trends = count_trends(columns, mask, period="week")
    nations = count_nations(columns, mask, countries, name=str)
    reading = count_reading(read_articles(columns, []), mask, within=None)
    assert trends
    assert nations
    assert reading
    json.dumps(describe_trends(trends))
    for grid in (nations, reading, count_parties(mask, actors, recipients)):
        assert len(json.loads(json.dumps(describe_grid(grid, label="x")))["rows"]) == len(grid.rows)
        table = tabulate_grid(grid)
        assert table["Total"].sum() == grid.counts.sum()


@pytest.mark.parametrize(
    ("counts", "breaks"),
    [
        ([], []),
        ([0, 0], []),
        ([1, 2, 3], [1, 2, 3]),
        ([7], [7]),
        ([1, 64], [1, 2, 4, 8, 16, 32]),
        ([20, 40], [20, 22, 25, 28, 32, 36]),
    ],
)
def test_shades_take_equal_steps_of_the_logarithm(counts: list[int], breaks: list[int]) -> None:
    found = rank_breaks(np.array(counts, dtype=np.int64))
    assert found == breaks
    assert all(low < high for low, high in pairwise(found))


def test_columns_of_one_name_stay_apart_in_the_table() -> None:
    grid = Grid("Who", (Line("a"),), (Line("x"), Line("x"), Line("Total")), np.ones((1, 3), int))
    assert list(tabulate_grid(grid)) == ["Who", "Total", "x", "x (2)", "Total (2)"]


def test_vague_dates_are_said(columns: EventColumns) -> None:
    pairs = []
    for number in range(3):
        article = make_article(number, "It happened.")
        pairs.append((article, [make_event(
            article, start=datetime.date(2024, 1, 1), end=datetime.date(2024, 12, 31),
            granularity=Granularity.YEAR,
        )]))  # fmt: skip
    article = make_article(9, "It happened.")
    pairs.append((article, [make_event(article)]))
    vague = read_columns(build_table(pairs))
    trends = count_trends(vague, everything(vague), period="month")
    assert trends is not None
    assert describe_trends(trends)["notes"] == [
        "Not counted: 3 events known only to more than a month."
    ]
