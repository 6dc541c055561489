"""python -m extract annotate: JSON Lines in, JSON Lines out, nothing kept."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from extract.commands.grammar import (
    Commands,
    add_jobs,
    add_model,
    add_online,
    add_reporting,
    add_size_limit,
)
from extract.errors import ExtractError, UnreadableError

if TYPE_CHECKING:
    from extract.pipeline import Extractor


def register(commands: Commands) -> None:
    """Add the command's grammar."""
    parser = commands.add_parser(
        "annotate",
        help="annotate articles in JSON Lines; nothing is kept",
        description="Annotate the articles of a JSON Lines file, one output line per article in "
        "the same order. A line that cannot be read is reported by its number, and left out.",
    )
    parser.add_argument(
        "input", metavar="IN.jsonl", help='a line per article: {"id", "text", ...}; - for stdin'
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT.jsonl", required=True, help="where to write; - for stdout"
    )
    parser.add_argument(
        "--manifest",
        metavar="FILE.json",
        help="write there what the output was made from: input, versions, counts and timings",
    )
    add_jobs(parser)
    add_model(parser)
    add_online(parser)
    add_size_limit(parser)
    add_reporting(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Annotate the file that the options name."""
    return annotate_file(
        options.input,
        options.output,
        size_limit=options.size_limit,
        model=options.model,
        jobs=options.jobs,
        manifest=options.manifest,
        online=options.online,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the input with its number, from 1."""

    number: int
    content: bytes
    size_limit: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """The line of output for a line of input, or what is wrong with it, and the trace if ours."""

    line: bytes | None = None
    events: int = 0
    complaint: str | None = None
    trace: str | None = None


def annotate_line(extractor: Extractor, line: Line) -> Annotation:
    """Annotate one line; a fault of ours in one article must not cost the other ten million."""
    from extract.commands.annotation import describe_extraction, read_request, write_line

    try:
        request = read_request(line.content, size_limit=line.size_limit)
        extraction = extractor.extract(request.article)
        written = write_line(describe_extraction(request, extraction))
    except ExtractError as error:
        return Annotation(complaint=str(error))
    except Exception as error:
        complaint = f"the program failed on it ({error!r}); please report it"
        return Annotation(complaint=complaint, trace=traceback.format_exc())
    return Annotation(written, len(extraction.events))


def annotate_file(
    source: str,
    target: str,
    *,
    size_limit: int,
    model: str | None = None,
    jobs: int = 1,
    manifest: str | None = None,
    online: str | None = None,
) -> int:
    """Annotate a JSON Lines file line by line, in constant memory.

    `source` and `target` may be "-". A target that is a plain file appears only when it is
    complete; it may be the source. A line that cannot be read, or on which the program itself
    fails, is named on standard error and gives no output line. `model` names a spaCy pipeline to
    use instead of ours. With `jobs` so many processes share the lines, whose order stays.
    `manifest` is a file for what the output was made from. `online` is the address of a Nominatim
    server, empty for the public one, to ask for names that the gazetteer lacks; None asks none.
    """
    from extract.commands.console import (
        DONE,
        REFUSED,
        USAGE,
        complain,
        count,
        show_progress,
        tell,
    )
    from extract.manifest import describe_inputs, describe_program, write_manifest
    from extract.stopwatch import Stopwatch
    from extract.workers import open_extractor, work_through

    if source != "-" and not Path(source).is_file():
        complain(f"error: {source} is no file; name a JSON Lines file")
        return USAGE
    for path in (target, manifest):
        if path not in ("-", None) and not Path(str(path)).absolute().parent.is_dir():
            complain(f"error: the folder of {path} does not exist; make it first")
            return USAGE
    # Before the output opens, as it may be the input.
    inputs = describe_inputs([source]) if manifest else []
    if model:
        open_extractor(model, online)
    counts = dict.fromkeys(("articles", "refused", "silent", "events"), 0)
    stopwatch = Stopwatch()
    with ExitStack() as stack:
        lines = stack.enter_context(_open_input(source))
        output = stack.enter_context(_open_output(target))
        bar = stack.enter_context(show_progress(total=_size_of(source), unit="B", unit_scale=True))
        for line, made in work_through(
            _read_lines(lines, size_limit), annotate_line, jobs=jobs, model=model,
            online=online, stopwatch=stopwatch,
        ):  # fmt: skip
            bar.update(len(line.content))
            if made.line is not None:
                output.write(made.line)
                counts["articles"] += 1
                counts["events"] += made.events
                counts["silent"] += not made.events
            else:
                counts["refused"] += 1
                complain(f"line {line.number}: {made.complaint}", line=line.number)
                if made.trace:
                    complain(made.trace, line=line.number)
    if counts["refused"]:
        complain(f"{count(counts['refused'], 'line')} refused, the rest is done", **counts)
    else:
        tell(f"{count(counts['articles'], 'article')} annotated", **counts)
    if manifest:
        settings = {"size_limit": size_limit, "model": model, "jobs": jobs, "online": online}
        write_manifest(
            Path(manifest),
            {"command": "annotate", "settings": settings, "inputs": inputs,
             "program": describe_program(), "counts": counts, "seconds": stopwatch.seconds},
        )  # fmt: skip
    return REFUSED if counts["refused"] else DONE


def _read_lines(file: BinaryIO, size_limit: int) -> Iterator[Line]:
    from extract.sources.jsonlines import read_lines

    for number, line in read_lines(file, size_limit):
        if line.strip():
            yield Line(number, line, size_limit)


@contextmanager
def _open_input(source: str) -> Iterator[BinaryIO]:
    if source == "-":
        yield sys.stdin.buffer
    else:
        with ExitStack() as stack:
            try:
                file = stack.enter_context(Path(source).open("rb"))
            except OSError as error:
                raise UnreadableError(
                    f"{source} cannot be opened ({error.strerror or error}); check it"
                ) from error
            yield file


@contextmanager
def _open_output(target: str) -> Iterator[BinaryIO]:
    """Open a file that takes its name only when it is complete; streams are opened as they are."""
    path = Path(target)
    partial: Path | None = None
    try:
        if target == "-":
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
        else:
            partial = path.with_name(f".{path.name}.{os.getpid()}.part")
            with partial.open("wb") as file:
                yield file
            partial.replace(path)
    except (ExtractError, BrokenPipeError):
        raise
    except OSError as error:
        name = "standard output" if target == "-" else target
        raise ExtractError(
            f"{name} cannot be written ({error.strerror or error}); name another file"
        ) from error
    finally:
        if partial is not None:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


def _size_of(source: str) -> int | None:
    return None if source == "-" else Path(source).stat().st_size
