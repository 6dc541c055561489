"""Measure the gazetteer and resolution: build, look-up, membership, articles a second, memory.

    python -m tests.benchmarks.bench_gazetteer [--build] [--articles 500]
    python -m tests.benchmarks.bench_gazetteer --dump 13000000

`--build` compiles into a temporary folder first; `--dump` compiles a made-up GeoNames dump of so
many rows, as `gazetteer build --geonames` does, and tells its time and memory alone. The articles
are written by `training.resolution_passages` and glued to 2 kB each. Prints one figure a line.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from extract.gazetteer import Gazetteer, build_gazetteer
from extract.gazetteer.names import fold
from extract.geocoding import resolve_toponyms
from extract.language import Document
from extract.layout import divide
from extract.records import Article, Span, Toponym
from tests.benchmarks.made_geonames import write_dump
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


def measure_dump(rows: int) -> None:
    """Print what compiling a dump of so many rows takes."""
    with tempfile.TemporaryDirectory() as folder:
        dump, path = Path(folder) / "allCountries.txt", Path(folder) / "gazetteer.sqlite"
        write_dump(dump, rows)
        before = time.perf_counter()
        # A process of its own, whose memory is the build's and not that of what made the dump.
        build = multiprocessing.get_context("spawn").Process(
            target=build_gazetteer, args=(path,), kwargs={"geonames": dump, "progress": False}
        )
        build.start()
        build.join()
        if build.exitcode:
            raise SystemExit(f"the build ended with {build.exitcode}")
        seconds = time.perf_counter() - before
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"a dump of {rows:,} rows ({dump.stat().st_size / 1e6:,.0f} MB): {seconds:,.0f} s, "
            f"{peak:,.0f} MB of memory at most, {path.stat().st_size / 1e6:,.0f} MB of gazetteer"
        )
        gazetteer = Gazetteer(path)
        names = [candidate.place.name for candidate in islice(gazetteer.list_places(), 2000)]
        seconds = measure(lambda: [gazetteer.candidates(name) for name in names])
        print(f"candidates of a name: {seconds / len(names) * 1e3:.2f} ms")


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", action="store_true")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--dump", type=int, metavar="ROWS")
    options = parser.parse_args()
    if options.dump:
        measure_dump(options.dump)
        return
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
