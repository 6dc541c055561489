"""Kill `add` at random moments: the store must open, and hold each article wholly or not at all.

    python -m tests.benchmarks.bench_kill                    # 100 kills on 200 articles
    python -m tests.benchmarks.bench_kill --times 6 --articles 10

For each time: a process adds the articles to a new store and is killed with SIGKILL at a random
moment; the store is opened and compared with one that was filled undisturbed; then the same
command runs again to its end, and the store must equal the undisturbed one. The models are
loaded once and each process is forked from the loaded one, so that the kills fall into the
adding and not into the loading. Prints one line of JSON; exits with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from extract.commands import add as command
from extract.pipeline import Extractor
from extract.store import Store

TOWNS = ("Baku", "Tbilisi", "Odesa", "Gao", "Hodeidah", "Muscat", "Aleppo", "Goris", "Manila")
PARTIES = ("Iran", "Azerbaijan", "Armenia", "Ukraine", "Mali", "Yemen", "Oman", "Syria")


def write_articles(path: Path, count: int) -> None:
    """Write made-up reports, each different, with a few events each, as JSON Lines."""
    chance = random.Random(count)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            one, other = chance.sample(PARTIES, 2)
            town = chance.choice(TOWNS)
            day = datetime.date(2023, 1, 1) + datetime.timedelta(days=number)
            text = (
                f"{one} and {other} meet in {town}\n\n"
                f"Troops of {one} shelled a village near {town} on Monday, killing {number + 2} "
                f"people, officials said. {other} condemned the attack. The foreign ministers of "
                f"{one} and {other} met in {town} last week and agreed on a ceasefire."
            )
            line = {"text": text, "published": day.isoformat(), "source": "Made up"}
            file.write(json.dumps(line) + "\n")


def add(source: Path, store: Path, extractor: Extractor) -> int:
    """Run the command `add` within this process, with models that are loaded already."""
    command.Extractor = lambda: extractor  # type: ignore[misc,assignment]
    return command.add_articles(
        [str(source)],
        published=None,
        size_limit=5_000_000,
        database=str(store),
        allow_private=False,
    )


def add_and_kill(source: Path, store: Path, extractor: Extractor, moment: float) -> bool:
    """Add in a child process and kill it after `moment` seconds; say whether it was at work."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        add(source, store, extractor)
        os._exit(0)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def read_store(path: Path) -> dict[str, pd.DataFrame]:
    """Return the events of each article; raise AssertionError for a damaged store."""
    with sqlite3.connect(path) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.close()
    assert verdict == "ok", verdict
    assert not orphans, orphans
    with Store(str(path)) as store:
        table = store.events_table()
        return {
            article.id: table[table["article_id"] == article.id].reset_index(drop=True)
            for article in store.articles()
        }


def compare(found: dict[str, pd.DataFrame], whole: dict[str, pd.DataFrame]) -> None:
    """Raise AssertionError unless every article found has all of its events, and only those."""
    for article, events in found.items():
        assert events.equals(whole[article]), f"article {article} is there in part"


def main() -> int:
    """Run the kills and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    extractor = Extractor()
    stopped, shares = 0, []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "articles.jsonl"
        write_articles(source, options.articles)
        undisturbed = Path(folder) / "undisturbed.sqlite"
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        began = time.perf_counter()
        add(source, undisturbed, extractor)
        duration = time.perf_counter() - began
        whole = read_store(undisturbed)
        assert len(whole) == options.articles
        assert sum(map(len, whole.values())) > options.articles
        for number in range(options.times):
            store = Path(folder) / f"killed{number}.sqlite"
            stopped += add_and_kill(source, store, extractor, chance.uniform(0.0, duration))
            found = read_store(store)
            compare(found, whole)
            shares.append(len(found) / len(whole))
            add(source, store, extractor)
            again = read_store(store)
            assert again.keys() == whole.keys(), "the second run did not add the rest"
            compare(again, whole)
    sys.stdout = sys.__stdout__
    print(
        json.dumps(
            {
                "times": options.times,
                "articles": options.articles,
                "events": sum(map(len, whole.values())),
                "killed_while_adding": stopped,
                "stopped_between_first_and_last_article": sum(0 < share < 1 for share in shares),
                "seconds_undisturbed": round(duration, 2),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
