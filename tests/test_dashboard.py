"""The page without a browser: widgets in, sentence and address out."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from extract.store import Store
from page.choices import ANALYSIS, FIGURES, TABS
from tests.made_events import make_frame, make_pairs

PAGE = str(Path(__file__).parents[1] / "dashboard.py")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    path = tmp_path / "made.sqlite"
    with Store(str(path)) as store:
        for article, events in make_pairs(60):
            store.add(SimpleNamespace(article=article, events=events, skipped=None, supposed=0))
        quiet = make_pairs(61)[60][0]
        store.add(
            SimpleNamespace(article=quiet, events=[], skipped="no words that report", supposed=0)
        )
    monkeypatch.setenv("DATELINE_DB", str(path))
    st.cache_resource.clear()
    return AppTest.from_file(PAGE, default_timeout=60)


def sentence(page: AppTest) -> str:
    bodies = (element.proto.body for element in page.get("html"))
    return next(found.group(1) for body in bodies if (found := re.search(r'shown">([^<]*)', body)))


def address(page: AppTest) -> dict[str, list[str]]:
    return {
        name: [value] if isinstance(value, str) else list(value)
        for name, value in page.query_params.items()
    }


def choose(page: AppTest, label: str, values: list[Any]) -> None:
    next(box for box in page.multiselect if box.label == label).set_value(values).run()


def test_it_opens_without_an_error(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert page.title[0].value == "Dateline"
    assert sentence(page).startswith("All 60 events from 61 articles")


def test_filters_go_into_the_address(page: AppTest) -> None:
    page.run()
    choose(page, "Country", ["IRN"])
    choose(page, "Event type", ["ASSAULT", "CONSULT"])
    assert address(page) == {"country": ["IRN"], "type": ["ASSAULT", "CONSULT"]}
    assert re.match(r"\d+ of 60 events", sentence(page))
    assert not page.exception


def test_an_address_opens_the_same_view(page: AppTest) -> None:
    page.run()
    choose(page, "Status", ["occurred"])
    shown = sentence(page)
    again = AppTest.from_file(PAGE, default_timeout=60)
    again.query_params["status"] = "occurred"
    again.run()
    assert sentence(again) == shown
    assert not again.exception


def test_a_value_that_no_event_has_is_kept_and_shows_nothing(page: AppTest) -> None:
    page.query_params["country"] = "BOL"
    page.query_params["q"] = "<script>"
    page.run()
    assert not page.exception
    assert sentence(page).startswith("0 of 60 events")
    assert address(page)["country"] == ["BOL"]


def test_clear_all_clears_all(page: AppTest) -> None:
    page.query_params["type"] = "AID"
    page.query_params["from"] = "2024-01-01"
    page.query_params["event"] = "article3-0"
    page.run()
    next(button for button in page.button if button.label == "Clear all filters").click().run()
    assert sentence(page).startswith("All 60 events")
    assert address(page) == {}


def test_days_in_the_wrong_order_are_told(page: AppTest) -> None:
    page.query_params["from"] = "2024-02-01"
    page.query_params["to"] = "2024-01-01"
    page.run()
    assert [warning.value for warning in page.warning] == ["The first day is after the last."]


def test_a_broken_store_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DB", str(tmp_path / "no folder" / "store.sqlite"))
    st.cache_resource.clear()
    page = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not page.exception
    assert "unable to open database file" in page.error[0].value


def test_articles_without_an_event_are_an_empty_page_not_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "quiet.sqlite"
    with Store(str(path)) as store:
        article = make_pairs(1)[0][0]
        store.add(
            SimpleNamespace(article=article, events=[], skipped="no words that report", supposed=2)
        )
    monkeypatch.setenv("DATELINE_DB", str(path))
    st.cache_resource.clear()
    page = AppTest.from_file(PAGE, default_timeout=60)
    page.query_params["tab"] = "Not on the map"
    page.run()
    assert not page.exception
    assert sentence(page) == "No events in 1 article."
    said = [note.value for note in page.info]
    assert said == ["Nothing to show: no words that report (1 article)."]
    assert any("2 events that the texts only fear" in note.value for note in page.caption)
    assert any("no words that report" in str(table.value.values) for table in page.dataframe)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("filters", [{}, {"country": "IRN", "from": "2023-01-01"}, {"q": "zzz"}])
def test_every_figure_stands_under_every_filter(
    page: AppTest, figure: str, filters: dict[str, str]
) -> None:
    for name, value in {"tab": ANALYSIS, "figure": figure, **filters}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert address(page)["figure"] == [figure]
    if not filters:
        toggle = next((one for one in page.toggle if one.label == "Show as a table"), None)
        if toggle is not None:
            toggle.set_value(True).run()
            assert not page.exception
            assert len(page.dataframe) == 1


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens(page: AppTest, tab: str) -> None:
    page.query_params["tab"] = tab
    page.run()
    assert not page.exception
    assert page.session_state.tab == tab


def test_nonsense_in_the_address_opens_the_first_tab(page: AppTest) -> None:
    page.query_params["tab"] = "<script>"
    page.query_params["figure"] = "Fortunes"
    page.query_params["window"] = "fortnight"
    page.run()
    assert not page.exception
    assert address(page) == {}


def test_a_window_narrows_what_is_shown(page: AppTest) -> None:
    page.query_params["window"] = "year"
    page.query_params["at"] = "2023-01-01"
    page.run()
    assert not page.exception
    assert 0 < int(sentence(page).split()[0]) < 60
    assert address(page) == {"window": ["year"], "at": ["2023-01-01"]}


def test_one_side_of_an_event_can_be_asked_for(page: AppTest) -> None:
    page.query_params["who"] = "Iran"
    page.query_params["whom"] = "Russia"
    page.run()
    frame = make_frame(60)
    both = (frame["actor"] == "Iran") & (frame["recipient"] == "Russia")
    assert int(sentence(page).split()[0]) == both.sum() > 0
    next(button for button in page.button if button.label == "Iran → Russia").click().run()
    assert sentence(page).startswith("All 60 events")
