"""The one-file view, from the page's download to a browser without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Reader
from tests.browser.test_page import choose

pytestmark = pytest.mark.browser


def download(reader: Reader, name: str, folder: Path) -> Path:
    reader.page.get_by_role("button", name="Share").click()
    with reader.page.expect_download() as found:
        reader.page.get_by_role("button", name=name).click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    reader.page.keyboard.press("Escape")
    return path


def open_offline(chromium: Any, path: Path) -> tuple[Any, list[str], list[str]]:
    """Open a file with the network off; return the window, its requests and its errors."""
    context = chromium.new_context(offline=True, viewport={"width": 1400, "height": 1000})
    window = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.on("pageerror", lambda error: errors.append(str(error)))
    window.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    window.goto(path.as_uri())
    window.locator("#shown", has_text="on the map").wait_for()
    return window, asked, errors


def test_it_shows_the_same_events_under_the_same_filters(
    reader: Reader, made_page: str, chromium: Any, tmp_path: Path
) -> None:
    reader.open(made_page)
    window, asked, errors = open_offline(chromium, download(reader, "One file", tmp_path))
    assert window.locator("#shown").inner_text().startswith("All 150 events")
    choose(reader, "Country", "Iran")
    expected = reader.sentence.inner_text().split(" of ")[0]
    window.locator("details[data-field=countries] > summary").click()
    window.locator("input[value=IRN]").check()
    assert window.locator("#shown").inner_text().split(" of ")[0] == expected
    ids = window.locator(".event").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    assert len(ids) == int(expected)

    window.locator(".event").first.click()
    card = window.locator(".panel article.dl-card")
    assert card.locator("mark").count() >= 1
    assert window.locator(".mark").count() + window.locator(".count").count() > 0
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    assert errors == []
    window.context.close()
    reader.check()


def test_it_carries_only_what_was_filtered(
    reader: Reader, made_page: str, chromium: Any, tmp_path: Path
) -> None:
    reader.open(made_page)
    choose(reader, "Country", "Iran")
    expected = reader.sentence.inner_text().split(" of ")[0]
    window, _, errors = open_offline(chromium, download(reader, "One file", tmp_path))
    assert window.locator("#shown").inner_text().startswith(f"All {expected} events")
    assert "Country IRN" in window.locator("header").inner_text()
    assert errors == []
    window.context.close()


def test_words_and_days_filter_and_are_let_go(
    reader: Reader, made_page: str, chromium: Any, tmp_path: Path
) -> None:
    reader.open(made_page)
    window, _, errors = open_offline(chromium, download(reader, "One file", tmp_path))
    total = window.locator(".event").count()
    window.locator("#text").fill("zzzz no such words")
    assert window.locator("#shown").inner_text().startswith("0 of 150")
    window.locator("#clear").click()
    assert window.locator("#shown").inner_text().startswith("All 150")
    box = window.locator("#timeline").bounding_box()
    window.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 40)
    window.mouse.down()
    window.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + 40, steps=4)
    window.mouse.up()
    assert window.locator("#from").input_value() < window.locator("#to").input_value()
    assert "of 150" in window.locator("#shown").inner_text()
    assert total == 100
    assert errors == []
    window.context.close()


def test_hostile_articles_stay_words(
    reader: Reader, hostile_page: str, chromium: Any, tmp_path: Path
) -> None:
    reader.open(hostile_page)
    window, asked, errors = open_offline(chromium, download(reader, "One file", tmp_path))
    window.locator(".event").first.click()
    window.locator(".panel article.dl-card").wait_for()
    assert window.locator(".panel script, .panel img[onerror]").count() == 0
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    assert errors == []
    window.context.close()


def test_the_other_downloads_are_there(reader: Reader, made_page: str, tmp_path: Path) -> None:
    reader.open(made_page)
    for name, start in (("Picture", b"\x89PNG"), ("KML", b"<?xml"), ("Parquet", b"PAR1")):
        assert download(reader, name, tmp_path).read_bytes().startswith(start)
    reader.check()
