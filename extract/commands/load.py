"""python -m extract load: bring events in Parquet files into the store, many at once."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.commands.grammar import Commands, add_database, add_reporting
from extract.errors import ExtractError

if TYPE_CHECKING:
    from extract.store import Store
    from extract.store.bulk import Loaded


def register(commands: Commands) -> None:
    """Add the command's grammar."""
    parser = commands.add_parser(
        "load",
        help="bring Parquet files of events into the store",
        description="Bring what `batch` wrote into the store, a partition at a time, or the events "
        "of a Parquet file that `export` wrote, whose articles' texts are not known then. What is "
        "of an article in the store is left out, so that a load can be run again. Folders and "
        "files here, or as URLs that fsspec knows (s3://...).",
    )
    parser.add_argument("inputs", metavar="DIR|FILE.parquet|URL", nargs="+")
    add_database(parser)
    add_reporting(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Load the files that are named; one that cannot be read is named and the rest goes on."""
    from extract.commands.console import (
        DONE,
        REFUSED,
        complain,
        count,
        print_result,
        show_progress,
        tell,
    )
    from extract.commands.runs import record_run
    from extract.errors import UnreadableError
    from extract.store import Store

    counts = dict.fromkeys(("files", "articles", "events", "known", "refused", "noted"), 0)
    with (
        Store(options.database) as store,
        record_run(
            store, "load", {"inputs": options.inputs}, counts, inputs=options.inputs
        ) as record,
        show_progress(total=None, unit="event") as bar,
    ):
        for file in _find_files(options.inputs, counts):
            record.stopwatch.start()
            try:
                loaded = load_file(store, file, run_id=record.number)
                counts["noted"] += note_refusals(store, file, run_id=record.number)
            except UnreadableError as error:
                counts["refused"] += 1
                complain(f"{file}: {error}", origin=file)
                continue
            finally:
                record.stopwatch.lap("loading")
            counts["files"] += 1
            for name in ("articles", "events", "known"):
                counts[name] += getattr(loaded, name)
            bar.update(loaded.events)
            tell(f"{file}: {loaded.articles} articles with {loaded.events} events loaded",
                 origin=file)  # fmt: skip
    noted = f"; {count(counts['noted'], 'input')} that `batch` refused noted"
    print_result(
        f"{count(counts['articles'], 'article')} with {count(counts['events'], 'event')} loaded "
        f"from {count(counts['files'], 'file')}, {counts['known']} known already, "
        f"{counts['refused']} refused{noted if counts['noted'] else ''}",
        counts,
        as_json=options.json,
    )
    return REFUSED if counts["refused"] else DONE


def load_file(store: Store, file: str | Path, *, run_id: int | None = None) -> Loaded:
    """Load one Parquet file of events, with the file of its articles where there is one.

    `file` is a path or a URL that fsspec knows. Raises UnreadableError where a file is missing,
    is no Parquet or has other columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from extract.errors import UnreadableError
    from extract.store.bulk import make_articles
    from extract.store.columns import ARTICLE_SCHEMA, EVENT_SCHEMA, cast_batch

    try:
        storage, path = _open_storage(str(file))
        articles = _find_beside(path, "articles", ".parquet")
        with storage.open(path, "rb") as opened, pq.ParquetFile(opened) as of_events:
            found = (cast_batch(batch, EVENT_SCHEMA) for batch in of_events.iter_batches(50_000))
            if articles and storage.exists(articles):
                with storage.open(articles, "rb") as beside, pq.ParquetFile(beside) as of_articles:
                    texts = (
                        cast_batch(batch, ARTICLE_SCHEMA)
                        for batch in of_articles.iter_batches(5_000)
                    )
                    return store.load(texts, found, run_id=run_id)
            named = of_events.read(columns=["article_id", "source", "title", "url", "published"])
            return store.load([make_articles(named)], found, run_id=run_id)
    except (OSError, KeyError, pa.ArrowException) as error:
        raise UnreadableError(
            f"it cannot be loaded ({error}); give a folder that `batch` wrote, or a Parquet file "
            "of events"
        ) from error


def note_refusals(store: Store, file: str, *, run_id: int | None = None) -> int:
    """Remember the inputs that `batch` refused beside a file of events; return how many are new.

    Raises UnreadableError where they cannot be read.
    """
    from extract.errors import UnreadableError

    try:
        storage, path = _open_storage(file)
        refused = _find_beside(path, "refused", ".jsonl")
        if not refused or not storage.exists(refused):
            return 0
        with storage.open(refused, "rb") as opened:
            entries = [json.loads(line) for line in opened]
        pairs = [(str(entry["origin"]), str(entry["reason"])) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableError(f"what `batch` refused of it cannot be read ({error})") from error
    return store.refuse_many(pairs, run_id=run_id)


class _Here:
    """The files of this machine, by fsspec's names for what is asked of a storage."""

    open = staticmethod(open)
    exists = staticmethod(os.path.exists)
    isdir = staticmethod(os.path.isdir)

    @staticmethod
    def ls(path: str, detail: bool) -> list[str]:
        return [f"{path}/{name}" for name in os.listdir(path)]

    @staticmethod
    def unstrip_protocol(path: str) -> str:
        return path


def _open_storage(given: str) -> tuple[Any, str]:
    """Return the storage of a path or URL, and the path in there."""
    if "://" not in given:
        return _Here(), given
    try:
        from extract.cluster import open_storage
    except ImportError as error:
        raise ExtractError(
            f"{given} needs {error.name}; install it with pip install -r requirements-cluster.txt"
        ) from error
    return open_storage(given)


def _find_files(inputs: Sequence[str], counts: dict[str, int]) -> Iterator[str]:
    """Yield the files of events in folders that `batch` wrote, and those given themselves."""
    from extract.commands.console import complain

    for given in inputs:
        storage, path = _open_storage(given)
        if not storage.isdir(path):
            yield given
            continue
        path = path.rstrip("/") or "/"
        folder = f"{path}/events" if storage.isdir(f"{path}/events") else path
        files = sorted(name for name in storage.ls(folder, detail=False) if _is_parquet(name))
        if not files:
            counts["refused"] += 1
            complain(
                f"{given}: there is no Parquet file in it; give a folder that `batch` wrote",
                origin=given,
            )
        yield from (storage.unstrip_protocol(name) for name in files)


def _is_parquet(name: str) -> bool:
    return name.endswith(".parquet") and not name.rsplit("/", 1)[-1].startswith(".")


def _find_beside(path: str, folder: str, ending: str) -> str | None:
    """Return where `batch` puts what belongs to a file of its folder "events"."""
    parent, _, name = path.rpartition("/")
    if parent.rpartition("/")[2] != "events":
        return None
    return f"{parent.removesuffix('events')}{folder}/{name.removesuffix('.parquet')}{ending}"
