"""What the commands share: exit statuses, the progress bar, and how they complain."""

from __future__ import annotations

import sys
from typing import NoReturn

from tqdm import tqdm

DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
PROGRESS_DELAY = 1.0


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


def complain(message: str) -> None:
    """Write a line to standard error, above the progress bar where there is one."""
    tqdm.write(message, file=sys.stderr)


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
