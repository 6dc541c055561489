"""Adding an article in the browser: read, shown, and kept only when the reader says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from extract.store import Store
from tests.browser.conftest import Reader, fill_store
from tests.made_events import make_pairs

pytestmark = pytest.mark.browser

ARTICLE = """Iranian drones strike Baku

BAKU, Azerbaijan - Iranian drones struck a military base near Baku on Monday, killing three
soldiers, Azerbaijan's defence ministry said. Azerbaijan's foreign minister met Turkish
diplomats in Ankara on Tuesday.
"""


def test_an_article_is_shown_before_it_is_kept(
    reader: Reader, serve: Callable[[str], str], tmp_path: Path
) -> None:
    database = fill_store(tmp_path / "own.sqlite", make_pairs(3))
    page = reader.open(serve(database)).page
    page.get_by_role("button", name="Add articles").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Article").fill(ARTICLE)
    dialog.get_by_role("button", name="Read").click()
    dialog.get_by_text("It gives no day of publication").wait_for()
    dialog.get_by_role("button", name="Back").click()

    dialog.get_by_role("tab", name="Upload files").click()
    upload = f"June 12, 2024\n\n{ARTICLE}"
    dialog.locator("input[type=file]").set_input_files(
        {"name": "report.txt", "mimeType": "text/plain", "buffer": upload.encode()}
    )
    dialog.get_by_text("report.txt").wait_for()
    dialog.get_by_role("button", name="Read").click()
    dialog.locator("mark.dl-where", has_text="Baku").first.wait_for(timeout=90_000)
    dialog.get_by_text(re.compile("published 12 Jun 2024")).first.wait_for()
    dialog.get_by_role("tab", name=re.compile(r"Events \(\d+\)")).click()
    dialog.locator("article.dl-card").first.wait_for()
    with Store(database) as store:
        assert store.counts().articles == 3

    dialog.get_by_role("button", name="Keep 1 article").click()
    page.get_by_text(re.compile("from 4 articles")).wait_for()
    with Store(database) as store:
        assert store.counts().articles == 4
        (run,) = store.runs()
    assert (run["command"], run["settings"], run["counts"]["added"]) == ("add", {"from": "page"}, 1)
    reader.check()
