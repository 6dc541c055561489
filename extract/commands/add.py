"""python -m extract add: read articles, find their events, keep both."""

from __future__ import annotations

import argparse
import datetime
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.commands.grammar import (
    SIZE_LIMIT,
    Commands,
    add_database,
    add_jobs,
    add_model,
    add_online,
    add_reporting,
    add_size_limit,
    parse_day,
)
from extract.errors import ExtractError
from extract.records import Article, Event

if TYPE_CHECKING:
    from extract.polling import Finders
    from extract.sources.files import Reading
    from extract.store import Store


def register(commands: Commands) -> None:
    """Add the command's grammar."""
    parser = commands.add_parser(
        "add",
        help="read articles, find their events, keep both",
        description="Read articles from files (.txt .md .html .jsonl .csv), folders of them, or "
        "web addresses, find their events, and keep both in the store. What is in the store "
        "already is left as it is; an article whose text changed becomes a new revision. "
        "DATELINE_DB names another store (a database URL).",
    )
    parser.add_argument("inputs", metavar="PATH|URL", nargs="+")
    parser.add_argument(
        "--published",
        type=parse_day,
        metavar="YYYY-MM-DD",
        help="the day of publication of articles that do not give their own",
    )
    parser.add_argument(
        "--allow-private-addresses",
        action="store_true",
        help="fetch from private and loopback addresses too",
    )
    add_jobs(parser)
    add_model(parser)
    add_online(parser)
    add_size_limit(parser)
    add_database(parser)
    add_reporting(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Add what the options name."""
    return add_articles(
        options.inputs,
        published=options.published,
        size_limit=options.size_limit,
        database=options.database,
        allow_private=options.allow_private_addresses,
        model=options.model,
        jobs=options.jobs,
        online=options.online,
        as_json=options.json,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one article, as little as a worker has to hand over.

    `fault` is what the program itself failed with, None where it did not.
    """

    article: Article
    events: tuple[Event, ...] = ()
    skipped: str | None = None
    supposed: int = 0
    fault: str | None = None
    trace: str | None = None


def find_events(finders: Finders, item: tuple[str, Article]) -> Found:
    """Find the events of one article with its origin; a fault of ours costs only this one."""
    _, article = item
    try:
        extraction = finders.extract(article)
    except Exception as error:
        return Found(article, fault=repr(error), trace=traceback.format_exc())
    return Found(article, tuple(extraction.events), extraction.skipped, extraction.supposed)


def start_counts() -> dict[str, int]:
    """Return the counts of a run that begins."""
    return dict.fromkeys(("added", "revised", "known", "refused", "silent", "events"), 0)


def add_articles(
    inputs: Sequence[str],
    *,
    published: datetime.date | None = None,
    size_limit: int = SIZE_LIMIT,
    database: str | None = None,
    allow_private: bool = False,
    model: str | None = None,
    jobs: int = 1,
    online: str | None = None,
    as_json: bool = False,
) -> int:
    """Read articles, find their events, and keep both, one transaction per article.

    What is kept already is not read through the finders again. What is refused is named on
    standard error and remembered in the store. `model` names a spaCy pipeline to use instead of
    ours; the run remembers it. With `jobs` the finders work in so many processes; one alone
    writes. `online` is the address of a Nominatim server, empty for the public one, to ask for
    names that the gazetteer lacks; None asks none. The counts are printed at the end.
    """
    from extract.commands.console import DONE, REFUSED, complain, print_result, show_progress
    from extract.commands.runs import record_run
    from extract.sources.files import Reading
    from extract.store import Store
    from extract.workers import open_extractor, work_through

    reading = Reading(published, size_limit, allow_private)
    counts = start_counts()
    if model:
        # A pipeline that is not there is told before anything is read or kept.
        open_extractor(model, online)
    settings = {
        "inputs": list(inputs),
        "published": published,
        "model": model,
        "jobs": jobs,
        "online": online,
    }
    with (
        Store(database) as store,
        record_run(store, "add", settings, counts, inputs=inputs) as record,
        show_progress(total=None, unit="article") as bar,
    ):

        def read() -> Iterator[tuple[str, Article]]:
            for item in _read_new(inputs, reading, store, record.number, counts):
                record.stopwatch.lap("reading")
                yield item
                record.stopwatch.start()

        record.stopwatch.start()
        try:
            for (origin, _), found in work_through(
                read(),
                find_events,
                jobs=jobs,
                model=model,
                online=online,
                stopwatch=record.stopwatch,
            ):
                record.stopwatch.start()
                keep(store, found, origin, record.number, counts)
                record.stopwatch.lap("keeping")
                bar.update()
        except (KeyboardInterrupt, ExtractError):
            complain(f"stopped before the end: {_sum_up(counts)}; run the same to go on", **counts)
            raise
    print_result(_sum_up(counts), counts, as_json=as_json)
    return REFUSED if counts["refused"] else DONE


def _read_new(
    inputs: Sequence[str], reading: Reading, store: Store, run: int, counts: dict[str, int]
) -> Iterator[tuple[str, Article]]:
    """Yield the articles that the finders have to read; refuse and count the others."""
    from extract.commands.console import complain
    from extract.sources.files import Refusal, name_refusal, read_inputs

    for origin, found in read_inputs(inputs, reading):
        if isinstance(found, Refusal):
            counts["refused"] += 1
            sentence = name_refusal(origin, found.reason)
            complain(sentence, origin=origin, reason=found.reason)
            store.refuse(origin, found.reason, run_id=run)
        elif store.holds(found):
            counts["known"] += 1
        else:
            yield origin, found


def keep(store: Store, found: Found, origin: str, run: int, counts: dict[str, int]) -> str | None:
    """Keep what was found in an article, and count it.

    An article that the program or the database cannot digest is refused by name and remembered;
    why is returned then, and None otherwise.
    """
    from sqlalchemy.exc import DataError, IntegrityError

    from extract.commands.console import complain, tell
    from extract.errors import StoreError

    fault, trace = found.fault, found.trace
    if fault is None:
        revises = store.has(found.article.id)
        try:
            kept = store.add(found, origin=origin, run_id=run)
        except StoreError as error:
            if not isinstance(error.__cause__, (DataError, IntegrityError)):
                # A full disk or a lost server is no fault of this article: stop.
                raise
            fault, trace = repr(error), traceback.format_exc()
    if fault is not None:
        reason = f"the program failed on it ({fault}); please report it"
        counts["refused"] += 1
        complain(f"{origin}: {reason}", origin=origin, reason=reason)
        complain(trace or "", origin=origin)
        store.refuse(origin, reason, run_id=run)
        return reason
    count_kept(counts, len(found.events), kept=kept, revises=revises)
    if kept:
        words = "changed: kept as a new revision" if revises else "added"
        tell(
            f"{origin}: {words}, {len(found.events)} events",
            origin=origin, article=found.article.id, events=len(found.events), revised=revises,
        )  # fmt: skip
    return None


def count_kept(counts: dict[str, int], events: int, *, kept: bool, revises: bool) -> None:
    """Count an article that was given to the store: new, a revision, or known already."""
    counts[("revised" if revises else "added") if kept else "known"] += 1
    if kept:
        counts["events"] += events
        counts["silent"] += not events


def _sum_up(counts: dict[str, int]) -> str:
    from extract.commands.console import count

    added, events, silent = (
        count(counts[name], noun)
        for name, noun in (("added", "article"), ("events", "event"), ("silent", "article"))
    )
    revised = f"{counts['revised']} revised, " if counts["revised"] else ""
    return (
        f"{added} added with {events} ({silent} without any), {revised}"
        f"{counts['known']} known already, {counts['refused']} refused"
    )
