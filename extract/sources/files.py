"""Files, folders and web addresses become articles, or refusals that say what is wrong.

.txt .text            plain text        one article
.md .markdown         Markdown          one article
.html .htm .xhtml     web page          one article
.jsonl .ndjson        JSON Lines        an article per line, its text as it is
.csv .tsv             table             an article per row
a folder              all of these in it and below, in the order of their names
http://, https://     web page          fetched
"""

from __future__ import annotations

import datetime
import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from extract.errors import ArticleError, UnavailableError, UnreadableError
from extract.records import Article
from extract.sources.addresses import is_web_address
from extract.sources.csvtables import read_csv_articles
from extract.sources.encodings import DETECTED_BYTES, decode, find_encoding
from extract.sources.jsonlines import read_json_object, read_lines
from extract.sources.plaintext import build_article, read_markdown, read_plain_text
from extract.sources.settings import SIZE_LIMIT, FetchSettings

if TYPE_CHECKING:
    from extract.sources.fetching import Fetcher

TEXTS = (".txt", ".text")
MARKDOWNS = (".md", ".markdown")
PAGES = (".html", ".htm", ".xhtml")
JSON_LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv")
KINDS = TEXTS + MARKDOWNS + PAGES + JSON_LINES + TABLES


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input that gave no article: where it stands, and what is wrong and can be done.

    `passing` is True where the same input may do later: a server that does not answer now.
    """

    origin: str
    reason: str
    passing: bool = False


def name_refusal(origin: str, reason: str) -> str:
    """Return a reason with its input; those of web addresses mostly name it themselves."""
    return reason if is_web_address(origin) and origin in reason else f"{origin}: {reason}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: the limits and stand-ins that one command has for all its inputs."""

    published: datetime.date | None = None
    size_limit: int = SIZE_LIMIT
    allow_private: bool = False


def read_articles(
    inputs: Iterable[str | Path],
    *,
    published: datetime.date | None = None,
    size_limit: int = SIZE_LIMIT,
    allow_private: bool = False,
) -> Iterator[Article | Refusal]:
    """Yield the articles of files, folders and web addresses, in the order given.

    What cannot be read gives a `Refusal` in its place and the rest goes on. `published` stands
    in for articles that give no day of their own; `size_limit` is in bytes of one article.
    """
    reading = Reading(published, size_limit, allow_private)
    for _, found in read_inputs(inputs, reading):
        yield found


def read_inputs(
    inputs: Iterable[str | Path], reading: Reading
) -> Iterator[tuple[str, Article | Refusal]]:
    """Yield what `read_articles` does, each with its origin: "PATH", "PATH, line 3" or a URL."""
    fetcher: Fetcher | None = None
    for given in inputs:
        if isinstance(given, str) and is_web_address(given):
            # One for all, so that hosts are asked in turn and for their robots.txt once.
            fetcher = fetcher or _open_fetcher(reading)
            yield given, read_address(given, fetcher=fetcher, published=reading.published)
        else:
            for path in find_files(Path(given)):
                yield from _read_path(path, reading)


def find_files(path: Path) -> Iterator[Path]:
    """Yield the files of a folder and of those below it by name, or the path itself.

    Hidden files and folders are passed over; links to folders are not followed, so that a
    circle of them ends.
    """
    if not path.is_dir():
        yield path
        return
    for folder, names, files in os.walk(path):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(folder) / name


def read_address(
    url: str, *, fetcher: Fetcher, published: datetime.date | None = None
) -> Article | Refusal:
    """Fetch a page and read its article; what cannot be had or read gives a refusal."""
    # The web's readers take a second to load, and a command without addresses needs none.
    from extract.sources.webpages import fetch_article

    try:
        return fetch_article(url, fetcher=fetcher, published=published)
    except UnavailableError as error:
        return Refusal(url, str(error), passing=True)
    except ArticleError as error:
        return Refusal(url, str(error))


def _open_fetcher(reading: Reading) -> Fetcher:
    from extract.sources.fetching import open_fetcher

    return open_fetcher(
        FetchSettings(allow_private=reading.allow_private, size_limit=reading.size_limit)
    )


def _read_path(path: Path, reading: Reading) -> Iterator[tuple[str, Article | Refusal]]:
    origin = str(path)
    try:
        ending = _check_kind(path)
        if ending in JSON_LINES:
            yield from _read_json_lines(path, reading)
        elif ending in TABLES:
            yield from _read_table(path, reading)
        else:
            yield origin, _read_whole(path, ending, reading)
    except ArticleError as error:
        yield origin, Refusal(origin, str(error))
    except OSError as error:
        yield origin, Refusal(origin, f"it cannot be opened ({error.strerror or error}); check it")


def _check_kind(path: Path) -> str:
    """Return the ending of a file that is there and of a kind that is read."""
    if not path.exists():
        raise UnreadableError("there is no such file or folder; check the path")
    if not path.is_file():
        raise UnreadableError("it is no plain file; give a file or a folder")
    ending = path.suffix.lower()
    if ending not in KINDS:
        raise UnreadableError(
            f"files ending in {ending or 'nothing'} are not read; give {' '.join(KINDS)}"
        )
    return ending


def _read_whole(path: Path, ending: str, reading: Reading) -> Article:
    size = path.stat().st_size
    if size > reading.size_limit:
        raise UnreadableError(
            f"it is {size:,} bytes, over the limit of {reading.size_limit:,}; split it, or raise "
            "--size-limit"
        )
    raw = path.read_bytes()
    if not raw.strip():
        raise UnreadableError("it is empty; there is nothing to read")
    if ending in PAGES:
        from extract.sources.webpages import read_page

        return read_page(raw, published=reading.published)
    read: Callable[..., Article] = read_markdown if ending in MARKDOWNS else read_plain_text
    return read(decode(raw), published=reading.published)


def _read_json_lines(path: Path, reading: Reading) -> Iterator[tuple[str, Article | Refusal]]:
    with path.open("rb") as file:
        _check_not_empty(file)
        for number, line in read_lines(file, reading.size_limit):
            origin = f"{path}, line {number}"
            if not line.strip():
                continue
            try:
                record = read_json_object(line, size_limit=reading.size_limit)
                yield (
                    origin,
                    build_article(
                        record.text,
                        title=record.title,
                        url=record.url,
                        source=record.source,
                        given=record.published,
                        published=reading.published,
                    ),
                )
            except ArticleError as error:
                yield origin, Refusal(origin, str(error))


def _read_table(path: Path, reading: Reading) -> Iterator[tuple[str, Article | Refusal]]:
    with path.open("rb") as raw:
        _check_not_empty(raw)
        encoding = find_encoding(raw.read(DETECTED_BYTES))
        raw.seek(0)
        encoding = "utf-8-sig" if encoding == "utf-8" else encoding
        file = io.TextIOWrapper(raw, encoding=encoding, newline="")
        rows = read_csv_articles(file, size_limit=reading.size_limit, published=reading.published)
        try:
            for number, found in rows:
                origin = f"{path}, line {number}"
                if isinstance(found, ArticleError):
                    yield origin, Refusal(origin, str(found))
                else:
                    yield origin, found
        except UnicodeDecodeError as error:
            raise UnreadableError(
                f"it begins as {encoding} and breaks off ({error.reason}); save it as UTF-8. What "
                "stands before was read"
            ) from error


def _check_not_empty(file: BinaryIO) -> None:
    """Raise UnreadableError for a file without any text in its first part."""
    if not file.read(DETECTED_BYTES).strip():
        raise UnreadableError("it is empty; there is nothing to read")
    file.seek(0)
