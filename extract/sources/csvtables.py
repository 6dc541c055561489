"""Articles in CSV: a header line, then a row per article."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from typing import TextIO

from extract.errors import ArticleError, UnreadableError
from extract.records import Article
from extract.sources.plaintext import build_article, parse_written_day

# What other programs call our fields, in small letters; the first that a header has is taken.
COLUMN_NAMES = {
    "text": ("text", "body", "content", "article", "article_text", "full_text", "maintext"),
    "title": ("title", "headline", "head"),
    "published": (
        "published", "published_at", "publication_date", "date_published", "publish_date", "date",
        "pubdate", "datetime", "timestamp",
    ),
    "url": ("url", "link", "href", "address", "source_url"),
    "source": ("source", "outlet", "publisher", "source_name", "site", "domain", "newspaper"),
}  # fmt: skip
SNIFFED = 8_192
DELIMITERS = ",;\t|"


def read_csv_articles(
    file: TextIO, *, size_limit: int, published: datetime.date | None = None
) -> Iterator[tuple[int, Article | ArticleError]]:
    """Yield the articles of a CSV file, each with the number of the line that it ends on.

    The file is opened with newline="". A row that cannot be used gives its error in place of an
    article. Raises UnreadableError where the header names no column for the text.
    """
    # The module's own limit of 131,072 characters is below the length of a long article.
    csv.field_size_limit(max(size_limit, csv.field_size_limit()))
    sample = file.read(SNIFFED)
    file.seek(0)
    reader = csv.reader(file, delimiter=_find_delimiter(sample))
    header = [name.strip().strip("\ufeff").lower() for name in next(reader, [])]
    columns = {
        field: next((header.index(name) for name in names if name in header), None)
        for field, names in COLUMN_NAMES.items()
    }
    if columns["text"] is None:
        raise UnreadableError(
            "its header names no column for the text; call it one of "
            + ", ".join(COLUMN_NAMES["text"])
        )
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, UnreadableError(f"the row cannot be read ({error}); mend it")
            continue
        if any(cell.strip() for cell in row):
            values = {
                field: row[place].strip() if place is not None and place < len(row) else ""
                for field, place in columns.items()
            }
            yield reader.line_num, _read_row(values, size_limit, published)


def _read_row(
    values: dict[str, str], size_limit: int, published: datetime.date | None
) -> Article | ArticleError:
    try:
        if len(values["text"].encode(errors="replace")) > size_limit:
            raise UnreadableError(
                f"its text is over the limit of {size_limit:,} bytes; raise --size-limit"
            )
        return build_article(
            values["text"],
            title=values["title"] or None,
            url=values["url"] or None,
            source=values["source"] or None,
            given=parse_written_day(values["published"]) if values["published"] else None,
            published=published,
        )
    except ArticleError as error:
        return error


def _find_delimiter(sample: str) -> str:
    """Return the delimiter that the header line has most of; a comma where it has none."""
    first_line = sample.lstrip("\r\n").split("\n", 1)[0]
    return max(DELIMITERS, key=first_line.count)
