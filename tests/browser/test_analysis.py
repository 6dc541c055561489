"""Figures and table in Chromium: a click filters by exactly what was clicked."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def query(reader: Reader) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(reader.page.url).query).items()}


def shown(reader: Reader) -> int:
    return int(re.match(r"(?:All )?(\d+) ", reader.sentence.inner_text()).group(1))


def test_a_cell_of_who_to_whom_filters_by_that_pair(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?tab=Analysis&figure=Who+to+whom")
    cell = reader.page.locator("button.dl-cell").first
    count = int(cell.inner_text())
    assert cell.get_attribute("aria-label").endswith(f": {count} events")
    cell.click()
    reader.page.wait_for_url(re.compile("whom="))
    reader.rest()
    assert shown(reader) == count
    assert reader.page.locator("button.dl-cell").count() == 1
    reader.page.locator("[class*=st-key-clear_parties] button").first.click()
    reader.page.wait_for_url(re.compile(r"^(?!.*whom=)"))
    reader.rest()
    assert shown(reader) == 150
    reader.check()


def test_a_cell_of_countries_filters_by_country_and_month(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?tab=Analysis&figure=Countries")
    cell = reader.page.locator("button.dl-cell").first
    cell.focus()
    reader.page.keyboard.press("ArrowRight")
    label = reader.page.evaluate(
        "() => { let at = document.activeElement; while (at.shadowRoot) at = at.shadowRoot."
        "activeElement; return at.getAttribute('aria-label'); }"
    )
    month, count = re.match(r".*, (\w+ \d+): (\d+) event", label).groups()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(re.compile("from="))
    reader.rest()
    assert query(reader)["country"] == "AZE"
    assert query(reader)["from"][:4] == month[-4:]
    # the year-long ones touch the month too, but the figure does not count them in it
    assert shown(reader) >= int(count) > 0
    reader.check()


def test_a_type_of_the_trends_filters_by_it(reader: Reader, made_page: str) -> None:
    reader.open(f"{made_page}/?tab=Analysis")
    reader.page.get_by_role("button", name=re.compile("^Assault, show the events")).click()
    reader.page.wait_for_url(re.compile("type=ASSAULT"))
    assert "from" in query(reader)
    with reader.page.expect_download() as waiting:
        reader.page.get_by_role("button", name="Download CSV").click()
    assert waiting.value.path().read_text(encoding="utf-8").startswith("Type,")
    reader.check()


def test_the_table_sorts_all_pages_and_opens_a_card(reader: Reader, made_page: str) -> None:
    reader.open(made_page)
    table = reader.page.locator(".dl-events table")
    assert table.locator("tbody tr").count() == 100
    reader.page.get_by_role("button", name="Next page").click()
    reader.page.get_by_text("101–150 of 150").wait_for()
    assert table.locator("tbody tr").count() == 50
    table.get_by_role("button", name="Who", exact=True).click()
    reader.page.get_by_text("1–100 of 150").wait_for()
    assert table.locator("th[aria-sort=ascending]").inner_text().startswith("Who")
    names = table.locator("tbody td.dl-actor").all_inner_texts()
    assert names == sorted(names)
    table.locator("tbody tr").first.locator("td").nth(3).click()
    reader.card.wait_for()
    assert names[0] in reader.card.inner_text()
    assert "event=" in reader.page.url
    reader.check()
