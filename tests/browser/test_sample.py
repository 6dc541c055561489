"""The page as a new user finds it: the bundled sample, with nothing of one's own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, Reader

pytestmark = pytest.mark.browser


def test_the_page_opens_on_the_sample(
    reader: Reader, serve: Callable[[str], str], tmp_path: Path
) -> None:
    subprocess.run([sys.executable, "-m", "extract.sample"], cwd=ROOT, check=True)
    address = serve(str(tmp_path / "empty.sqlite"))
    reader.open(address)
    assert "Demonstration text" in reader.sentence.inner_text()
    total = int(re.search(r"All (\d+) events", reader.sentence.inner_text()).group(1))
    assert total >= 120
    reader.rows.first.click()
    reader.card.wait_for()
    assert reader.card.locator("mark.dl-what").count() >= 1

    reader.open(f"{address}/?country=UKR&from=2022-01-01&to=2022-12-31")
    filtered = re.match(rf"(\d+) of {total} events", reader.sentence.inner_text())
    assert filtered is not None
    assert 0 < int(filtered.group(1)) < total
    reader.check()
