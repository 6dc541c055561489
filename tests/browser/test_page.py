"""The page in Chromium: map, filters, timeline, cards and addresses, with no network outside."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def choose(reader: Reader, label: str, option: str) -> None:
    reader.page.get_by_role("combobox", name=label).click()
    reader.page.get_by_role("option", name=option).first.click()
    reader.page.keyboard.press("Escape")
    reader.rest()


def test_map_stands_with_land_events_scale_and_credit(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    assert reader.map.locator("path.dl-land").count() > 200
    assert reader.map.locator(".dl-node").count() >= 5
    assert reader.map.locator(".dl-country-badge").count() == 3
    assert reader.map.locator("path.dl-country").count() == 3
    assert reader.map.locator("path.dl-area").count() >= 5
    assert reader.map.locator(".leaflet-control-scale-line").inner_text() != ""
    credit = reader.map.locator(".leaflet-control-attribution").inner_text()
    assert "GeoNames (CC BY 4.0)" in credit
    assert "Natural Earth" in credit
    assert reader.sentence.inner_text().startswith("All 150 events from 150 articles")
    reader.check()


def test_country_filter_goes_into_the_address_and_back(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    choose(reader, "Country", "Iran")
    assert "country=IRN" in reader.page.url
    filtered = reader.sentence.inner_text()
    assert re.match(r"\d+ of 150 events", filtered)
    reader.open(reader.page.url)
    assert reader.sentence.inner_text() == filtered
    reader.page.get_by_role("button", name="Clear all filters").click()
    reader.rest()
    assert reader.sentence.inner_text().startswith("All 150 events")
    assert "country" not in reader.page.url
    reader.check()


def test_dates_in_the_address_filter(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?from=2024-01-01&to=2024-03-31")
    shown = int(re.match(r"(\d+) of 150", reader.sentence.inner_text()).group(1))
    assert 0 < shown < 100
    reader.check()


def test_nonsense_in_the_address_is_harmless(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?from=yesterday&type=NONSENSE&event=nothing&zzz=1&status=%3Cb%3E")
    assert reader.sentence.inner_text().startswith("All 150 events")
    reader.check()


def test_a_cluster_opens_and_a_symbol_shows_its_events(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?country=OMN")
    reader.map.locator(".dl-fit").click()
    reader.page.wait_for_timeout(600)
    frame = reader.page.locator("iframe[title='streamlit_folium.st_folium']").element_handle()
    reader.map.locator(".dl-node:not(.dl-wide)").first.click()
    reader.page.get_by_role("button", name="All events").wait_for()
    assert reader.page.get_by_text(re.compile(r"Muscat: \d+ events")).count() == 1
    reader.rows.first.click()
    reader.card.wait_for()
    assert "Muscat" in reader.card.inner_text()
    assert "event=" in reader.page.url
    again = reader.page.locator("iframe[title='streamlit_folium.st_folium']").element_handle()
    assert frame.evaluate("(element, other) => element === other", again)
    reader.check()


def test_clusters_open_on_zoom(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    before = reader.map.locator(".dl-node").count()
    reader.map.locator(".dl-cluster").first.click()
    reader.page.wait_for_timeout(900)
    assert reader.map.locator(".dl-cluster").count() < before
    assert reader.map.locator(".dl-node").count() >= 2
    reader.check()


def test_a_country_badge_lists_the_countrys_events(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    reader.map.locator(".dl-country-badge").filter(has_text="Ukraine").locator("span").click()
    reader.page.get_by_text(re.compile(r"Ukraine: 4 events")).wait_for()
    assert reader.rows.count() == 4
    reader.check()


def test_the_map_works_by_keyboard(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?country=YEM")
    node = reader.map.locator(".dl-node").first
    node.focus()
    reader.page.keyboard.press("Enter")
    reader.page.get_by_text(re.compile(r"Hodeidah: \d+ event")).or_(reader.card).first.wait_for()
    reader.check()


def test_a_link_to_an_event_opens_its_card(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?event=article3-0")
    reader.card.wait_for()
    for field in ("what", "who", "whom", "where", "when"):
        assert reader.card.locator(f"mark.dl-{field}").count() == 1
    colours = reader.card.locator("mark").evaluate_all(
        "marks => marks.map(mark => getComputedStyle(mark).backgroundColor)"
    )
    assert len(set(colours)) == 5
    link = reader.card.locator("footer a")
    assert link.get_attribute("href") == "https://news.example/3"
    reader.page.get_by_role("button", name="Back to the list").click()
    reader.rows.first.wait_for()
    assert "event=" not in reader.page.url
    reader.check()


def test_downloads_hold_exactly_what_is_filtered(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?type=ASSAULT")
    shown = int(re.match(r"(\d+) of 150", reader.sentence.inner_text()).group(1))
    reader.page.get_by_role("button", name="Share").click()
    with reader.page.expect_download() as waiting:
        reader.page.get_by_role("button", name="CSV: for spreadsheets").click()
    lines = waiting.value.path().read_text(encoding="utf-8").strip().splitlines()
    assert len(lines) == shown + 1
    assert all("ASSAULT" in line for line in lines[1:])
    reader.check()


NARROW = {"viewport": {"width": 390, "height": 844}}


@pytest.mark.parametrize(
    "reader",
    [NARROW, NARROW | {"color_scheme": "dark"}, {"color_scheme": "dark"}],
    indirect=True,
    ids=["narrow", "narrow dark", "wide dark"],
)
def test_other_windows_and_the_dark_theme(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?event=article3-0")
    assert reader.card.is_visible()
    width = reader.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0
    dark = reader.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    theme: Any = reader.map.locator("html").get_attribute("data-theme")
    assert theme == ("dark" if dark else "light")
    reader.check()
