"""python -m extract load: bring events in Parquet files into the store, many at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from extract.commands.grammar import Commands, add_database, add_reporting

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
        "of an article in the store is left out, so that a load can be run again.",
    )
    parser.add_argument("inputs", metavar="DIR|FILE.parquet", nargs="+")
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

    counts = dict.fromkeys(("files", "articles", "events", "known", "refused"), 0)
    with (
        Store(options.database) as store,
        record_run(
            store, "load", {"inputs": options.inputs}, counts, inputs=options.inputs
        ) as record,
        show_progress(total=None, unit="event") as bar,
    ):
        for file in (file for given in options.inputs for file in _find_files(Path(given))):
            record.stopwatch.start()
            try:
                loaded = load_file(store, file, run_id=record.number)
            except UnreadableError as error:
                counts["refused"] += 1
                complain(f"{file}: {error}", origin=str(file))
                continue
            finally:
                record.stopwatch.lap("loading")
            counts["files"] += 1
            for name in ("articles", "events", "known"):
                counts[name] += getattr(loaded, name)
            bar.update(loaded.events)
            tell(f"{file}: {loaded.articles} articles with {loaded.events} events loaded",
                 origin=str(file))  # fmt: skip
    print_result(
        f"{count(counts['articles'], 'article')} with {count(counts['events'], 'event')} loaded "
        f"from {count(counts['files'], 'file')}, {counts['known']} known already, "
        f"{counts['refused']} refused",
        counts,
        as_json=options.json,
    )
    return REFUSED if counts["refused"] else DONE


def load_file(store: Store, file: Path, *, run_id: int | None = None) -> Loaded:
    """Load one Parquet file of events, with the file of its articles where there is one.

    Raises UnreadableError where a file is missing, is no Parquet or has other columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from extract.errors import UnreadableError
    from extract.store.bulk import make_articles
    from extract.store.columns import ARTICLE_SCHEMA, EVENT_SCHEMA, cast_batch

    articles = file.parent.parent / "articles" / file.name
    try:
        with pq.ParquetFile(file) as of_events:
            found = (cast_batch(batch, EVENT_SCHEMA) for batch in of_events.iter_batches(50_000))
            if file.parent.name == "events" and articles.exists():
                with pq.ParquetFile(articles) as of_articles:
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


def _find_files(given: Path) -> list[Path]:
    """Return the files of events in a folder that `batch` wrote, or the file itself."""
    if not given.is_dir():
        return [given]
    folder = given / "events" if (given / "events").is_dir() else given
    return sorted(folder.glob("*.parquet"))
