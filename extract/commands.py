"""The commands that read articles: annotate and add; `extract.__main__` reads their options.

Each returns the exit status: 0 all done, 1 some inputs refused, 2 wrong usage.
"""

from __future__ import annotations

import datetime
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError
from tqdm import tqdm

from extract.annotation import describe_extraction, read_request, write_line
from extract.errors import ExtractError, StoreError
from extract.pipeline import Extractor
from extract.records import Article
from extract.sources.files import Reading, Refusal, read_inputs
from extract.sources.jsonlines import read_lines
from extract.store import Store

DONE, REFUSED, USAGE = 0, 1, 2
PROGRESS_DELAY = 1.0


def annotate_file(source: str, target: str, *, size_limit: int) -> int:
    """Annotate a JSON Lines file line by line, in constant memory.

    `source` and `target` may be "-". A target that is a plain file appears only when it is
    complete; it may be the source. A line that cannot be read, or on which the program itself
    fails, is named on standard error and gives no output line.
    """
    if source != "-" and not Path(source).is_file():
        print(f"error: {source} is no file; name a JSON Lines file", file=sys.stderr)
        return USAGE
    if target != "-" and not Path(target).absolute().parent.is_dir():
        print(f"error: the folder of {target} does not exist; make it first", file=sys.stderr)
        return USAGE
    extractor = Extractor()
    refused = 0
    with ExitStack() as stack:
        lines = stack.enter_context(_open_input(source))
        output = stack.enter_context(_open_output(target))
        bar = stack.enter_context(_progress(total=_size_of(source), unit="B", unit_scale=True))
        for number, line in read_lines(lines, size_limit):
            bar.update(len(line))
            if not line.strip():
                continue
            try:
                request = read_request(line, size_limit=size_limit)
                extraction = extractor.extract(request.article)
                output.write(write_line(describe_extraction(request, extraction)))
            except ExtractError as error:
                refused += 1
                _complain(f"line {number}: {error}")
            except Exception as error:
                # A fault of ours in one article must not cost the other ten million.
                refused += 1
                _complain(f"line {number}: the program failed on it ({error!r}); please report it")
                _complain(traceback.format_exc())
    if refused:
        _complain(f"{_count(refused, 'line')} refused, the rest is done")
    return REFUSED if refused else DONE


def add_articles(
    inputs: Sequence[str],
    *,
    published: datetime.date | None,
    size_limit: int,
    database: str | None,
    allow_private: bool,
) -> int:
    """Read articles, find their events, and keep both, one transaction per article.

    What is kept already is not read through the finders again. What is refused is named on
    standard error and remembered in the store. The counts are printed at the end.
    """
    reading = Reading(published, size_limit, allow_private)
    counts = dict.fromkeys(("added", "known", "refused", "silent", "events"), 0)
    with Store(database) as store:
        extractor: Extractor | None = None
        settings = {"inputs": list(inputs), "published": str(published) if published else None}
        run = store.start_run("add", settings)
        try:
            with _progress(total=None, unit="article") as bar:
                for origin, found in read_inputs(inputs, reading):
                    bar.update()
                    if isinstance(found, Refusal):
                        counts["refused"] += 1
                        _complain(f"{origin}: {found.reason}")
                        store.refuse(origin, found.reason, run_id=run)
                    elif store.has(found.id):
                        counts["known"] += 1
                    else:
                        # Loading the models takes seconds that a refused input need not cost.
                        extractor = extractor or Extractor()
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
        if isinstance(error, StoreError) and not isinstance(error.__cause__, IntegrityError):
            # A full disk or a lost server is no fault of this article: stop.
            raise
        # A fault of ours in one article must not cost the others; it is named and remembered.
        reason = f"the program failed on it ({error!r}); please report it"
        counts["refused"] += 1
        _complain(f"{origin}: {reason}")
        _complain(traceback.format_exc())
        store.refuse(origin, reason, run_id=run)
        return
    counts["added" if kept else "known"] += 1
    if kept:
        counts["events"] += len(extraction.events)
        counts["silent"] += not extraction.events


def _sum_up(counts: dict[str, int]) -> str:
    added, events, silent = (
        _count(counts[name], noun)
        for name, noun in (("added", "article"), ("events", "event"), ("silent", "article"))
    )
    return (
        f"{added} added with {events} ({silent} without any), {counts['known']} known already, "
        f"{counts['refused']} refused"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@contextmanager
def _open_input(source: str) -> Iterator[BinaryIO]:
    if source == "-":
        yield sys.stdin.buffer
    else:
        with Path(source).open("rb") as file:
            yield file


@contextmanager
def _open_output(target: str) -> Iterator[BinaryIO]:
    """Open a file that takes its name only when it is complete; streams are opened as they are."""
    path = Path(target)
    if target == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
    else:
        partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with partial.open("wb") as file:
                yield file
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def _size_of(source: str) -> int | None:
    return None if source == "-" else Path(source).stat().st_size


def _progress(*, total: int | None, unit: str, unit_scale: bool = False) -> tqdm:
    """Return a progress bar on standard error that shows only on a terminal."""
    return tqdm(
        total=total,
        unit=unit,
        unit_scale=unit_scale,
        disable=not sys.stderr.isatty(),
        delay=PROGRESS_DELAY,
        file=sys.stderr,
    )


def _complain(message: str) -> None:
    tqdm.write(message, file=sys.stderr)
