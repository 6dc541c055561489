"""The bundled demonstration articles, extracted once and kept in the user's cache.

python -m extract.sample     prepares them, so that the page opens on them at once
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from extract.bundled import DATA, bundled_path, cache_path
from extract.records import Article, hash_id
from extract.sources.files import read_articles
from extract.store import Store
from extract.workers import open_extractor

if TYPE_CHECKING:
    from extract.pipeline import Extraction


def open_sample(find: Callable[[Article], Extraction]) -> Store:
    """Return the store of the demonstration articles, extracting what it lacks.

    The store is named after what goes into it: the articles, the program, its models and its
    lists. A change of any of them makes a new one, and the old ones go. `find` is called only
    for articles that are to be extracted. Raises what it raises, and StoreError.
    """
    sample = bundled_path("sample.jsonl")
    store_path = cache_path(f"sample-{_fingerprint(sample)}.sqlite")
    store = Store(str(store_path))
    missing = [
        article
        for article in read_articles([sample])
        if isinstance(article, Article) and not store.has(article.id)
    ]
    if missing:
        for article in missing:
            store.add(find(article))
        for old in store_path.parent.glob("sample-*.sqlite*"):
            if not old.name.startswith(store_path.name):
                old.unlink(missing_ok=True)
    return store


def _fingerprint(sample: Path) -> str:
    marks = [f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in _inputs()]
    return hash_id(sample.read_text(encoding="utf-8"), *marks)


def _inputs() -> Iterator[Path]:
    """Yield the files that extraction depends on, in a fixed order."""
    yield from sorted(Path(__file__).parent.rglob("*.py"))
    yield from sorted(file for file in (DATA / "bundled").rglob("*") if file.is_file())


if __name__ == "__main__":
    counts = open_sample(lambda article: open_extractor().extract(article)).counts()
    print(f"sample: {counts.articles} articles, {counts.events} events")
