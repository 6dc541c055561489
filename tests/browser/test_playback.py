"""The timeline and its playback in Chromium: brushed, zoomed, stepped and played."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def chart_box(reader: Reader) -> dict[str, float]:
    chart = reader.page.locator(".dl-chart")
    chart.scroll_into_view_if_needed()
    box: dict[str, float] = chart.bounding_box()
    return box


def drag(reader: Reader, begin: float, end: float, *, down: float = 60) -> None:
    box = chart_box(reader)
    reader.page.mouse.move(box["x"] + box["width"] * begin, box["y"] + down)
    reader.page.mouse.down()
    reader.page.mouse.move(box["x"] + box["width"] * end, box["y"] + down, steps=6)
    reader.page.mouse.up()


def query(reader: Reader) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(reader.page.url).query).items()}


def shown(reader: Reader) -> int:
    return int(re.match(r"(?:All )?(\d+) ", reader.sentence.inner_text()).group(1))


def unit(reader: Reader) -> str:
    text: str = reader.page.locator(".dl-timeline .dl-unit").inner_text()
    return text


def mark_frame(reader: Reader) -> Any:
    """Mark the map's element, so that one made anew would be known."""
    frame = reader.page.locator("iframe[title='streamlit_folium.st_folium']")
    frame.evaluate("element => { element.marked = true; }")
    return frame


def test_brushing_sets_the_dates_and_a_double_click_lets_go(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    drag(reader, 0.5, 0.7)
    reader.page.wait_for_url(re.compile("from=20"))
    reader.rest()
    first = query(reader)
    assert first["from"].startswith(("2022", "2023"))
    assert 0 < shown(reader) < 150

    # by its middle the brush moves, by its edge it grows
    drag(reader, 0.6, 0.7)
    reader.page.wait_for_url(lambda url: f"from={first['from']}" not in url)
    reader.rest()
    moved = query(reader)
    assert moved["from"] > first["from"]
    box = chart_box(reader)
    grip = reader.page.locator('[data-handle="first"] rect').bounding_box()
    drag(reader, (grip["x"] + 3 - box["x"]) / box["width"], 0.2)
    reader.page.wait_for_url(lambda url: f"from={moved['from']}" not in url)
    reader.rest()
    assert query(reader)["from"] < moved["from"]
    assert query(reader)["to"] == moved["to"]

    reader.page.mouse.dblclick(box["x"] + box["width"] * 0.95, box["y"] + 60)
    reader.page.wait_for_url(re.compile(r"^(?!.*from=)"))
    reader.rest()
    assert shown(reader) == 150
    reader.check()


def test_the_keyboard_brushes_and_clears(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    reader.page.locator('[data-handle="first"]').focus()
    for _ in range(3):
        reader.page.keyboard.press("ArrowRight")
    reader.page.wait_for_url(re.compile("from=2021"))
    reader.rest()
    assert reader.page.evaluate(
        "() => { let at = document.activeElement; while (at.shadowRoot) at = at.shadowRoot."
        "activeElement; return at.dataset.handle; }"
    ) == "first"  # fmt: skip
    reader.page.locator(".dl-chart").focus()
    reader.page.keyboard.press("Escape")
    reader.page.wait_for_url(re.compile(r"^(?!.*from=)"))
    reader.check()


def test_it_zooms_from_years_to_days_and_back(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    assert unit(reader) == "Events per month"
    chart = reader.page.locator(".dl-chart")
    chart.focus()
    for _ in range(6):
        reader.page.keyboard.press("+")
    reader.page.locator(".dl-unit", has_text="Events per day").wait_for()
    assert shown(reader) == 150  # looking closer is no filter
    reader.page.get_by_role("button", name="All", exact=True).click()
    reader.page.locator(".dl-unit", has_text="Events per month").wait_for()
    box = chart_box(reader)
    reader.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    reader.page.keyboard.down("Control")
    for _ in range(12):
        reader.page.mouse.wheel(0, -120)
    reader.page.keyboard.up("Control")
    reader.page.locator(".dl-unit", has_text=re.compile("per (week|day)")).wait_for()
    reader.check()


def test_it_plays_and_the_map_is_not_made_anew(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    page = reader.page
    frame = mark_frame(reader)
    page.locator(".dl-size").select_option("quarter")
    page.wait_for_url(re.compile("window=quarter"))
    reader.rest()
    begun = query(reader)["at"]
    page.locator(".dl-speed").select_option("fast")
    entries = page.evaluate("history.length")
    page.get_by_role("button", name="Play", exact=True).click()
    seen = set()
    for _ in range(10):
        now = page.locator(".dl-play .dl-when").inner_text()
        seen.add(now)
        page.wait_for_function(
            "before => { const hosts = [...document.querySelectorAll('*')].filter(e => "
            "e.shadowRoot); const roots = [document, ...hosts.map(e => e.shadowRoot)]; return "
            "roots.some(r => { const w = r.querySelector('.dl-play .dl-when'); return w && "
            "w.textContent !== before; }); }",
            arg=now,
        )
    assert len(seen) == 10
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    reader.rest()
    assert query(reader)["at"] > begun
    # one for the pause at most: playing is not to fill the way back
    assert page.evaluate("history.length") <= entries + 1
    window = page.locator(".dl-play .dl-when").inner_text()
    assert window.endswith(f" · {shown(reader)} events")
    assert frame.evaluate("element => element.marked === true")

    stopped = page.url
    reader.open(stopped)
    assert page.locator(".dl-play .dl-when").inner_text() == window
    reader.check()


def test_keys_step_play_and_pause(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?window=month&at=2023-01-01")
    page = reader.page
    page.get_by_role("button", name="Step forward").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("at=2023-02-01"))
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("at=2023-01-01"))
    reader.rest()
    page.locator(".dl-chart").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    page.wait_for_url(re.compile("at=2023-03-01"))
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    reader.rest()
    reader.check()


def test_adding_up_only_grows_and_ending_shows_all(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?window=month&at=2023-01-01&sum=1")
    assert reader.page.get_by_label("Add up").is_checked()
    before = shown(reader)
    reader.page.get_by_role("button", name="Step forward").click()
    reader.page.wait_for_url(re.compile("at=2023-02-01"))
    reader.rest()
    assert shown(reader) >= before > 10
    reader.page.get_by_role("button", name="End playback").click()
    reader.page.wait_for_url(re.compile(r"^(?!.*window=)"))
    reader.rest()
    assert shown(reader) == 150
    reader.check()
