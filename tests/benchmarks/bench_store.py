"""The store under ill-treatment and under load: kills, a crowd, and a million events.

    python -m tests.benchmarks.bench_store kill                    # 100 kills on 200 articles
    python -m tests.benchmarks.bench_store kill --postgres
    python -m tests.benchmarks.bench_store crowd --seconds 60      # and with --postgres
    python -m tests.benchmarks.bench_store bulk --events 1000000
    python -m tests.benchmarks.bench_store jobs --articles 10000   # add with one process and two

kill: a process adds the articles to a new store and is killed with SIGKILL at a random moment; the
store must hold each article wholly or not at all and `check` find nothing; then the same command
runs again to its end, and the store must equal one that was filled undisturbed. The models are
loaded once and each process is forked from the loaded one, so that the kills fall into the adding
and not into the loading.

crowd: one reader as the page is, one writer as the poller is and two `add`, each a process with a
store of its own, for some seconds; none may fail, and nothing may be lost.

Each prints one line of JSON and exits with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from extract import workers
from extract.commands.add import add_articles
from extract.commands.console import LOGGER
from extract.pipeline import Extractor
from extract.records import PollOutcome
from extract.store import Store
from extract.store.columns import write_articles, write_rows
from extract.table import build_row
from tests.made_events import make_drill, make_pairs
from tests.made_news import write_news
from tests.postgres import PostgresServer, find_programs, run_server

Database = Callable[[], contextlib.AbstractContextManager[str]]


@contextlib.contextmanager
def provide_databases(folder: Path, *, postgres: bool) -> Iterator[Database]:
    """Hand out a maker of empty databases' URLs."""
    if not postgres:
        numbers = iter(range(1_000_000))

        @contextlib.contextmanager
        def make_file() -> Iterator[str]:
            path = folder / f"store{next(numbers)}.sqlite"
            yield str(path)
            for file in folder.glob(f"{path.name}*"):
                file.unlink()

        yield make_file
        return
    programs = find_programs()
    if programs is None:
        sys.exit("there is no PostgreSQL 15 or newer with psycopg 3 on this machine")
    with run_server(programs) as server:
        assert isinstance(server, PostgresServer)
        yield server.database


def in_child(work: Callable[[], object]) -> int:
    """Fork a process that does the work and ends with 0, or with 1 where it fails."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            work()
            status = 0
        except Exception:  # nothing may reach the parent's code in a forked child
            traceback.print_exc()
        finally:
            os._exit(status)
    return child


def wait_for(child: int) -> int:
    """Wait for a process; return its exit status, negative for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# kill


def read_store(url: str) -> dict[str, pd.DataFrame]:
    """Return the events of each article; raise AssertionError for a store that is not whole."""
    with Store(url) as store:
        faults = list(store.faults())
        assert not faults, faults
        table = store.events_table()
        return {
            article.id: table[table["article_id"] == article.id].reset_index(drop=True)
            for article in store.articles()
        }


def run_kill(options: argparse.Namespace, folder: Path, database: Database) -> dict[str, Any]:
    """Kill `add` at random moments."""
    chance = random.Random(options.seed)
    extractor = Extractor()
    workers.open_extractor = lambda model=None, online=None: extractor  # type: ignore[assignment]
    source = folder / "articles.jsonl"
    # Short ones, so that the time goes into many additions rather than into long texts.
    write_news(source, options.articles, seed=options.seed, length=3)
    with database() as url:
        began = time.perf_counter()
        assert wait_for(in_child(lambda: add_articles([str(source)], database=url))) == 0
        duration = time.perf_counter() - began
        whole = read_store(url)
    assert len(whole) == options.articles
    assert sum(map(len, whole.values())) > options.articles
    killed, shares = 0, []
    for _ in range(options.times):
        with database() as url:
            child = in_child(lambda url=url: add_articles([str(source)], database=url))  # type: ignore[misc]
            time.sleep(chance.uniform(0.0, duration))
            os.kill(child, signal.SIGKILL)
            killed += wait_for(child) == -signal.SIGKILL
            found = read_store(url)
            for article, events in found.items():
                assert events.equals(whole[article]), f"article {article} is there in part"
            shares.append(len(found) / len(whole))
            again = in_child(lambda url=url: add_articles([str(source)], database=url))  # type: ignore[misc]
            assert wait_for(again) == 0
            full = read_store(url)
            assert full.keys() == whole.keys(), "the second run did not add the rest"
            for article, events in full.items():
                assert events.equals(whole[article]), f"article {article} is there in part"
    return {
        "times": options.times,
        "articles": options.articles,
        "events": sum(map(len, whole.values())),
        "killed_while_adding": killed,
        "stopped_between_first_and_last_article": sum(0 < share < 1 for share in shares),
        "seconds_undisturbed": round(duration, 2),
    }


# crowd


def run_crowd(options: argparse.Namespace, folder: Path, database: Database) -> dict[str, Any]:
    """Let a reader, a poller and two writers at one store."""
    with database() as url:
        Store(url).close()
        until = time.time() + options.seconds

        def add(first: int) -> None:
            # As `add` does with found events: a look, a transaction each, and a run around.
            with Store(url) as store:
                run = store.start_run("add", {})
                number = first
                while time.time() < until:
                    found = make_drill(number)
                    assert not store.holds(found.article)
                    assert store.add(found, run_id=run)
                    number += 1
                store.finish_run(run, {"added": number - first})

        def poll() -> None:
            with Store(url) as store:
                store.add_feed("https://news.example/feed")
                number = 2_000_000
                while time.time() < until:
                    moment = datetime.datetime(2024, 6, 12)
                    seen = tuple(f"https://news.example/{number}/{at}" for at in range(20))
                    store.known_urls(seen)
                    store.add(make_drill(number))
                    store.refuse(seen[0], "not found")
                    store.keep_poll(
                        "https://news.example/feed", PollOutcome(moment, moment, seen=seen)
                    )
                    number += 1
                store.finish_run(store.start_run("poll", {}), {"added": number - 2_000_000})

        def read() -> None:
            with Store(url) as store:
                run, rounds, last = store.start_run("read", {}), 0, 0
                while time.time() < until:
                    store.version()
                    counts = store.counts()
                    assert counts.events == 2 * counts.articles
                    table = store.events_table()
                    assert last <= len(table)
                    last, rounds = len(table), rounds + 1
                store.finish_run(run, {"read": rounds})

        work = [lambda: add(0), lambda: add(1_000_000), poll, read]
        children = [in_child(one) for one in work]
        statuses = [wait_for(child) for child in children]
        assert statuses == [0, 0, 0, 0], statuses
        with Store(url) as store:
            added = sum((run["counts"] or {}).get("added", 0) for run in store.runs())
            rounds = sum((run["counts"] or {}).get("read", 0) for run in store.runs())
            counts = store.counts()
            assert counts.articles == added, (counts.articles, added)
            assert counts.events == 2 * added
            faults = list(store.faults())
            assert not faults, faults
    return {"seconds": options.seconds, "articles": added, "tables_read": rounds}


# bulk


def run_bulk(options: argparse.Namespace, folder: Path, database: Database) -> dict[str, Any]:
    """Load many events and read them all."""
    pairs = [
        (dataclasses.replace(article, text=" ".join([article.text] * 20)), events)
        for article, events in make_pairs(2_000)
    ]
    rows = [build_row(article, event) for article, events in pairs for event in events]
    # Three events of an article, as in news.
    per_batch = len(rows) * 3
    with database() as url, Store(url) as store:
        spent, processor = 0.0, 0.0
        number = 0
        for start in range(0, options.events, per_batch):
            articles, found = [], []
            for article, events in pairs[: max(1, (options.events - start) // 3)]:
                number += 1
                own = dataclasses.replace(
                    article, id=f"{number:016x}", url=f"https://news.example/{number}"
                )
                articles.append((own, None, None, 0))
                for at in range(3):
                    row = build_row(own, events[0])
                    found.append(row | {"event_id": f"{hash((number, at)) & 2**63 - 1:016x}"})
            batches = write_articles(articles), write_rows(found)
            began, worked = time.perf_counter(), time.process_time()
            store.load([batches[0]], [batches[1]])
            spent += time.perf_counter() - began
            processor += time.process_time() - worked
        began, worked = time.perf_counter(), time.process_time()
        count = sum(batch.num_rows for batch in store.event_batches())
        reading, read = time.perf_counter() - began, time.process_time() - worked
    return {
        "events": count,
        "events_loaded_per_second": round(count / spent),
        "events_loaded_per_second_of_processor": round(count / processor),
        "seconds_to_read_all": round(reading, 2),
        "seconds_of_processor_to_read_all": round(read, 2),
    }


# jobs


def run_jobs(options: argparse.Namespace, folder: Path, database: Database) -> dict[str, Any]:
    """Add articles with one process of finders and with several."""
    source = folder / "articles.jsonl"
    write_news(source, options.articles, seed=options.seed)
    rates, tables = [], []
    for jobs in (1, options.jobs):
        with database() as url:
            began = time.perf_counter()
            add_articles([str(source)], database=url, jobs=jobs)
            rates.append(options.articles / (time.perf_counter() - began))
            with Store(url) as store:
                tables.append(store.events_table())
    assert tables[0].equals(tables[1]), "the tables differ"
    return {
        "articles": options.articles,
        "jobs": options.jobs,
        "articles_per_second": [round(rate, 1) for rate in rates],
        "times_faster": round(rates[1] / rates[0], 2),
    }


def main() -> int:
    """Run one of the benchmarks and print what was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["kill", "crowd", "bulk", "jobs"])
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    run = {"kill": run_kill, "crowd": run_crowd, "bulk": run_bulk, "jobs": run_jobs}[options.what]
    LOGGER.setLevel("ERROR")
    with (
        tempfile.TemporaryDirectory() as folder,
        provide_databases(Path(folder), postgres=options.postgres) as database,
    ):
        said = sys.stdout
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            figures = run(options, Path(folder), database)
    print(json.dumps({"what": options.what, "postgres": options.postgres} | figures), file=said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
