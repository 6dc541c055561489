"""python -m extract annotate: JSON Lines in, JSON Lines out, nothing kept."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from extract.commands.annotation import describe_extraction, read_request, write_line
from extract.commands.console import DONE, REFUSED, USAGE, complain, count, show_progress
from extract.errors import ExtractError
from extract.pipeline import Extractor
from extract.sources.jsonlines import read_lines


def annotate_file(source: str, target: str, *, size_limit: int, model: str | None = None) -> int:
    """Annotate a JSON Lines file line by line, in constant memory.

    `source` and `target` may be "-". A target that is a plain file appears only when it is
    complete; it may be the source. A line that cannot be read, or on which the program itself
    fails, is named on standard error and gives no output line. `model` names a spaCy pipeline to
    use instead of ours.
    """
    if source != "-" and not Path(source).is_file():
        complain(f"error: {source} is no file; name a JSON Lines file")
        return USAGE
    if target != "-" and not Path(target).absolute().parent.is_dir():
        complain(f"error: the folder of {target} does not exist; make it first")
        return USAGE
    extractor = Extractor(model=model)
    # The models live as long as the run: let the garbage collector pass them over.
    gc.freeze()
    refused = 0
    with ExitStack() as stack:
        lines = stack.enter_context(_open_input(source))
        output = stack.enter_context(_open_output(target))
        bar = stack.enter_context(show_progress(total=_size_of(source), unit="B", unit_scale=True))
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
                complain(f"line {number}: {error}")
            except Exception as error:
                # A fault of ours in one article must not cost the other ten million.
                refused += 1
                complain(f"line {number}: the program failed on it ({error!r}); please report it")
                complain(traceback.format_exc())
    if refused:
        complain(f"{count(refused, 'line')} refused, the rest is done")
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
