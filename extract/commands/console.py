"""What the commands share: exit statuses, the progress bar, and how they speak.

Standard error has one line per event of note: a sentence for people, or with --json an object
{"time", "level", "message", ...} with the facts of the sentence as keys.
"""

from __future__ import annotations

import datetime
import json
import logging
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from tqdm import tqdm

if TYPE_CHECKING:
    from extract.store import Store

DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
PROGRESS_DELAY = 1.0
LOGGER = logging.getLogger("extract")


class LineHandler(logging.Handler):
    """Writes each record as one line to standard error, above the progress bar."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        message = record.getMessage()
        if self._as_json:
            moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
            line = {
                "time": moment.isoformat(timespec="milliseconds"),
                "level": record.levelname.lower(),
                "message": message,
                **getattr(record, "facts", {}),
            }
            message = json.dumps(line, ensure_ascii=False, default=str)
        tqdm.write(message, file=sys.stderr)


def start_logging(*, as_json: bool = False, verbose: bool = False) -> None:
    """Let what the program logs go to standard error; news of no weight only where asked for."""
    LOGGER.handlers[:] = [LineHandler(as_json=as_json)]
    LOGGER.setLevel(logging.INFO if as_json or verbose else logging.WARNING)


def tell(message: str, **facts: Any) -> None:
    """Log an event of note; it shows with --verbose or --json."""
    LOGGER.info(message, extra={"facts": facts})


def complain(message: str, **facts: Any) -> None:
    """Log what went wrong with an input."""
    LOGGER.warning(message, extra={"facts": facts})


def open_kept(database: str | None) -> Store:
    """Open a store that something is wanted from; tell where it was not there and is empty now."""
    from extract.store import Store

    store = Store(database)
    if store.made:
        from extract.store.database import describe

        complain(
            f"there was no store at {describe(store.url)}, and a new one is empty; check "
            "--database or DATELINE_DB"
        )
    return store


def print_result(sentence: str, facts: dict[str, Any], *, as_json: bool) -> None:
    """Write a command's result to standard output, as a sentence or as an object."""
    print(json.dumps(facts, ensure_ascii=False, default=str) if as_json else sentence)


def show_progress(*, total: int | None, unit: str, unit_scale: bool = False) -> tqdm[NoReturn]:
    """Return a progress bar on standard error that shows only on a terminal."""
    return tqdm(
        total=total,
        unit=unit,
        unit_scale=unit_scale,
        disable=not sys.stderr.isatty(),
        delay=PROGRESS_DELAY,
        file=sys.stderr,
    )


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
