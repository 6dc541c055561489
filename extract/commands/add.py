"""python -m extract add: read articles, find their events, keep both."""

from __future__ import annotations

import datetime
import traceback
from collections.abc import Sequence

from sqlalchemy.exc import DataError, IntegrityError

from extract.commands.console import DONE, REFUSED, complain, count, show_progress
from extract.errors import StoreError
from extract.pipeline import Extractor
from extract.records import Article
from extract.sources.files import Reading, Refusal, read_inputs
from extract.store import Store


def add_articles(
    inputs: Sequence[str],
    *,
    published: datetime.date | None,
    size_limit: int,
    database: str | None,
    allow_private: bool,
    model: str | None = None,
) -> int:
    """Read articles, find their events, and keep both, one transaction per article.

    What is kept already is not read through the finders again. What is refused is named on
    standard error and remembered in the store. `model` names a spaCy pipeline to use instead of
    ours; the run remembers it. The counts are printed at the end.
    """
    reading = Reading(published, size_limit, allow_private)
    counts = dict.fromkeys(("added", "known", "refused", "silent", "events"), 0)
    # A pipeline that is not there is told before anything is read or kept.
    extractor: Extractor | None = Extractor(model=model) if model else None
    with Store(database) as store:
        settings = {"inputs": list(inputs), "published": str(published) if published else None}
        if model:
            settings["model"] = model
        run = store.start_run("add", settings)
        try:
            with show_progress(total=None, unit="article") as bar:
                for origin, found in read_inputs(inputs, reading):
                    bar.update()
                    if isinstance(found, Refusal):
                        counts["refused"] += 1
                        complain(f"{origin}: {found.reason}")
                        store.refuse(origin, found.reason, run_id=run)
                    elif store.has(found.id):
                        counts["known"] += 1
                    else:
                        # Loading the models takes seconds that a refused input need not cost.
                        extractor = extractor or Extractor(model=model)
                        _keep(store, extractor, found, origin, run, counts)
        finally:
            store.finish_run(run, counts)
    print(_sum_up(counts))
    return REFUSED if counts["refused"] else DONE


def _keep(
    store: Store,
    extractor: Extractor,
    article: Article,
    origin: str,
    run: int,
    counts: dict[str, int],
) -> None:
    try:
        extraction = extractor.extract(article)
        kept = store.add(extraction, origin=origin, run_id=run)
    except Exception as error:
        if isinstance(error, StoreError) and not isinstance(
            error.__cause__, (DataError, IntegrityError)
        ):
            # A full disk or a lost server is no fault of this article: stop.
            raise
        # A fault of ours in one article must not cost the others; it is named and remembered.
        reason = f"the program failed on it ({error!r}); please report it"
        counts["refused"] += 1
        complain(f"{origin}: {reason}")
        complain(traceback.format_exc())
        store.refuse(origin, reason, run_id=run)
        return
    counts["added" if kept else "known"] += 1
    if kept:
        counts["events"] += len(extraction.events)
        counts["silent"] += not extraction.events


def _sum_up(counts: dict[str, int]) -> str:
    added, events, silent = (
        count(counts[name], noun)
        for name, noun in (("added", "article"), ("events", "event"), ("silent", "article"))
    )
    return (
        f"{added} added with {events} ({silent} without any), {counts['known']} known already, "
        f"{counts['refused']} refused"
    )
