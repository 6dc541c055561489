"""How fast dates are found, beside dateparser, and whether the cost is linear.

    PYTHONPATH=. python tests/benchmarks/bench_timexes.py [--articles N]

Prints articles of 2,000 characters a second on one core (processor time, the best of three
runs); the same for different articles in a process of its own, from its first call on, when
rules are compiled and words met for the first time, and with the import counted in; the same
for dateparser's search in the same run (skipped by name where it is not installed); and for
adversarial texts the ratio of times for doubled inputs: 2 is linear.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

IMPORT_START = time.process_time()
from extract.mentions.timexes import find_timexes  # noqa: E402 - its import is timed

IMPORT_SECONDS = time.process_time() - IMPORT_START
GOLD = Path(__file__).parents[1] / "gold" / "timexes.jsonl"
PUBLISHED = datetime.date(2024, 6, 12)
# A report of our own with about as many dates as agency news has, one in 40 words.
PARAGRAPHS = (
    "BAKU, June 12 (Agency) - Iran and Azerbaijan will hold joint drills on the coast today, "
    "the defence ministry said on Tuesday, three months after the two countries signed an "
    "accord.",
    "The exercises, the first since October last year, involve marines, gunboats and drones "
    "and are meant to improve the way that units of both fleets work together, the statement "
    "added.",
    "A spokesman told reporters that a second stage was planned further south, but gave no "
    "details of the ships or of the ports that would be used, and said that neighbours had "
    "been informed.",
    "Azerbaijan took full control of the region in September 2023 after a brief operation "
    "that led most of its residents to leave, and talks on a peace treaty have gone on ever "
    "since.",
    "Analysts said that trade between the two had grown by a fifth in the first quarter, "
    "helped by a new railway, and that officials were keen to keep older quarrels out of the "
    "news for now.",
    "In the capital, people went about their business; markets were full, and the only sign "
    "of the drill was a notice at the harbour telling fishermen to stay away from the firing "
    "range.",
    "The foreign minister is due to fly to the coast on Friday to meet his counterpart, and "
    "both are expected to visit the border town that was badly damaged by the floods of last "
    "spring.",
    "Earlier this month the parliament approved a law on pipelines that investors had asked "
    "for; it takes effect on July 1, and the first tenders are to follow by the end of the "
    "year.",
    "Critics of the plan say that it was drawn up in haste and that the towns along the route "
    "were not heard; the ministry denies it and points to the hearings that were held in the "
    "province.",
    "About two thousand soldiers will take part, fewer than in the past, and foreign "
    "observers have been invited to follow the landing from a stand on the beach, weather "
    "permitting.",
    "The last such drill, in 2019, ended early when a storm sank a tug and hurt four sailors.",
)
ADVERSARIAL = {
    "digits": "7",
    "last last last": "last ",
    "the first of the": "the first of the ",
    "12/12/": "12/12/",
    "June June": "June 1 to ",
    "blank lines": "\n ",
}
ADVERSARIAL_SIZE = 500_000


def make_article() -> str:
    """Return 2,000 characters of news."""
    return "\n\n".join(PARAGRAPHS)[:2000]


def make_articles(count: int) -> list[str]:
    """Return so many different articles: ours, each with two sentences of the gold set.

    The gold set has every kind of expression, so that all rules are met.
    """
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    sentences = [json.loads(line)["text"] for line in lines]
    articles = []
    for number in range(count):
        own = [sentences[(2 * number + place) % len(sentences)] for place in range(2)]
        turned = [*PARAGRAPHS[number % len(PARAGRAPHS) :], *PARAGRAPHS]
        articles.append("\n\n".join([*own, *turned])[:2000])
    return articles


def run_cold(count: int) -> None:
    """Print articles a second from this process's first call on, and with the import."""
    articles = make_articles(count)
    start = time.process_time()
    for article in articles:
        find_timexes(article, published=PUBLISHED)
    spent = time.process_time() - start
    print(f"cold start, {count} different articles: {count / spent:.0f} articles/s")
    print(f"    {count / (spent + IMPORT_SECONDS):.0f} with the import")


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of the best of three runs."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def time_dateparser(article: str, count: int) -> float | None:
    """Return dateparser's articles a second over `count` articles, None where it is not there."""
    try:
        from dateparser.search import search_dates
    except ImportError:
        print("dateparser: skipped, it is not installed (pip install dateparser)")
        return None
    settings = {"RELATIVE_BASE": datetime.datetime(2024, 6, 12)}
    search_dates(article, languages=["en"], settings=settings)
    spent = seconds(
        lambda: [search_dates(article, languages=["en"], settings=settings) for _ in range(count)]
    )
    return count / spent


def main() -> None:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=400, help="articles in one run")
    parser.add_argument("--cold", action="store_true", help="only the first calls of a process")
    options = parser.parse_args()
    count = options.articles
    if options.cold:
        run_cold(count)
        return
    article = make_article()
    found = find_timexes(article, published=PUBLISHED)
    spent = seconds(lambda: [find_timexes(article, published=PUBLISHED) for _ in range(count)])
    speed = count / spent
    print(f"find_timexes: {speed:.0f} articles/s of {len(article)} characters")
    print(f"    with {len(found)} timexes each")
    sys.stdout.flush()
    subprocess.run(
        # As a module, so that the project's root is where it imports from.
        [
            *(sys.executable, "-m", "tests.benchmarks.bench_timexes"),
            *("--cold", "--articles", str(min(count, 300))),
        ],
        check=True,
    )
    other = time_dateparser(article, max(5, count // 20))
    if other:
        print(f"dateparser.search: {other:.1f} articles/s; ratio {speed / other:.1f}")
    for name, piece in ADVERSARIAL.items():
        half = piece * (ADVERSARIAL_SIZE // len(piece))
        once = seconds(lambda half=half: find_timexes(half, published=PUBLISHED))
        twice = seconds(lambda half=half: find_timexes(half * 2, published=PUBLISHED))
        print(f"{name}: {len(half) * 2:,} characters in {twice:.2f} s")
        print(f"    doubling costs x{twice / once:.2f}")


if __name__ == "__main__":
    main()
