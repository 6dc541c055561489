"""The sample's store: made once, kept while nothing changes, made anew when something does."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from extract import sample
from extract.records import Article
from tests.made_events import make_event


class Finder:
    """Stands in for the finders: one event per article, and a note of what was read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def extract(self, article: Article) -> Any:
        self.read.append(article.text)
        return SimpleNamespace(
            article=article, events=[make_event(article)], skipped=None, supposed=0
        )


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sample of two articles, and a cache of its own."""
    folder = tmp_path / "bundled"
    folder.mkdir()
    path = folder / "sample.jsonl"
    lines = [
        {"text": f"Report {number} from Baku.", "published": "2024-06-12", "title": f"T{number}"}
        for number in range(2)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    monkeypatch.setattr(sample, "DATA", tmp_path)
    monkeypatch.setattr(sample, "bundled_path", lambda name: folder / name)
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    return path


def test_the_finders_are_asked_only_where_something_is_missing(bundled: Path) -> None:
    finder = Finder()
    with sample.open_sample(finder.extract) as store:
        assert store.counts().articles == 2
        assert next(store.articles()).published == datetime.date(2024, 6, 12)
    assert len(finder.read) == 2

    def refuse(_article: Article) -> Any:
        raise AssertionError("nothing is missing")

    with sample.open_sample(refuse) as store:
        assert store.counts().events == 2


def test_a_change_makes_a_new_store_and_the_old_one_goes(bundled: Path) -> None:
    finder = Finder()
    sample.open_sample(finder.extract).close()
    with bundled.open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps({"text": "A third from Goris.", "published": "2024-06-13"}))
    with sample.open_sample(finder.extract) as store:
        assert store.counts().articles == 3
    assert len(finder.read) == 5
    cache = bundled.parents[1] / "cache"
    assert len(list(cache.glob("sample-*.sqlite"))) == 1
