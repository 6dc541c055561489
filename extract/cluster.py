"""The same pipeline over many files in partitions, on this machine or on a Dask cluster.

    plan_partitions -> extract_partition, anywhere, in any order -> events/ and articles/ in Parquet

A partition is a stretch of one file, and its name says of which and by what program it was read.
Its events appear under that name whole or not at all, and last, so that a run that was stopped
goes on where it stopped and a worker that dies loses nothing but its time. Files are local or on
any storage that fsspec knows.
"""

from __future__ import annotations

import io
import json
import logging
import lzma
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import fsspec  # type: ignore[import-untyped]
import pyarrow as pa
import pyarrow.parquet as pq

from extract.errors import ArticleError, ExtractError
from extract.manifest import describe_program
from extract.records import Article, Event, hash_id
from extract.sources.jsonlines import parse_day, read_json_object, read_lines
from extract.sources.plaintext import build_article
from extract.store.columns import write_articles, write_rows
from extract.table import build_row

if TYPE_CHECKING:
    from extract.pipeline import Extractor

LINES, PARQUET = (".jsonl", ".ndjson"), (".parquet",)
PACKED = (".gz", ".bz2", ".xz", ".zst")
# Some thousand articles: a minute of work, so that a worker that dies costs no more than that.
PARTITION_BYTES = 4_000_000
# How often a partition may take its worker down before it is given up.
RETRIES = 3
# Seconds to wait for a scheduler's first answer.
REACHED = 10.0
_NOTE = b"dateline"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Partition:
    """A stretch of one input: bytes `start` to `end` of lines, or row groups of Parquet.

    A line belongs to the partition in which it begins. `end` None is the whole of a packed file.
    """

    name: str
    file: str
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Settings:
    """How a batch is read; `published` (YYYY-MM-DD) stands in for articles without a day.

    `program` is a hash of what reads it, which every worker must share.
    """

    output: str
    size_limit: int
    published: str | None = None
    model: str | None = None
    program: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a partition came to: counts of the funnel, and the seconds of each stage."""

    name: str
    counts: Mapping[str, int]
    seconds: Mapping[str, float]


def hash_program() -> str:
    """Return a hash of the code, lists and models that read the articles."""
    described = describe_program()
    told = {name: described[name] for name in ("code", "lists", "models")}
    return hash_id(json.dumps(told, sort_keys=True))


def plan_partitions(
    inputs: Sequence[str], *, program: str, size: int = PARTITION_BYTES
) -> list[Partition]:
    """Return the partitions of files, folders and patterns, in the order of their names.

    Lines are cut every `size` bytes, Parquet at its row groups. Raises ExtractError for an input
    that is not there or of no kind that is read.
    """
    partitions: list[Partition] = []
    for system, path, url in _find_files(inputs):
        about = system.info(path)
        token = [str(about.get(key)) for key in ("size", "mtime", "LastModified", "ETag", "etag")]
        for start, end in _cut(system, path, int(about["size"] or 0), size):
            mark = hash_id(url, str(start), str(end), program, *token)
            name = f"{len(partitions):06d}-{mark}"
            partitions.append(Partition(name, url, start, end))
    return partitions


def find_finished(partitions: Sequence[Partition], output: str) -> dict[str, Outcome]:
    """Return the outcomes of partitions whose events are there already.

    Raises ExtractError where there are events of other partitions too: of other inputs, or read
    by another version of the program.
    """
    system, root = open_storage(output)
    wanted = {partition.name for partition in partitions}
    finished, strange = {}, []
    for path in system.glob(f"{root}/events/*.parquet"):
        name = path.rsplit("/", 1)[-1].removesuffix(".parquet")
        if name not in wanted:
            strange.append(name)
        else:
            try:
                with system.open(path, "rb") as file:
                    note = pq.read_schema(file).metadata[_NOTE]
                finished[name] = Outcome(name, **json.loads(note))
            except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
                # Damaged since it was written: it is made again.
                continue
    if strange:
        raise ExtractError(
            f"{output} has events of other inputs, or of another version of the program (such as "
            f"{strange[0]}); name another folder"
        )
    return finished


def run_here(
    partitions: Sequence[Partition], settings: Settings
) -> Iterator[tuple[Partition, Outcome | None, str | None]]:
    """Yield each partition with its outcome, or with what it failed of, one after another."""
    for partition in partitions:
        try:
            outcome = extract_partition(partition, settings)
        except (OSError, EOFError, pa.ArrowException, lzma.LZMAError, zlib.error) as error:
            # A file that is damaged or gone, a full disk: the others may still be had.
            yield partition, None, f"{type(error).__name__}: {error}"
        else:
            yield partition, outcome, None


def run_on_cluster(
    partitions: Sequence[Partition], settings: Settings, scheduler: str
) -> Iterator[tuple[Partition, Outcome | None, str | None]]:
    """Yield each partition with its outcome, or with what it failed of, as they are done.

    `scheduler` is the address of a Dask scheduler (tcp://HOST:8786). A partition whose worker
    dies is given to another. Raises ExtractError where the scheduler cannot be reached, or is
    lost.
    """
    try:
        import distributed
    except ImportError as error:
        raise ExtractError(
            "a cluster needs Dask; install it with pip install -r requirements-cluster.txt"
        ) from error
    # Untyped, both.
    open_client: Any = distributed.Client
    take_in_turn: Any = distributed.as_completed
    _reach(scheduler)
    try:
        opened = open_client(scheduler, set_as_default=False)
    except OSError as error:
        raise _unreachable(scheduler, error) from error
    with opened as client:
        if not client.scheduler_info()["workers"]:
            log.warning(
                "the scheduler %s has no worker yet, and the work waits for one; start some with "
                "`dask worker %s`", scheduler, scheduler,
            )  # fmt: skip
        futures = {
            client.submit(
                _make_errand(), asdict(partition), asdict(settings),
                key=f"extract-{partition.name}", retries=RETRIES, pure=False,
            ): partition
            for partition in partitions
        }  # fmt: skip
        # Without the loop it would look for a client that is the default one, and find none.
        for future in take_in_turn(list(futures), loop=client.loop):
            if future.cancelled():
                raise ExtractError(
                    f"the scheduler {scheduler} was lost; what is finished is kept: run the same "
                    "again when it is there"
                )
            partition = futures.pop(future)
            failure = future.exception()
            if failure is None:
                yield partition, Outcome(partition.name, **future.result()), None
            else:
                yield partition, None, f"{type(failure).__name__}: {failure}"


def _make_errand() -> Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]:
    """Return what a worker is sent to do: `extract_partition`, on plain values.

    The scheduler unpacks it too, and need not have our modules: a function within a function is
    sent as it is written rather than by its module's name.
    """

    def extract(partition: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
        import os
        import sys

        # `dask worker` does not look for modules in the folder that it was started in.
        if os.getcwd() not in sys.path:
            sys.path.insert(0, os.getcwd())
        try:
            from extract import cluster
        except ImportError as error:
            raise RuntimeError(
                f"the worker cannot load Dateline ({error}); start it in the checkout's folder"
            ) from error
        outcome = cluster.extract_partition(
            cluster.Partition(**partition), cluster.Settings(**settings)
        )
        return {"counts": dict(outcome.counts), "seconds": dict(outcome.seconds)}

    return extract


def _reach(scheduler: str) -> None:
    """Raise ExtractError where nothing listens, sooner and more quietly than Dask does."""
    address = urlsplit(scheduler)
    try:
        if not address.hostname or not address.port:
            raise ValueError("it names no host and port")
        socket.create_connection((address.hostname, address.port), timeout=REACHED).close()
    except (OSError, ValueError) as error:
        raise _unreachable(scheduler, error) from error


def _unreachable(scheduler: str, error: Exception) -> ExtractError:
    return ExtractError(
        f"the scheduler {scheduler} cannot be reached ({error}); start one with "
        "`dask scheduler` and give its address, such as tcp://10.0.0.1:8786"
    )


def extract_partition(partition: Partition, settings: Settings) -> Outcome:
    """Find the events of a partition's articles and write both; the worker's part of the work.

    An article that stands in the partition twice counts once. What is refused is written to
    refused/ with its reason. Raises ExtractError on a worker with another program.
    """
    if settings.program and settings.program != _own_program():
        raise ExtractError(
            "this worker has another version of the program, its lists or models than the machine "
            "that asked; give all the same checkout"
        )
    extractor = _open_extractor(threading.get_ident(), settings.model)
    began = time.perf_counter()
    seen: set[str] = set()
    articles: list[tuple[Article, str | None, str | None, int]] = []
    events: list[tuple[Article, Event]] = []
    refused: list[dict[str, str]] = []
    counts = dict.fromkeys(("articles", "events", "silent", "mapped", "known", "refused"), 0)
    for origin, line in _read_partition(partition, settings.size_limit):
        try:
            article = _read_article(line, settings)
        except ArticleError as error:
            refused.append({"origin": origin, "reason": str(error)})
            continue
        if article.id in seen:
            counts["known"] += 1
            continue
        seen.add(article.id)
        try:
            extraction = extractor.extract(article)
        except Exception as error:
            # A fault of ours in one article must not cost the other ten million.
            reason = f"the program failed on it ({error!r}); please report it"
            refused.append({"origin": origin, "reason": reason})
            continue
        articles.append((article, origin, extraction.skipped, extraction.supposed))
        events.extend((article, event) for event in extraction.events)
        counts["silent"] += not extraction.events
    counts |= {
        "articles": len(articles),
        "events": len(events),
        "mapped": sum(event.place is not None for _, event in events),
        "refused": len(refused),
    }
    seconds = extractor.stopwatch.take()
    seconds["whole"] = time.perf_counter() - began
    outcome = Outcome(partition.name, counts, seconds)
    _write_outcome(outcome, articles, events, refused, settings.output)
    return outcome


def add_up(outcomes: Sequence[Outcome]) -> tuple[dict[str, int], dict[str, float]]:
    """Return the counts and the seconds of all partitions together."""
    counts: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for outcome in outcomes:
        for name, number in outcome.counts.items():
            counts[name] = counts.get(name, 0) + number
        for stage, spent in outcome.seconds.items():
            seconds[stage] = seconds.get(stage, 0.0) + spent
    return counts, seconds


def write_note(output: str, name: str, values: Mapping[str, Any]) -> None:
    """Write a JSON file into the output folder, whole or not at all."""
    system, root = open_storage(output)
    content = json.dumps(values, indent=1, default=str).encode() + b"\n"
    try:
        _write_whole(system, f"{root}/{name}", content)
    except OSError as error:
        raise ExtractError(f"{name} of {output} cannot be written ({error}); make room") from error


def open_storage(url: str) -> tuple[Any, str]:
    """Return the storage of a path or URL as fsspec has it, and the path in there.

    Raises ExtractError for a storage that is not known, or whose client is not installed.
    """
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise ExtractError(
            f"{url} cannot be had ({error}); give a path, or the URL of a storage whose client is "
            "installed"
        ) from error
    return system, str(path)


# Reading


def _find_files(inputs: Sequence[str]) -> Iterator[tuple[Any, str, str]]:
    for given in inputs:
        system, path = open_storage(given)
        if "*" in path or "?" in path:
            paths = sorted(system.glob(path))
        elif system.isdir(path):
            paths = sorted(found for found in system.find(path) if _kind_of(found))
        else:
            paths = [path] if system.exists(path) else []
        if not paths:
            raise ExtractError(
                f"{given}: there is no such file, or none that is read "
                f"({', '.join((*LINES, *PARQUET))}); check the path"
            )
        for path in paths:
            if not _kind_of(path):
                raise ExtractError(f"{path} is neither JSON Lines nor Parquet; convert it")
            yield system, path, system.unstrip_protocol(path)


def _kind_of(path: str) -> str | None:
    bare = path.lower()
    for ending in PACKED:
        bare = bare.removesuffix(ending)
    return next((ending for ending in (*LINES, *PARQUET) if bare.endswith(ending)), None)


def _cut(system: Any, path: str, whole: int, size: int) -> Iterator[tuple[int, int | None]]:
    if path.lower().endswith(PACKED):
        yield 0, None
    elif _kind_of(path) in PARQUET:
        try:
            with system.open(path, "rb") as file:
                groups = pq.ParquetFile(file).num_row_groups
        except (OSError, pa.ArrowException) as error:
            raise ExtractError(f"{path} cannot be read ({error}); leave it out") from error
        yield from ((group, group + 1) for group in range(groups))
    else:
        yield from ((start, min(start + size, whole)) for start in range(0, whole, size))


def _read_partition(partition: Partition, size_limit: int) -> Iterator[tuple[str, bytes]]:
    """Yield the lines of a partition, each with its origin."""
    if _kind_of(partition.file) in PARQUET:
        with fsspec.open(partition.file, "rb") as file:
            table = pq.ParquetFile(file).read_row_group(partition.start)
        for number, row in enumerate(table.to_pylist()):
            line = json.dumps(row, default=str).encode()
            yield f"{partition.file}, row group {partition.start}, row {number + 1}", line
        return
    with fsspec.open(partition.file, "rb", compression="infer") as file:
        if partition.start:
            # The line that goes across the cut is the partition's before.
            file.seek(partition.start - 1)
            while (rest := file.readline(size_limit + 1)) and not rest.endswith(b"\n"):
                pass
        while partition.end is None or file.tell() < partition.end:
            position = file.tell()
            number, line = next(read_lines(file, size_limit), (0, b""))
            if not number:
                return
            if line.strip():
                yield f"{partition.file}, byte {position}", line


def _read_article(line: bytes, settings: Settings) -> Article:
    record = read_json_object(line, size_limit=settings.size_limit)
    return build_article(
        record.text,
        title=record.title,
        url=record.url,
        source=record.source,
        given=record.published,
        published=parse_day(settings.published) if settings.published else None,
    )


# In the worker


@lru_cache(maxsize=8)
def _open_extractor(_thread: int, model: str | None) -> Extractor:
    """Return a thread's extractor: a cluster's workers may have several threads."""
    # Seconds to import, which the machine that only asks need not spend.
    from extract.pipeline import Extractor

    return Extractor(model=model)


@lru_cache(maxsize=1)
def _own_program() -> str:
    return hash_program()


def _write_outcome(
    outcome: Outcome,
    articles: Sequence[tuple[Article, str | None, str | None, int]],
    events: Sequence[tuple[Article, Event]],
    refused: Sequence[Mapping[str, str]],
    output: str,
) -> None:
    system, root = open_storage(output)
    told = asdict(outcome)
    del told["name"]
    if refused:
        lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in refused)
        _write_whole(system, f"{root}/refused/{outcome.name}.jsonl", lines.encode())
    batches = {
        "articles": write_articles(articles),
        # Last: where there are events, all of the partition is there.
        "events": write_rows(build_row(article, event) for article, event in events),
    }
    for folder, batch in batches.items():
        table = pa.Table.from_batches([batch])
        table = table.replace_schema_metadata({_NOTE: json.dumps(told).encode()})
        content = io.BytesIO()
        pq.write_table(table, content, compression="zstd")
        _write_whole(system, f"{root}/{folder}/{outcome.name}.parquet", content.getvalue())


def _write_whole(system: Any, path: str, content: bytes) -> None:
    """Write a file whole or not at all: moved into place, or put by one request."""
    system.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    if "file" in (system.protocol if isinstance(system.protocol, tuple) else (system.protocol,)):
        # Not ending as the files do that are looked for; two workers never write the same draft.
        draft = f"{path}.{threading.get_ident()}-{time.monotonic_ns()}.part"
        try:
            system.pipe_file(draft, content)
            system.mv(draft, path)
        except OSError:
            with suppress(OSError):
                system.rm_file(draft)
            raise
    else:
        system.pipe_file(path, content)
