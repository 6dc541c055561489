"""python -m extract rerun: read the kept articles again with the program as it is now."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from extract.commands.grammar import (
    Commands,
    add_database,
    add_jobs,
    add_model,
    add_reporting,
)

if TYPE_CHECKING:
    from extract.differences import Difference
    from extract.records import Article
    from extract.store import Store


def register(commands: Commands) -> None:
    """Add the command's grammar."""
    parser = commands.add_parser(
        "rerun",
        help="read the kept articles again and tell what changed",
        description="Find the events of every kept article anew, put them in the place of the old "
        "ones, an article at a time, and tell what changed: events added, gone, moved by more than "
        "25 km, re-dated, re-typed. Corrections stay. --verbose tells of every event; with --json "
        "each is a line, and the counts are the last.",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="tell what would change, and change nothing"
    )
    add_jobs(parser)
    add_model(parser)
    add_database(parser)
    add_reporting(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Read all again; the status is 1 where the program failed on some article."""
    from extract.commands.add import find_events
    from extract.commands.console import (
        DONE,
        REFUSED,
        complain,
        open_kept,
        print_result,
        show_progress,
    )
    from extract.commands.runs import record_run
    from extract.differences import KINDS, compare_events, find_moved_ids
    from extract.store.articles import event_rows
    from extract.workers import open_extractor, work_through

    counts = dict.fromkeys(("articles", "changed", "refused", "without_text", *KINDS), 0)
    if options.model:
        open_extractor(options.model)
    settings = {"jobs": options.jobs, "model": options.model, "dry_run": options.dry_run}
    with (
        open_kept(options.database) as store,
        record_run(store, "rerun", settings, counts, inputs=[f"store {store.version()}"]) as record,
        show_progress(total=store.counts().articles, unit="article") as bar,
    ):
        for (_, article), found in work_through(
            _read_kept(store, counts), find_events, jobs=options.jobs, model=options.model,
            stopwatch=record.stopwatch,
        ):  # fmt: skip
            bar.update()
            if found.fault is not None:
                counts["refused"] += 1
                complain(
                    f"article {article.id}: the program failed on it ({found.fault}) and its "
                    "events stay as they were; please report it",
                    article=article.id,
                )
                complain(found.trace or "", article=article.id)
                continue
            record.stopwatch.start()
            before, after = store.event_rows(article.id), event_rows(found)
            differences = compare_events(before, after)
            counts["articles"] += 1
            if differences:
                counts["changed"] += 1
                if not options.dry_run:
                    store.replace(found, moved=find_moved_ids(before, after))
            record.stopwatch.lap("keeping")
            for difference in differences:
                counts[difference.kind] += 1
                if options.json or options.verbose:
                    print(_describe(difference, as_json=options.json))
        stray = store.stray_corrections()
    print_result(_sum_up(counts, stray, options.dry_run), counts | {"stray_corrections": stray},
                 as_json=options.json)  # fmt: skip
    return REFUSED if counts["refused"] else DONE


def _read_kept(store: Store, counts: dict[str, int]) -> Iterator[tuple[str, Article]]:
    for article in store.articles():
        if article.text or not store.event_rows(article.id):
            yield article.id, article
        else:
            # Loaded as a table of events: there is nothing to read again.
            counts["without_text"] += 1


def _describe(difference: Difference, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(dataclasses.asdict(difference), ensure_ascii=False, default=str)
    kind = difference.kind
    if difference.distance_km is not None:
        kind += f" by {difference.distance_km:.0f} km"
    elif difference.kind == "otherwise":
        kind += f" ({', '.join(difference.columns)})"
    return (
        f"{kind}: event {difference.event_id} of article {difference.article_id}: "
        f"{_tell(difference.before)} -> {_tell(difference.after)}"
    )


def _tell(row: Any) -> str:
    if row is None:
        return "nothing"
    days = row["date_start"] or "no date"
    if row["date_end"] not in (None, row["date_start"]):
        days = f"{days} to {row['date_end']}"
    kind = f"{row['event_type']} {row['mode']}" if row["mode"] else row["event_type"]
    return f'"{row["trigger"]}" {kind}, {row["status"]}, {row["place"] or "no place"}, {days}'


def _sum_up(counts: dict[str, int], stray: int, dry_run: bool) -> str:
    from extract.commands.console import count

    told = ", ".join(
        f"{counts[kind]} {words}"
        for kind, words in (
            ("added", "added"),
            ("gone", "gone"),
            ("moved", "moved by more than 25 km"),
            ("placed", "placed for the first time"),
            ("unplaced", "without their place"),
            ("re-dated", "re-dated"),
            ("re-typed", "re-typed"),
            ("otherwise", "changed otherwise"),
        )
    )
    done = "would change" if dry_run else "changed"
    sentence = f"{count(counts['articles'], 'article')} read again, {counts['changed']} {done}: "
    sentence += f"events {told}"
    if counts["without_text"]:
        sentence += f"; {counts['without_text']} kept without their text were passed over"
    if stray:
        sentence += f"; {count(stray, 'correction')} of events that are there no more"
    return sentence
