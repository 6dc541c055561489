"""The tab of sources in the browser: a poll goes on in the background and tells how it ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from extract.store import Store
from tests.browser.conftest import Reader, fill_store
from tests.made_events import make_pairs

pytestmark = pytest.mark.browser


def test_a_poll_tells_how_it_ended_without_a_click(
    reader: Reader, serve: Callable[[str], str], tmp_path: Path
) -> None:
    database = fill_store(tmp_path / "own.sqlite", make_pairs(3))
    with Store(database) as store:
        # Addresses of this machine are refused before anything is asked.
        store.add_feed("http://127.0.0.1:8099/rss")
    page = reader.open(f"{serve(database)}?tab=Sources").page
    page.get_by_role("button", name="Poll now").click()
    page.get_by_text("1 feed polled: 0 new articles").wait_for()
    page.get_by_text(
        "127.0.0.1 is at 127.0.0.1, which is not on the public internet"
    ).first.wait_for()
    page.get_by_role("button", name="Poll now").wait_for()
    # It is told until the reader asks for something else.
    page.get_by_role("tab", name="Table").click()
    reader.rest()
    page.get_by_role("tab", name="Sources").click()
    page.get_by_text("1 feed polled: 0 new articles").wait_for()
    page.get_by_role("button", name="Poll now").click()
    page.get_by_text("Every feed failed lately").wait_for()
    assert page.get_by_text("1 feed polled: 0 new articles").count() == 0
    reader.check()
