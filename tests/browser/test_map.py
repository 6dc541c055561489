"""The map in Chromium: layers, drawn areas, places that stay, with few events and with many."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from extract.store import Store
from tests.browser.conftest import Reader
from tests.made_events import PLACES, make_article, make_event

pytestmark = pytest.mark.browser

FRAME = "iframe[title='streamlit_folium.st_folium']"
SETTLED = 900  # milliseconds after which a moved map has told the server and has its answer


@pytest.fixture(scope="module")
def wide_page(serve: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page over 2,400 events at 1,200 places all over the world."""
    chance = np.random.default_rng(4)
    path = tmp_path_factory.mktemp("wide") / "wide.sqlite"
    with Store(str(path)) as store:
        for number in range(1200):
            place = replace(
                PLACES[number % 9],
                name=f"Town {number}",
                latitude=round(float(chance.uniform(-50, 65)), 3),
                longitude=round(float(chance.uniform(-179, 179)), 3),
            )
            article = make_article(number, f"Forces struck near Town {number} on that day.")
            events = [
                make_event(article, number=0, place=place),
                make_event(article, number=1, place=place, event_type="CONSULT"),
            ]
            store.add(SimpleNamespace(article=article, events=events, skipped=None, supposed=0))
    return serve(str(path))


def show(reader: Reader, latitude: float, longitude: float, zoom: float) -> None:
    """Put the map somewhere, as a reader would by hand, and wait for the answer."""
    frame = next(one for one in reader.page.frames if "st_folium" in one.url)
    frame.evaluate(
        "([a, o, z]) => dateline.state.map.setView([a, o], z, { animate: false })",
        [latitude, longitude, zoom],
    )
    reader.page.wait_for_timeout(SETTLED)
    reader.rest()


def is_same(reader: Reader, frame: Any) -> bool:
    """Whether the map's frame is the element that it was."""
    now = reader.page.locator(FRAME).element_handle()
    return bool(frame.evaluate("(one, other) => one === other", now))


def await_state(reader: Reader, condition: str) -> None:
    """Wait until something is true of the map's own script."""
    frame = next(one for one in reader.page.frames if "st_folium" in one.url)
    frame.wait_for_function(f"() => {{ const state = dateline.state; return {condition}; }}")


def drawn(reader: Reader, script: str) -> Any:
    """Ask the map's own script for something."""
    frame = next(one for one in reader.page.frames if "st_folium" in one.url)
    return frame.evaluate(f"() => {{ const state = dateline.state; return {script}; }}")


def count_shown(reader: Reader) -> int:
    text = re.match(r"(?:All )?([\d,]+)", reader.sentence.inner_text())
    assert text
    return int(text.group(1).replace(",", ""))


LAYERS = [
    ("heat", "canvas.dl-heat", "Events within about"),
    ("countries", "path.dl-choropleth", "Events that touch a country"),
    ("monthly", "path.dl-choropleth", "per month"),
    ("areas", "path.dl-counted", "Events known to an area"),
]


@pytest.mark.parametrize(("layer", "picture", "legend"), LAYERS)
def test_a_layer_has_its_picture_its_scale_and_its_address(
    reader: Reader, made_page: str, layer: str, picture: str, legend: str
) -> None:
    reader.open(made_page)
    frame = reader.page.locator(FRAME).element_handle()
    reader.map.locator(f"input[value={layer}]").focus()
    reader.page.keyboard.press("Space")
    reader.map.locator(picture).first.wait_for(state="attached")
    reader.rest()
    assert legend in reader.map.locator(".dl-scale").inner_text()
    assert reader.map.locator(".dl-scale li").count() >= 1
    assert reader.map.locator(".dl-node").count() == 0
    assert f"layer={layer}" in reader.page.url
    assert is_same(reader, frame)
    reader.page.goto(reader.page.url)
    reader.map.locator(picture).first.wait_for(state="attached")
    reader.check()


def test_a_country_of_the_choropleth_is_shown_alone(reader: Reader, made_page: str) -> None:
    reader.page.goto(f"{made_page}/?layer=countries&lat=32&lon=53&zoom=5")
    shape = reader.map.locator("path.dl-choropleth[aria-label^=Iran]")
    shape.wait_for(state="attached")
    shape.focus()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(re.compile("country=IRN"))
    reader.check()


def test_a_box_is_drawn_filters_and_is_taken_away(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    reader.map.locator(".dl-box").click()
    box = reader.page.locator(FRAME).bounding_box()
    reader.page.mouse.move(box["x"] + 380, box["y"] + 120)
    reader.page.mouse.down()
    reader.page.mouse.move(box["x"] + 640, box["y"] + 420, steps=5)
    reader.page.mouse.up()
    reader.page.wait_for_url(re.compile("area="))
    reader.rest()
    inside = count_shown(reader)
    assert 0 < inside < 150
    assert reader.map.locator("path.dl-drawn").count() == 1
    address = reader.page.url
    reader.page.get_by_role("button", name="Area drawn on the map").click()
    reader.page.wait_for_url(re.compile(r"^(?!.*area=)"))
    reader.rest()
    assert count_shown(reader) == 150
    assert reader.map.locator("path.dl-drawn").count() == 0
    reader.open(address)
    assert count_shown(reader) == inside
    reader.check()


def test_a_polygon_is_drawn_corner_by_corner(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    reader.map.locator(".dl-polygon").click()
    box = reader.page.locator(FRAME).bounding_box()
    for x, y in ((420, 120), (640, 160), (600, 420)):
        reader.page.mouse.click(box["x"] + x, box["y"] + y)
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(re.compile("area="))
    reader.rest()
    assert len(re.search(r"area=([^&]+)", reader.page.url).group(1).split("+")) == 3
    assert count_shown(reader) < 150
    reader.check()


def test_a_box_can_be_drawn_by_keyboard_alone(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    reader.map.locator(".dl-box").focus()
    reader.page.keyboard.press("Enter")
    assert "Arrow keys move the box" in reader.map.locator(".dl-told").inner_text()
    before = reader.map.locator("path.dl-draft").get_attribute("d")
    reader.page.keyboard.press("ArrowRight")
    reader.page.keyboard.press("Shift+ArrowRight")
    assert reader.map.locator("path.dl-draft").get_attribute("d") != before
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(re.compile("area="))
    assert reader.map.locator("path.dl-draft").count() == 0
    reader.check()


def test_escape_leaves_a_drawing(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    reader.map.locator(".dl-box").focus()
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Escape")
    assert reader.map.locator("path.dl-draft").count() == 0
    assert "area=" not in reader.page.url
    reader.check()


def test_the_map_stays_where_it_was_put_and_fits_again(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    assert "lat=" not in reader.page.url
    show(reader, 35.0, 50.0, 6)
    assert re.search("lat=35&lon=50&zoom=6|lat=35.0000&lon=50.0000&zoom=6", reader.page.url)
    where = "[state.map.getCenter().lat, state.map.getCenter().lng, state.map.getZoom()]"
    before = drawn(reader, where)
    reader.page.get_by_role("combobox", name="Event type").click()
    reader.page.get_by_role("option", name="Assault").first.click()
    reader.page.keyboard.press("Escape")
    reader.rest()
    assert "type=ASSAULT" in reader.page.url
    assert drawn(reader, where) == before
    reader.open(reader.page.url)
    # to half a pixel, as the map's frame takes its width after it has opened
    assert drawn(reader, where) == pytest.approx(before, abs=0.02)
    reader.map.locator(".dl-fit").click()
    await_state(reader, "!state.moved && state.map.getZoom() !== 6")
    reader.rest()
    assert drawn(reader, where) != pytest.approx(before, abs=0.02)
    reader.check()


def test_many_places_come_by_tile_and_only_once(reader: Reader, wide_page: str) -> None:
    reader.open(f"{wide_page}/?lat=10&lon=10&zoom=4")
    frame = reader.page.locator(FRAME).element_handle()
    assert drawn(reader, "state.payload.tiles !== null")
    total = "[...state.shown.values()].reduce((sum, one) => sum + one.node.n, 0)"
    assert 0 < drawn(reader, total) < 2400
    held = drawn(reader, "[...state.tiles.keys()]")
    show(reader, 10, 50, 4)
    await_state(reader, f"state.tiles.size > {len(held)}")
    more = drawn(reader, "[...state.tiles.keys()]")
    assert set(held) < set(more)
    answered = drawn(reader, "state.payload.tiles.map((tile) => `4/${tile[0]}/${tile[1]}`)")
    assert not set(answered) & set(held)
    show(reader, 10, 10, 6)
    await_state(reader, "[...state.tiles.keys()].some((key) => key.startsWith('6/'))")
    reader.rest()
    assert drawn(reader, "[...state.shown.values()].every((one) => one.node.from === 6)")
    # nothing of what is there is asked for again
    show(reader, 10, 50, 4)
    assert drawn(reader, "state.wanted.length") == 0
    assert is_same(reader, frame)
    reader.check()


def test_a_filter_keeps_the_symbols_that_stay(reader: Reader, wide_page: str) -> None:
    reader.open(f"{wide_page}/?lat=10&lon=10&zoom=4")
    nodes = "[...document.querySelectorAll('.dl-node')]"
    drawn(reader, f"{nodes}.map((one) => {{ one.kept = true; }}).length")
    before = drawn(reader, "[...state.shown.values()].map((one) => one.node.n)")
    reader.page.get_by_role("combobox", name="Event type").click()
    reader.page.get_by_role("option", name="Assault").first.click()
    reader.page.keyboard.press("Escape")
    await_state(reader, "state.payload.shown === 1200")
    reader.rest()
    after = drawn(reader, "[...state.shown.values()].map((one) => one.node.n)")
    assert sum(after) * 2 == sum(before)
    assert drawn(reader, f"{nodes}.every((one) => one.kept)")
    reader.check()


def test_the_world_goes_on_beyond_the_antimeridian(reader: Reader, wide_page: str) -> None:
    reader.open(f"{wide_page}/?lat=0&lon=179&zoom=4")
    shown = drawn(reader, "[...state.shown.values()].map((one) => one.marker.getLatLng().lng)")
    assert min(shown) < 180 < max(shown)
    reader.check()


def test_hovering_tells_the_headline_and_a_click_opens_the_card(
    reader: Reader, wide_page: str
) -> None:
    reader.open(f"{wide_page}/?type=ASSAULT&lat=10&lon=10&zoom=5")
    inside = "state.map.getBounds().pad(-0.25).contains(one.marker.getLatLng())"
    drawn(
        reader,
        f"[...state.shown.values()].find((one) => one.node.members === 1 && {inside})"
        ".marker.getElement().id = 'chosen'",
    )
    single = reader.map.locator("#chosen")
    single.hover()
    assert "Report" in reader.map.locator(".dl-tip").first.inner_text()
    single.click()
    reader.card.wait_for()
    assert "event=" in reader.page.url
    await_state(reader, "state.payload.picked !== null")
    assert reader.map.locator(".dl-node.dl-picked").count() == 1
    reader.check()
