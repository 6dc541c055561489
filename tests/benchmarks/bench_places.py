"""Articles a second for finding and placing toponyms, beside two name finders.

    python -m tests.benchmarks.bench_places [--articles 200] [--json]

Every system sees the same articles of about 2,000 characters, written from our own sentence
patterns, in one process on one core. `geotext` and `flashgeotext` look up names only: they
find no unknown name, judge no context and place nothing. Seconds are those of the processor,
so that other work on the machine counts little. The articles hold some forty different names
each, two or three times as many as news does. One that is not installed is named
and skipped. Reading and sentence cutting are part of our time; the gazetteer is open already.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable

from extract.gazetteer import Gazetteer
from extract.geocoding import resolve_toponyms
from extract.language import Language
from extract.layout import divide
from extract.mentions.toponyms import ToponymRecognizer
from extract.records import Article
from training.place_names import read_place_names
from training.toponym_writer import write_texts

ARTICLE_LENGTH = 2000


def write_articles(gazetteer: Gazetteer, count: int) -> list[str]:
    """Return `count` articles of about 2,000 characters, the same ones on every run."""
    names = read_place_names(gazetteer.path)
    articles: list[str] = []
    current = ""
    for text in write_texts(names, count * 6, seed=71):
        current += text.text + "\n"
        if len(current) >= ARTICLE_LENGTH:
            articles.append(current[:ARTICLE_LENGTH])
            current = ""
        if len(articles) == count:
            break
    return articles


def measure(name: str, work: Callable[[str], int], articles: list[str]) -> dict[str, object]:
    """Run `work` over the articles, after a tenth of them as warm-up; it returns names found."""
    for article in articles[: max(1, len(articles) // 10)]:
        work(article)
    start = time.process_time()
    found = sum(work(article) for article in articles)
    seconds = time.process_time() - start
    rate = len(articles) / seconds
    return {"system": name, "articles_per_second": round(rate, 1), "names": found}


def main() -> int:
    """Print one line per system, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    language = Language()
    gazetteer = Gazetteer.open()
    recognizer = ToponymRecognizer(gazetteer)
    articles = write_articles(gazetteer, options.articles)

    def recognize(text: str) -> int:
        document = language.read(Article("bench", text), divide(text))
        return len(recognizer.find(document))

    def place(text: str) -> int:
        document = language.read(Article("bench", text), divide(text))
        toponyms = recognizer.find(document)
        return len(resolve_toponyms(document, toponyms, gazetteer))

    results = [
        measure("dateline, recognition", recognize, articles),
        measure("dateline, recognition and resolution", place, articles),
    ]
    skipped = []
    if importlib.util.find_spec("geotext"):
        geotext = importlib.import_module("geotext")
        results.append(measure("geotext", lambda text: len(geotext.GeoText(text).cities), articles))
    else:
        skipped.append("geotext")
    if importlib.util.find_spec("flashgeotext"):
        flash = importlib.import_module("flashgeotext.geotext").GeoText()
        results.append(
            measure(
                "flashgeotext",
                lambda text: sum(len(part) for part in flash.extract(text).values()),
                articles,
            )
        )
    else:
        skipped.append("flashgeotext")
    ours = results[1]["articles_per_second"]
    assert isinstance(ours, float)
    for result in results[2:]:
        rate = result["articles_per_second"]
        assert isinstance(rate, float)
        result["dateline_ratio"] = round(ours / rate, 2)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    report = {"results": results, "skipped": skipped, "peak_memory_mb": memory}
    if options.json:
        print(json.dumps(report))
        return 0
    for result in results:
        print("   ".join(f"{key} {value}" for key, value in result.items()))
    for name in skipped:
        print(f"{name} is not installed: skipped")
    print(f"peak memory {memory} MB", file=sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
