"""What each command of the command line does; `extract.__main__` reads its options.

Each returns the exit status: 0 all done, 1 some inputs refused, 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm

from extract.annotation import describe_extraction, read_request, write_line
from extract.errors import ExtractError
from extract.pipeline import Extractor

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
        for number, line in enumerate(lines, 1):
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
        _complain(f"{refused} line{'s' if refused > 1 else ''} refused, the rest is done")
    return REFUSED if refused else DONE


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
