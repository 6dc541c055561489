"""The events table as files for other programs, each of which explains itself.

table + note -> CSV (with its description), GeoJSON, KML, Parquet
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from extract.errors import ExtractError
from extract.export.csvtable import METADATA, guard_formula, write_csv, write_metadata, write_zip
from extract.export.dictionary import Note, describe_query
from extract.export.geojson import write_geojson
from extract.export.kml import write_kml
from extract.export.parquet import write_parquet

__all__ = [
    "WRITERS",
    "Note",
    "describe_query",
    "guard_formula",
    "write_csv",
    "write_file",
    "write_geojson",
    "write_kml",
    "write_metadata",
    "write_parquet",
    "write_zip",
]

WRITERS: dict[str, Callable[[pd.DataFrame, Note], bytes]] = {
    ".csv": write_csv,
    ".geojson": write_geojson,
    ".kml": write_kml,
    ".parquet": write_parquet,
    ".zip": write_zip,
}


def write_file(frame: pd.DataFrame, path: Path, *, note: Note | None = None) -> list[Path]:
    """Write an events table to a file whose ending names the format, and return what is written.

    A CSV file gets its description beside it. A file appears only when it is complete. Raises
    ExtractError for an ending that is not in `WRITERS`, and for a folder that is not there.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        *endings, last = WRITERS
        raise ExtractError(f"{path} does not end in {', '.join(endings)} or {last}; name one")
    note = note or Note()
    files = {path: writer(frame, note)}
    if path.suffix.lower() == ".csv":
        files[path.with_name(path.name + METADATA)] = write_metadata(frame, note, name=path.name)
    for target, content in files.items():
        _write(target, content)
    return list(files)


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise ExtractError(f"{path} cannot be written ({error.strerror}); name another") from error
    finally:
        partial.unlink(missing_ok=True)
