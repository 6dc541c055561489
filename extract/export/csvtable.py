"""CSV: RFC 4180 in UTF-8, and the CSVW description that goes beside it.

A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, "CSV
injection"); lists are joined by "|", mappings are JSON. The format has no place for a note, so
the columns are explained in a second file, as the W3C's "Metadata Vocabulary for Tabular Data"
lays down: FILE.csv is described by FILE.csv-metadata.json.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import zipfile
from typing import Any

import pandas as pd

from extract.export.dictionary import CREDITS, MEANINGS, TITLE, Note
from extract.export.rows import read_rows
from extract.table import COLUMNS

LIST_COLUMNS = ("country", "contexts")
# What makes a spreadsheet take a cell for a formula, with the full-width forms of the same.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?%?")
# pandas dtype -> the datatype's name in XML Schema, which CSVW uses.
DATATYPES = {"string": "string", "Int64": "integer", "Float64": "double", "datetime64[s]": "date"}
METADATA = "-metadata.json"


def write_csv(frame: pd.DataFrame, note: Note | None = None) -> bytes:
    """Return an events table as CSV: a header line, then a line per event; unknown is empty.

    The note has no place in this format; `write_metadata` writes it.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in read_rows(frame):
        writer.writerow([_write_cell(column, row[column]) for column in COLUMNS])
    return buffer.getvalue().encode("utf-8", errors="replace")


def write_metadata(frame: pd.DataFrame, note: Note, *, name: str) -> bytes:
    """Return the CSVW description of a CSV file called `name`: its columns, query, credits."""
    columns = [
        {
            "name": column,
            "titles": column,
            "datatype": DATATYPES.get(dtype, "string"),
            "dc:description": MEANINGS[column],
            **({"separator": "|"} if column in LIST_COLUMNS else {}),
        }
        for column, dtype in COLUMNS.items()
    ]
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "dc:title": TITLE,
        "dc:created": note.made.isoformat(),
        "dc:description": "\n".join(note.lines(len(frame))),
        "dc:rights": list(CREDITS),
        "dialect": {"lineTerminators": ["\r\n"], "encoding": "utf-8"},
        "tableSchema": {"columns": columns, "primaryKey": "event_id"},
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode("utf-8", errors="replace")


def write_zip(frame: pd.DataFrame, note: Note | None = None) -> bytes:
    """Return a ZIP archive of the CSV file and its description, as the page hands them out."""
    note = note or Note()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.csv", write_csv(frame))
        archive.writestr(f"events.csv{METADATA}", write_metadata(frame, note, name="events.csv"))
        archive.writestr("README.txt", explain(note, len(frame)))
    return buffer.getvalue()


def explain(note: Note, events: int) -> str:
    """Return the note and the meaning of every column as a text to read."""
    columns = [f"{column}: {MEANINGS[column]}" for column in COLUMNS]
    return "\n".join([*note.lines(events), "", "Columns", *columns]) + "\n"


def guard_formula(text: str) -> str:
    """Return text that no spreadsheet runs: an apostrophe before what would be a formula."""
    if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text):
        return "'" + text
    return text


def _write_cell(column: str, value: Any) -> Any:
    if value is None:
        return ""
    if column in LIST_COLUMNS:
        return guard_formula("|".join(value))
    if isinstance(value, str):
        return guard_formula(value)
    if isinstance(value, (dict, tuple, list)):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
