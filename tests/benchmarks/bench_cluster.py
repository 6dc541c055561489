"""A Dask cluster of worker processes on this machine against a single process: table and rate.

    python -m tests.benchmarks.bench_cluster                     # 10,000 articles, two workers
    python -m tests.benchmarks.bench_cluster --articles 400 --kill

First the articles go through `batch` in this process, then through a LocalCluster; both folders are
loaded and must give the same table, row for row. With --kill a worker is killed with SIGKILL when
the first partitions are done. Prints one line of JSON; exits with 1 where the tables differ.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from distributed import Client, LocalCluster

from extract import cluster
from extract.commands.load import load_file
from extract.store import Store
from tests.made_news import write_news


def warm(_number: int) -> int:
    """Load the models in a worker, so that the rate is that of the work; return its process."""
    import threading

    cluster._open_extractor(threading.get_ident(), None)
    time.sleep(0.5)
    return os.getpid()


def read_table(output: Path) -> pd.DataFrame:
    """Return the table that the events of a folder make in a store."""
    with Store(str(output / "store.sqlite")) as store:
        for file in sorted((output / "events").glob("*.parquet")):
            load_file(store, file)
        return store.events_table()


def main() -> int:
    """Run both and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--sentences", type=int, default=12, help="of an article")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--partition-bytes", type=int, default=400_000)
    parser.add_argument("--kill", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_news(root / "news.jsonl", options.articles, length=options.sentences)
        # No matter who saves a file meanwhile: all processes here have one checkout.
        program = ""
        partitions = cluster.plan_partitions(
            [str(root / "news.jsonl")], program=program, size=options.partition_bytes
        )

        def settle(name: str) -> cluster.Settings:
            return cluster.Settings(str(root / name), size_limit=5_000_000, program=program)

        warm(0)
        began = time.perf_counter()
        alone = list(cluster.run_here(partitions, settle("alone")))
        seconds_alone = time.perf_counter() - began
        articles = sum(outcome.counts["articles"] for _, outcome, _ in alone if outcome)
        assert articles == options.articles
        killed = False
        with (
            LocalCluster(
                n_workers=options.workers, threads_per_worker=1, processes=True,
                dashboard_address=None, silence_logs="CRITICAL",
            ) as local,
            Client(local) as client,
        ):  # fmt: skip
            workers = set(client.gather(client.map(warm, range(options.workers * 2), pure=False)))
            began = time.perf_counter()
            failed = 0
            results = cluster.run_on_cluster(partitions, settle("cluster"), local.scheduler_address)
            for number, (_, outcome, reason) in enumerate(results):
                if outcome is None:
                    failed += 1
                    print(reason, file=sys.stderr)
                if options.kill and number == 1:
                    os.kill(min(workers), signal.SIGKILL)
                    killed = True
            seconds_cluster = time.perf_counter() - began
        if failed:
            return 1
        expected, found = read_table(root / "alone"), read_table(root / "cluster")
    same = expected.equals(found)
    rate_alone = options.articles / seconds_alone
    rate_each = options.articles / seconds_cluster / options.workers
    print(
        json.dumps(
            {
                "articles": options.articles,
                "events": len(expected),
                "partitions": len(partitions),
                "workers": len(workers),
                "killed": killed,
                "same_table": same,
                "articles_per_second_alone": round(rate_alone, 1),
                "articles_per_second_per_worker": round(rate_each, 1),
                "share_of_the_single_rate": round(rate_each / rate_alone, 2),
            }
        )
    )
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
