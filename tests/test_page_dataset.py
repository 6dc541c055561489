"""The shelf of datasets: new events appear, and nobody waits for a large collection."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from extract.store import Store
from page import dataset
from page.dataset import OWN, Shelf, find_text
from tests.made_events import make_pairs


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    made = Store(str(tmp_path / "made.sqlite"))
    add(made, 0, 30)
    return made


def add(store: Store, first: int, last: int) -> None:
    for article, events in make_pairs(last)[first:]:
        store.add(SimpleNamespace(article=article, events=events, skipped=None, supposed=0))


def test_a_collection_is_read_once_per_version(store: Store) -> None:
    shelf = Shelf()
    one = shelf.take(OWN, store)
    assert (one.collection, one.articles, len(one.columns)) == (OWN, 30, 30)
    assert shelf.take(OWN, store) is one
    add(store, 30, 35)
    other = shelf.take(OWN, store)
    assert len(other.columns) == 35
    assert other.name != one.name


def test_a_large_one_stands_until_the_next_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "AT_ONCE", 10)
    shelf = Shelf()
    one = shelf.take(OWN, store)
    add(store, 30, 35)
    assert shelf.take(OWN, store) is one
    end = time.monotonic() + 60
    while shelf.take(OWN, store) is one and time.monotonic() < end:
        time.sleep(0.02)
    assert len(shelf.take(OWN, store).columns) == 35


def test_texts_and_silent_articles_are_read_when_they_are_looked_at(store: Store) -> None:
    article = make_pairs(40)[-1][0]
    silent = {"events": [], "skipped": "no words that report", "supposed": 2}
    store.add(SimpleNamespace(article=article, **silent))
    found = Shelf().take(OWN, store)
    assert found.supposed == 2
    assert found.silent == ((article.title, "no words that report"),)
    assert find_text(found, article.id) == article.text
    assert find_text(found, "unheard of") is None
