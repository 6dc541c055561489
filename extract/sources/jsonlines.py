"""Articles in JSON Lines: one object per line, its text kept exactly as it is."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from extract.errors import UnreadableError

# Half a surrogate pair is no character and has no UTF-8 form, and a database's text holds no
# zero; JSON can write both. One replacement character takes the place of each, so that every
# offset stays.
LONE_SURROGATE = re.compile("[\x00\ud800-\udfff]")
ISO_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?=$|[T\s])")


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """What a line says of an article; None for what it leaves out."""

    text: str
    identity: str | int | None = None
    title: str | None = None
    published: datetime.date | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None


def read_lines(file: BinaryIO, limit: int) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers from 1, in constant memory.

    Of a line longer than `limit` bytes only the first `limit` + 1 are given, enough to refuse it.
    """
    number = 0
    while line := file.readline(limit + 1):
        number += 1
        rest = line
        while len(rest) > limit and not rest.endswith(b"\n"):
            rest = file.readline(limit + 1)
        yield number, line


def read_json_object(line: bytes, *, size_limit: int) -> JsonRecord:
    """Read one line as an article; the text stays as it is, white space and all.

    Raises UnreadableError, saying what is wrong and what to do, for a line that is too long,
    is not UTF-8, is no JSON object, or whose fields are of the wrong kind.
    """
    if len(line.rstrip(b"\r\n")) > size_limit:
        raise UnreadableError(
            f"the line is longer than the limit of {size_limit:,} bytes; split the article or "
            "raise --size-limit"
        )
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"the line is not UTF-8 (byte {error.start}); convert the file"
        ) from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableError(f"the line is no JSON ({error}); mend or remove it") from error
    except ValueError as error:
        # A number of more digits than Python converts.
        raise UnreadableError(f"the line cannot be read ({error}); mend or remove it") from error
    if not isinstance(values, dict):
        raise UnreadableError(
            f"the line is a JSON {type(values).__name__}, not an object with a text; mend it"
        )
    return _read_fields(values)


def _read_fields(values: dict[str, Any]) -> JsonRecord:
    text = values.get("text")
    if not isinstance(text, str):
        raise UnreadableError('the object has no "text" of type string; add the article\'s text')
    identity = values.get("id")
    if isinstance(identity, bool) or not isinstance(identity, (str, int, type(None))):
        raise UnreadableError('"id" is neither a string nor a whole number; give one')
    return JsonRecord(
        text=mend_surrogates(text),
        identity=mend_surrogates(identity) if isinstance(identity, str) else identity,
        title=_read_string(values, "title"),
        published=_read_day(values),
        url=_read_string(values, "url"),
        source=_read_string(values, "source"),
        language=_read_string(values, "language"),
    )


def mend_surrogates(text: str) -> str:
    """Return the text with U+FFFD for each half surrogate pair and zero; every offset stays."""
    return LONE_SURROGATE.sub("\ufffd", text)


def _read_string(values: dict[str, Any], name: str) -> str | None:
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise UnreadableError(f'"{name}" is no string; give a string or leave it out')
    return mend_surrogates(value).strip() or None if value else None


def _read_day(values: dict[str, Any]) -> datetime.date | None:
    written = _read_string(values, "published")
    return parse_day(written) if written else None


def parse_day(written: str) -> datetime.date:
    """Read YYYY-MM-DD, with or without a time after it.

    Raises UnreadableError for anything else, since a day misread would misdate every "today".
    """
    match = ISO_DAY.match(written.strip())
    try:
        if match:
            return datetime.date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise UnreadableError(f'"published" is {written!r}: {error}; give YYYY-MM-DD') from error
    raise UnreadableError(
        f'"published" is {written!r}, not YYYY-MM-DD; write it so or leave it out'
    )
