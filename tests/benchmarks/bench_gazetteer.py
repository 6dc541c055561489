"""Measure the gazetteer and resolution: build, look-up, membership, articles a second, memory.

    python -m tests.benchmarks.bench_gazetteer [--build] [--articles 500]

`--build` compiles into a temporary folder first. The articles are written by
`training.resolution_passages` and glued to 2 kB each. Prints one figure a line.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from extract.gazetteer import Gazetteer, build_gazetteer
from extract.gazetteer.names import fold
from extract.geocoding import resolve_toponyms
from extract.language import Document
from extract.layout import divide
from extract.records import Article, Span, Toponym
from training.resolution_passages import PassageWriter

SIZE = 2000


def measure(work: Callable[[], object]) -> float:
    """Return the processor seconds that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def write_articles(gazetteer: Gazetteer, number: int) -> list[tuple[Document, list[Toponym]]]:
    """Write articles of about 2 kB with their toponyms."""
    writer = PassageWriter(gazetteer, 7)
    articles = []
    for index in range(number):
        text = ""
        toponyms: list[Toponym] = []
        while len(text) < SIZE:
            (passage,) = writer.write(1)
            toponyms += [
                Toponym(Span(each.span.start + len(text), each.span.end + len(text)), each.text)
                for each in passage.toponyms
            ]
            text += passage.text
        article = Article(id=str(index), text=text)
        articles.append((Document(article, divide(text), ()), toponyms))
    return articles


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", action="store_true")
    parser.add_argument("--articles", type=int, default=500)
    options = parser.parse_args()
    if options.build:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "gazetteer.sqlite"
            seconds = measure(lambda: build_gazetteer(path, progress=False))
            print(f"build: {seconds:.1f} s of processor, {path.stat().st_size / 1e6:.0f} MB")
    gazetteer = Gazetteer.open()
    names = [fold(candidate.place.name) for candidate in gazetteer.list_places()][::20]
    seconds = measure(lambda: [gazetteer.has(name) for name in names])
    print(f"has: {seconds / len(names) * 1e6:.2f} microseconds")
    seconds = measure(lambda: [gazetteer.look_up(name) for name in names])
    print(f"look_up, not cached: {seconds / len(names) * 1e6:.1f} microseconds")
    articles = write_articles(gazetteer, options.articles)
    mentions = sum(len(toponyms) for _, toponyms in articles)
    seconds = measure(
        lambda: [resolve_toponyms(document, names, gazetteer) for document, names in articles]
    )
    print(
        f"resolve: {seconds / len(articles) * 1e3:.2f} ms for an article of 2 kB with "
        f"{mentions / len(articles):.0f} toponyms"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory: {peak:.0f} MB at most, the writer of the articles included")


if __name__ == "__main__":
    main()
