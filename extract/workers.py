"""Many articles through the finders, in this process or in several, in the order they come.

    work_through(items, work, jobs=2) -> each item with what `work` made of it

Each worker process opens its own `Extractor` once. It is started anew rather than forked, so
that it shares no connection, lock or model with the process that asked for it.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy  # noqa: F401  its threads are what `prepare_process` limits
import threadpoolctl

from extract.errors import ExtractError
from extract.stopwatch import Stopwatch

if TYPE_CHECKING:
    from extract.pipeline import Extractor

Item = TypeVar("Item")
Made = TypeVar("Made")

# Articles handed to a worker at once, so that handing over costs little beside the work; and how
# many such parts wait for each worker, so that it has the next at hand and memory stays small.
PART = 8
WAITING = 3
# Objects more than were freed before the garbage collector looks for cycles among the new ones.
# Python's own number is 700; with this one it takes 3.7 instead of 4.7 % of the time.
ALLOCATIONS = 20_000


def work_through(
    items: Iterable[Item],
    work: Callable[[Extractor, Item], Made],
    *,
    jobs: int = 1,
    model: str | None = None,
    online: str | None = None,
    stopwatch: Stopwatch,
) -> Iterator[tuple[Item, Made]]:
    """Yield each item with what `work` makes of it, in the order of the items.

    With one job it is done here, and an item is taken when the one before it was yielded; with
    more, in so many processes, which take items ahead. No model is loaded before there is an
    item. `work` must be a function of a module, and what it takes and gives must pickle; `model`
    is as for `Extractor`, `online` as for `open_extractor` and only with one job, since a process
    keeps the service's rate for itself alone. `stopwatch` gets the seconds of each stage, those of
    all processes together. Raises what `work` raises, and ExtractError when a process dies.
    """
    if jobs > 1 and online is not None:
        raise ExtractError("an online geocoder is asked by one process; leave --jobs out")
    if jobs == 1:
        for item in items:
            extractor = open_extractor(model, online)
            yield item, work(extractor, item)
            stopwatch.add(extractor.stopwatch.take())
    else:
        yield from _share(items, work, jobs, model, stopwatch)


def _share(
    items: Iterable[Item],
    work: Callable[[Extractor, Item], Made],
    jobs: int,
    model: str | None,
    stopwatch: Stopwatch,
) -> Iterator[tuple[Item, Made]]:
    waiting: deque[tuple[tuple[Item, ...], Future[tuple[list[Made], dict[str, float]]]]] = deque()
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), initializer=prepare_process
    )
    try:
        for part in _cut(items):
            waiting.append((part, pool.submit(_work_part, work, part, model)))
            if len(waiting) >= jobs * WAITING:
                yield from _take_first(waiting, stopwatch)
        while waiting:
            yield from _take_first(waiting, stopwatch)
    except BrokenProcessPool as error:
        raise ExtractError(
            "a worker process died, perhaps for want of memory; what was done until then is kept: "
            "run the same again, with fewer --jobs if it dies again"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _cut(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    iterator = iter(items)
    while part := tuple(itertools.islice(iterator, PART)):
        yield part


def _take_first(
    waiting: deque[tuple[tuple[Item, ...], Future[tuple[list[Made], dict[str, float]]]]],
    stopwatch: Stopwatch,
) -> Iterator[tuple[Item, Made]]:
    part, future = waiting.popleft()
    made, seconds = future.result()
    stopwatch.add(seconds)
    yield from zip(part, made, strict=True)


# In the worker


def prepare_process() -> None:
    """Make a worker one that computes in one thread and ends with the process that started it."""
    # Workers that each use every core slow each other to half of what one alone does; the
    # variables that say so are read when numpy is loaded, which is before this line.
    threadpoolctl.threadpool_limits(1)
    # Ctrl-C reaches the whole group; the asking process ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


@lru_cache(maxsize=1)
def open_extractor(model: str | None = None, online: str | None = None) -> Extractor:
    """Return this process's extractor, loaded when it is first asked for.

    `online` is the address of a Nominatim server, empty for the public one; None asks none.
    """
    # Seconds to import, and after `prepare_process`.
    from extract.geocoding import SecondOpinion
    from extract.pipeline import Extractor

    opinion = None if online is None else SecondOpinion.at(online)
    extractor = Extractor(model=model, online=opinion)
    # The models live as long as the process: let the garbage collector pass them over, and come
    # less often, since what an article leaves behind has no cycles.
    gc.freeze()
    gc.set_threshold(ALLOCATIONS)
    return extractor


def _work_part(
    work: Callable[[Extractor, Item], Made], part: tuple[Item, ...], model: str | None
) -> tuple[list[Made], dict[str, float]]:
    extractor = open_extractor(model)
    made = [work(extractor, item) for item in part]
    return made, extractor.stopwatch.take()
