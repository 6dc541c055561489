"""Articles that try to become markup or script: shown as plain text, everywhere on the page."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.browser.conftest import Reader
from tests.made_events import HOSTILE

pytestmark = pytest.mark.browser


def test_hostile_text_is_shown_and_does_nothing(reader: Reader, hostile_page: str) -> None:
    reader.page.on("dialog", lambda dialog: reader.errors.append(dialog.message))
    reader.open(hostile_page)
    assert reader.rows.count() == len(HOSTILE)
    shown = "\n".join(reader.rows.all_inner_texts())
    for text in HOSTILE:
        assert text in shown
    for node in reader.map.locator(".dl-node").all():
        node.hover()
    for number in range(len(HOSTILE)):
        event = f"article{900 + number}-0"
        query = urlencode({"event": event, "q": "struck", "source": HOSTILE[number]})
        reader.open(f"{hostile_page}/?{query}")
        reader.card.wait_for()
        assert HOSTILE[number] in reader.card.inner_text()
        hrefs = reader.card.locator("a[href]").evaluate_all(
            "links => links.map(link => link.protocol)"
        )
        assert set(hrefs) <= {"https:", "http:"}
    for window in (reader.page, *reader.page.frames):
        assert window.evaluate("window.hacked") is None
        assert window.locator("script:text('hacked'), img[src='x']").count() == 0
    reader.check()
